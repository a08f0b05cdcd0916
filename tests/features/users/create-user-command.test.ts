import { Readable, Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { Passwords } from '../../../src/features/auth/passwords.ts';
import { quickPasswords } from '../../support/app.ts';
import { cloneDatabase } from '../../support/database.ts';
import { outside } from '../../support/outside.ts';

const { runCreateUser, scryptCost } = outside;

const password = 'কুয়াশার ভোরে খেজুরের রস';
const args = (email: string, ...rest: string[]) => [
  '--email',
  email,
  '--name',
  'তানিয়া রহমান',
  '--role',
  'editor',
  ...rest,
];

describe('create-user', () => {
  let database: { url: string; drop(): Promise<void> };
  let client: pg.Client;
  let env: Record<string, string>;

  beforeAll(async () => {
    database = await cloneDatabase();
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
    env = { DATABASE_URL: database.url, JWT_SECRET: 'a-secret-for-tests-that-is-long-enough-0123456789' };
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  const userOf = async (email: string) => (await client.query('SELECT * FROM users WHERE email = $1', [email])).rows[0];

  async function run(
    given: string[],
    { more = {}, typed = '', tty = false }: { more?: Record<string, string>; typed?: string; tty?: boolean } = {},
    overrides: { passwords?: Passwords } = { passwords: quickPasswords() },
  ) {
    const written = { output: '', errors: '' };
    const into = (name: 'output' | 'errors') =>
      new Writable({
        write(chunk, _encoding, done) {
          written[name] += String(chunk);
          done();
        },
      });
    const input = Object.assign(Readable.from(typed === '' ? [] : [Buffer.from(typed)]), { isTTY: tty });
    const code = await runCreateUser(
      given,
      { ...env, ...more },
      { input, output: into('output'), errors: into('errors') },
      overrides,
    );
    return { code, ...written };
  }

  it('makes a user with the password of NEW_USER_PASSWORD, and an event without an actor', async () => {
    const given = { more: { NEW_USER_PASSWORD: password } };
    const { code, output, errors } = await run(args('Cli@Khobor.Example', '--initials', 'তর'), given, {});
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    const user = await userOf('cli@khobor.example');
    expect(output).toBe(`created the editor cli@khobor.example with the id ${user.id}\n`);
    expect(user).toMatchObject({ name: 'তানিয়া রহমান', initials: 'তর', role: 'editor', version: 1, disabled_at: null });
    const { N, r, p } = scryptCost;
    expect(user.password_hash).toContain(`scrypt$${N}$${r}$${p}$`);
    expect((await quickPasswords().verify(password, user.password_hash, 'tests')).right).toBe(true);
    const { rows } = await client.query('SELECT type, actor_id, request_id FROM events WHERE subject_id = $1', [
      user.id,
    ]);
    expect(rows).toEqual([{ type: 'user.created', actor_id: null, request_id: null }]);
  });

  it('reads the password from the standard input, without its last line break', async () => {
    expect((await run(args('pipe@khobor.example'), { typed: `${password}\n` })).code).toBe(0);
    expect(
      (await quickPasswords().verify(password, (await userOf('pipe@khobor.example')).password_hash, 'tests')).right,
    ).toBe(true);
  });

  it('asks twice on a terminal and shows nothing of what is typed', async () => {
    const { code, output, errors } = await run(args('tty@khobor.example'), {
      typed: `${password}\r${password}\r`,
      tty: true,
    });
    expect(code).toBe(0);
    expect(errors).toBe('Password: \nThe same again: \n');
    expect(output).not.toContain(password);
    expect(
      (await quickPasswords().verify(password, (await userOf('tty@khobor.example')).password_hash, 'tests')).right,
    ).toBe(true);
  });

  it('makes nobody when the two passwords differ or the prompt is left', async () => {
    const differ = await run(args('differ@khobor.example'), { typed: `${password}\r${password}!\r`, tty: true });
    expect(differ).toMatchObject({ code: 1, errors: expect.stringContaining('the two passwords differ') });
    const left = await run(args('differ@khobor.example'), { typed: '\u0003', tty: true });
    expect(left).toMatchObject({ code: 1, errors: expect.stringContaining('no password was given') });
    expect(await userOf('differ@khobor.example')).toBeUndefined();
  });

  it('refuses an address that is taken', async () => {
    const more = { NEW_USER_PASSWORD: password };
    expect((await run(args('twice@khobor.example'), { more })).code).toBe(0);
    const { code, errors } = await run(args('TWICE@khobor.example'), { more });
    expect({ code, errors }).toEqual({ code: 1, errors: 'create-user: Another user has this e-mail address.\n' });
  });

  it.each([
    [['--email', 'a@khobor.example', '--name', 'ক'], '--role must be given'],
    [[], '--email, --name, --role must be given'],
    [args('nobody'), 'email: Use an e-mail address.'],
    [
      ['--email', 'a@khobor.example', '--name', 'ক', '--role', 'owner'],
      'role: Use one of viewer, author, editor, admin.',
    ],
    [args('a@khobor.example', '--passwort', 'x'), 'an argument is not known'],
    [args('a@khobor.example', password), 'an argument is not known'],
    [['--email'], 'an argument is not known or lacks its value'],
  ])('says in one line what is wrong with %j', async (given, sentence) => {
    const { code, output, errors } = await run(given, { more: { NEW_USER_PASSWORD: password } });
    expect({ code, output }).toEqual({ code: 1, output: '' });
    expect(errors).toMatch(/^create-user: [^\n]+\n$/);
    expect(errors).toContain(sentence);
    expect(errors).not.toContain(password);
  });

  it('says in one line that a password is too short or missing', async () => {
    expect((await run(args('a@khobor.example'), { more: { NEW_USER_PASSWORD: 'short' } })).errors).toBe(
      'create-user: password: Use at least 12 characters.\n',
    );
    expect((await run(args('a@khobor.example'))).errors).toBe('create-user: password: Use at least 12 characters.\n');
  });

  it('sets a new password of an account that there is, ends its sessions, and leaves a disabled one disabled', async () => {
    const more = { NEW_USER_PASSWORD: password };
    expect((await run(args('reset@khobor.example'), { more })).code).toBe(0);
    const { id } = await userOf('reset@khobor.example');
    await client.query(
      "INSERT INTO sessions (id, user_id, token_hash, expires_at) VALUES (gen_random_uuid(), $1, 'x', now() + interval '1 day')",
      [id],
    );
    const next = 'শীতের সকালে ভাপা পিঠা';
    const reset = ['--email', ' Reset@Khobor.Example ', '--reset'];
    const { code, output, errors } = await run(reset, { more: { NEW_USER_PASSWORD: next } });
    expect({ code, output, errors }).toEqual({
      ...{ code: 0, output: 'set a new password of reset@khobor.example\n', errors: '' },
    });
    const user = await userOf('reset@khobor.example');
    expect(user).toMatchObject({ id, name: 'তানিয়া রহমান', role: 'editor', version: 2, token_epoch: 2 });
    expect((await quickPasswords().verify(next, user.password_hash, 'tests')).right).toBe(true);
    const left = await client.query('SELECT 1 FROM sessions WHERE user_id = $1 AND revoked_at IS NULL', [id]);
    expect(left.rows).toEqual([]);
    const { rows } = await client.query('SELECT type, actor_id, data FROM events WHERE subject_id = $1 ORDER BY seq', [
      id,
    ]);
    expect(rows[1]).toEqual({ type: 'user.updated', actor_id: null, data: { changed: ['password'] } });
    await client.query('UPDATE users SET disabled_at = now() WHERE id = $1', [id]);
    expect((await run(reset, { more })).output).toBe(
      'set a new password of reset@khobor.example, which stays disabled\n',
    );
  });

  it('resets nothing for an address that nobody has, or with what is no part of it', async () => {
    const more = { NEW_USER_PASSWORD: password };
    const nobody = ['--email', 'nobody@khobor.example', '--reset'];
    expect((await run(nobody, { more })).errors).toBe('create-user: No user has this e-mail address.\n');
    expect((await run([...nobody, '--role', 'admin'], { more })).errors).toBe(
      'create-user: with --reset, give --email and nothing else\n',
    );
    expect((await run(['--reset'], { more })).errors).toMatch(/^create-user: --email must be given/);
    const weak = { NEW_USER_PASSWORD: 'nobody@khobor.example' };
    expect((await run(nobody, { more: weak })).errors).toBe(
      'create-user: password: Use another password than the e-mail address of the account.\n',
    );
  });

  it('says in one line that the database has no tables yet', async () => {
    const more = { DATABASE_URL: `${database.url}?schema=nowhere`, NEW_USER_PASSWORD: password };
    const { code, errors } = await run(args('a@khobor.example'), { more });
    const line = 'create-user: the database lacks migrations of this program; start the server on it once\n';
    expect({ code, errors }).toEqual({ code: 1, errors: line });
  });

  it('says in one line that the database is out of reach', async () => {
    const more = { DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none', NEW_USER_PASSWORD: password };
    const { code, errors } = await run(args('a@khobor.example'), { more });
    expect(code).toBe(1);
    expect(errors).toMatch(/^create-user: The database is out of reach[^\n]*\n$/);
  });
});
