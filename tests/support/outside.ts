import type { Built } from './built.ts';
import type { Answer } from './contract.ts';

type Outside = Built & { readonly faultOf: (answer: Answer) => string | undefined };

const { khobor }: { khobor?: Outside } = Object(globalThis);
if (!khobor) throw new Error('the environment of the tests holds no program');

/** What the environment of a test file holds: the built program, and the contract of its answers. See `environment.ts`. */
export const outside: Outside = khobor;
