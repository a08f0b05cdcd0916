import { tryInputs } from './fuzz.ts';

tryInputs(1);
