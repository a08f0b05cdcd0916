import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { databaseUrl } from '../support/database.ts';
import { buildProgram, killPrograms, startProgram } from '../support/program.ts';

jest.setTimeout(60_000);

const adminUrl = process.env.KHOBOR_TEST_ADMIN_URL ?? '';
const JWT_SECRET = 'a-secret-for-tests-that-is-long-enough-0123456789';
const nowhere = 'postgresql://desk:secret-of-desk@127.0.0.1:1/khobor';
/** The server of the tests, but no database of it: a start that is not refused where it should be finds nothing to change. */
const noDatabase = (change: (url: URL) => void = () => {}) => {
  const url = new URL(databaseUrl(adminUrl, 'khobor_of_nobody'));
  change(url);
  return { DATABASE_URL: url.toString(), JWT_SECRET };
};
const own = { DATABASE_URL: nowhere, JWT_SECRET };

let folder = '';

/** What is set, and the one line that a start with it ends in. */
const refusals: [string, () => Record<string, string>, RegExp | string][] = [
  ['a missing secret', () => ({ DATABASE_URL: nowhere }), 'JWT_SECRET must have 32 bytes or more; it is missing'],
  [
    'several ill-formed values, all at once',
    () => ({ ...own, PORT: '70000', DEMO: 'yes', TIME_ZONE: 'Asia/Dacca2' }),
    'PORT must be 65535 or less; DEMO must be true or false; TIME_ZONE must be an IANA time zone, as Asia/Dhaka',
  ],
  [
    'a first account that nobody may have',
    () => ({ ...own, ADMIN_EMAIL: 'secret-of-desk', ADMIN_PASSWORD: 'secret-of' }),
    'ADMIN_EMAIL: Use an e-mail address. ADMIN_PASSWORD: Use at least 12 characters.',
  ],
  ['a server that is not there', () => own, 'DATABASE_URL: the server cannot be reached (ECONNREFUSED)'],
  ['a database that is not there', () => noDatabase(), /^DATABASE_URL: the server has no such database/],
  [
    // One that trusts everybody gets as far as the database.
    'a password that the server does not know',
    () => noDatabase((url) => Object.assign(url, { password: 'secret-of-desk' })),
    /^DATABASE_URL: the server (refuses this user and password|has no such database)/,
  ],
  [
    'TLS that the server does not offer',
    () => noDatabase((url) => url.searchParams.set('sslmode', 'require')),
    /^DATABASE_URL: (sslmode: |the server has no such database)/,
  ],
  [
    'a signing key that is not there',
    () => ({ ...own, JWT_PRIVATE_KEY_FILE: '/nowhere/signing.pem' }),
    'JWT_PRIVATE_KEY_FILE: /nowhere/signing.pem cannot be read (ENOENT)',
  ],
  [
    'a data folder that cannot be made',
    () => ({ DATA_DIR: join(folder, 'secret-of-desk.pem') }),
    /^DATA_DIR: .*(EEXIST|ENOTDIR)/,
  ],
  [
    'a kept secret of which a full disk has left nothing',
    () => ({ DATA_DIR: join(folder, 'emptied') }),
    /^\/.*\/emptied\/jwt-secret must have 32 bytes or more: bring it back from a backup, or remove it for a new one/,
  ],
];

describe('a start that cannot be', () => {
  const ends = new Map<string, { code: unknown; said: string }>();
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'khobor-refused-'));
    await writeFile(join(folder, 'secret-of-desk.pem'), 'no key');
    await chmod(folder, 0o711);
    await mkdir(join(folder, 'emptied'));
    await writeFile(join(folder, 'emptied/jwt-secret'), '\n');
    await buildProgram();
    // A few at a time: each start is half a second of work.
    const left = refusals.slice();
    const next = async (): Promise<void> => {
      const [name, env] = left.shift() ?? [];
      if (name === undefined || env === undefined) return;
      const program = startProgram(env());
      ends.set(name, { code: await program.exited, said: program.said() });
      await next();
    };
    await Promise.all([next(), next(), next()]);
  });
  afterAll(async () => {
    await killPrograms();
    await rm(folder, { recursive: true, force: true });
  });

  it.each(refusals)('ends with 1 and one clear line without secrets: %s', (name, _env, line) => {
    const { code, said } = ends.get(name) ?? { code: 'not tried', said: '' };
    expect({ code, said }).toEqual({ code: 1, said: expect.stringMatching(/^khobor: [^\n]+\n$/) });
    const sentence = said.slice('khobor: '.length, -1);
    if (typeof line === 'string') expect(sentence).toBe(line);
    else expect(sentence).toMatch(line);
    expect(said.replaceAll(join(folder, 'secret-of-desk.pem'), '')).not.toContain('secret-of');
  });

  it.each([
    ['khobor', 'dist/main.js'],
    ['khobor worker', 'dist/worker.js'],
    ['migrate', 'dist/cli/migrate.js'],
    ['reindex', 'dist/cli/reindex.js'],
  ])('ends before anything is done where there are arguments, which it does not show: %s', async (name, script) => {
    const program = startProgram(own, script, 'pipe', ['--help', 'secret-of-desk']);
    expect(await program.exited).toBe(1);
    expect(program.said()).toBe(
      `${name}: it takes no arguments, and nothing was done; settings are environment variables\n`,
    );
  });
});
