import { tryInputs } from './fuzz.ts';

/** `FUZZ=all` is `npm run fuzz`. */
tryInputs(process.env.FUZZ === 'all' ? 10 : 0.25);
