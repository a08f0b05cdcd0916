import { askForColumns, everyList } from './hidden-fields.ts';

askForColumns(everyList);
