import { askForColumns } from './hidden-fields.ts';

askForColumns(['/v1/articles']);
