import { join } from 'node:path';
import { beforeAll, expect, it } from '@jest/globals';
import { builtModule, exec } from '../support/program.ts';

/** What malloc and the buffer's native parts take, which is counted nowhere. */
const nativeBytes = 200;

const cases = [
  ['keys of their own', 400, false],
  ['keys of their own', 5_000, true],
  ['keys that two have', 5_000, false],
  ['keys that two have', 5_000, true],
  ['keys that many have', 5_000, false],
  ['keys that many have', 1_200, true],
] as const;

let measured: { entries: number; counted: number; taken: number }[] = [];

beforeAll(async () => {
  const script = join(import.meta.dirname, 'taken-bytes.mjs');
  const args = ['--expose-gc', script, builtModule('').replace(/\/$/, ''), JSON.stringify(cases)];
  measured = JSON.parse((await exec(process.execPath, args)).stdout);
}, 60_000);

it.each(cases.map((each, index) => [...each, index] as const))(
  'counts no fewer bytes than are taken, with %s, of %i bytes, packed: %p',
  (_keys, _size, isPacked, index) => {
    const { entries, counted, taken } = measured[index] ?? { entries: 0, counted: 0, taken: 0 };
    expect(entries).toBe(1_500);
    expect(counted).toBeGreaterThan(taken + nativeBytes * (isPacked ? 2 : 1));
    // Nor so many more that little would fit.
    expect(counted).toBeLessThan(taken + 1_500);
  },
);
