import { askInStates } from './states.ts';

askInStates(['draft', 'expired']);
