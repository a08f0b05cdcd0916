import { Failure } from '../core/errors.ts';
import { withSuffix } from '../core/slug.ts';

/** Thrown in a transaction whose derived slug is taken. `withFreeSlug` retries with another number. */
export class DerivedSlugTaken extends Error {
  override readonly name = 'DerivedSlugTaken';
  readonly base: string;
  constructor(base: string) {
    super('a derived slug is taken');
    this.base = base;
  }
}

const triesMax = 100;
const windowSize = 50;

/**
 * Runs `attempt` with 1 and, as long as the unique index refuses the derived slug, with the next free number. `findTaken`
 * returns which of the given slugs are taken; it is only a hint, the index decides. Throws 409 after 100 tries.
 */
export async function withFreeSlug<Result>(
  findTaken: (slugs: readonly string[]) => Promise<readonly string[]>,
  attempt: (number: number) => Promise<Result>,
): Promise<Result> {
  let number = 1;
  for (let tries = 0; tries < triesMax; tries += 1) {
    try {
      return await attempt(number);
    } catch (thrown) {
      if (!(thrown instanceof DerivedSlugTaken)) throw thrown;
      number = await nextFree(thrown.base, findTaken);
    }
  }
  throw new Failure('Conflict', 'slug-taken', 'No slug could be found for this title; give one.');
}

/** The next number from 2 on with which the slug is free. */
export async function nextFree(
  base: string,
  findTaken: (slugs: readonly string[]) => Promise<readonly string[]>,
): Promise<number> {
  for (let from = 2; ; from += windowSize) {
    const numbers = Array.from({ length: windowSize }, (_, index) => from + index);
    const taken = new Set(await findTaken(numbers.map((number) => withSuffix(base, number))));
    const free = numbers.find((number) => !taken.has(withSuffix(base, number)));
    if (free !== undefined) return free;
  }
}
