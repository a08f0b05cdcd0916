import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { cloneDatabase } from '../support/database.ts';
import { outside } from '../support/outside.ts';
import { buildProgram, exec, killPrograms, startProgram } from '../support/program.ts';

const { environment } = outside;

jest.setTimeout(60_000);

const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
const section = (title: string) => readme.split(/^## /m).find((part) => part.startsWith(title)) ?? '';
const blocks = (text: string) =>
  [...text.matchAll(/^```(sh|json)\n([\s\S]*?)^```$/gm)].map(([, language = '', code = '']) => ({ language, code }));

const account = { ADMIN_EMAIL: 'desk@khobor.example', ADMIN_PASSWORD: 'খালের ওপারে বটের ছায়া' };
const own = { KHOBOR: '', EMAIL: account.ADMIN_EMAIL, PASSWORD: account.ADMIN_PASSWORD };

/** What varies from run to run, or was left out of the README with an ellipsis. */
const varies = /…|^\d{4}-\d\d-\d\dT/;

/** What an answer has where the README shows something, with what varies as the README has it. */
function shownPart(answer: unknown, shown: unknown): unknown {
  if (typeof shown === 'string' && varies.test(shown)) return typeof answer === 'string' ? shown : answer;
  if (typeof shown !== 'object' || shown === null) return answer;
  const members = Object.entries(shown).map(([name, value]) => [name, shownPart(Object(answer)[name], value)]);
  return Array.isArray(shown) ? members.map(([, value]) => value) : Object.fromEntries(members);
}

describe('the README', () => {
  const said: { code: string; output: string; shown: string | undefined }[] = [];
  let database: { url: string; drop(): Promise<void> };

  beforeAll(async () => {
    await buildProgram();
    database = await cloneDatabase();
    const JWT_SECRET = 'a-secret-for-tests-that-is-long-enough-0123456789';
    const program = startProgram({ DATABASE_URL: database.url, JWT_SECRET, ...account, DEMO: 'true' });
    own.KHOBOR = await program.url;
    const story = blocks(section('The first five calls') + section("An editor's story"));
    const pasted = story.flatMap(({ language, code }, index) => {
      const next = story[index + 1];
      return language === 'sh' ? [{ code, shown: next?.language === 'json' ? next.code : undefined }] : [];
    });
    // One shell for all of them, as where they are pasted; the lines that are to be filled in are filled in.
    const end = '-- end of block --';
    const script = pasted.map(
      ({ code }) => `${code.replaceAll(/^(KHOBOR|EMAIL|PASSWORD)=.*$/gm, '')}\necho '${end}'\n`,
    );
    const { stdout } = await exec('bash', ['-euo', 'pipefail', '-c', script.join('')], {
      env: { PATH: process.env.PATH, ...own },
    });
    const outputs = stdout.split(`${end}\n`);
    said.push(...pasted.map((block, index) => ({ ...block, output: outputs[index] ?? '' })));
  });
  afterAll(async () => {
    await killPrograms();
    await database.drop();
  });

  it('shows five calls and the answers that they have', () => {
    const shown = said.flatMap(({ output, shown }) => (shown === undefined ? [] : [{ output, shown }]));
    expect(shown).toHaveLength(4);
    for (const block of shown) {
      const asWritten: unknown = JSON.parse(block.shown.replaceAll('http://localhost:3000', own.KHOBOR));
      expect(shownPart(JSON.parse(block.output), asWritten)).toEqual(asWritten);
    }
  });

  it('tells a story of an editor that happens as it is told', () => {
    const lines = said.slice(6).flatMap(({ output }) => output.split('\n'));
    expect(lines.filter((line) => line !== '' && !line.startsWith('{'))).toEqual([
      'বন্দরে নতুন জেটি চালু',
      '2',
      'kicker',
      'published',
      'title, body',
      'বন্দরে দুটি নতুন জেটি চালু',
      'আগের প্রতিবেদনে জেটির সংখ্যা ভুল ছিল।',
      '4 publish, 3 publish, 2 update, 1 create',
      'title, body, modifiedAt, corrections',
      expect.stringMatching(/^20\d\d-/),
    ]);
    expect(lines.filter((line) => line.includes('urn:khobor:problem'))).toEqual([]);
  });

  it('names every key of the configuration', () => {
    for (const key of Object.keys(environment.shape)) expect(section('Configuration')).toContain(`\`${key}\``);
  });
});
