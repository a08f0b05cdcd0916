import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const checkout = join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(checkout, file), 'utf8');

type Config = { roots: string[]; testRegex: string[]; testPathIgnorePatterns: string[] };

const files = readdirSync(join(checkout, 'tests'), { recursive: true, encoding: 'utf8' })
  .map((name) => join(checkout, 'tests', name))
  .filter((file) => file.endsWith('.test.ts'));

/** The test files that Jest runs with a configuration. */
async function runBy(name: string): Promise<string[]> {
  const { default: config }: { default: Config } = await import(pathToFileURL(join(checkout, name)).href);
  const matches = (patterns: string[]) => {
    const all = patterns.map((pattern) => new RegExp(pattern.replace('<rootDir>', checkout)));
    return (file: string) => all.some((pattern) => pattern.test(file));
  };
  const [isTest, isIgnored] = [matches(config.testRegex), matches(config.testPathIgnorePatterns)];
  return files.filter((file) => isTest(file) && !isIgnored(file));
}

describe('the commands that test', () => {
  it('run each test file by exactly one of them', async () => {
    const [usual, long] = [await runBy('jest.config.mjs'), await runBy('jest.long.config.mjs')];
    expect([...usual, ...long].sort()).toEqual(files.sort());
    expect(long.length).toBeGreaterThan(10);
    expect(usual.length).toBeGreaterThan(long.length);
  });

  it('run all of them together: README and checks', () => {
    const { scripts } = JSON.parse(read('package.json'));
    expect(scripts['test:long']).toBe('npm test -- --config jest.long.config.mjs');
    expect(read('.ci/check')).toMatch(/^step '[^']+' npm run test:long/m);
    expect(read('.ci/run')).toMatch(/^step npm run check$/m);
    expect(read('.ci/run')).toMatch(/npm test -- /);
  });
});
