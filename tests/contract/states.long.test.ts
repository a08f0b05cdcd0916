import { askInStates, everyPlace } from './states.ts';

askInStates(everyPlace);
