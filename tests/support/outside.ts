import type { Built } from './built.ts';
import type { contract } from './environment.ts';

type Outside = Built & typeof contract;

const { khobor }: { khobor?: Outside } = Object(globalThis);
if (!khobor) throw new Error('the environment of the tests holds no program');

/** What the environment gives to a test file: the built program, and the contract of its answers. See `environment.ts`. */
export const outside: Outside = khobor;
