import { lstat, mkdir, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { makeDataDir } from '../support/postgres.ts';
import { buildProgram, exec, killPrograms, type Program, startProgram } from '../support/program.ts';

const postgresIsGone = (dataDir: string) =>
  expect(lstat(join(dataDir, 'postgres/postmaster.pid'))).rejects.toThrow('ENOENT');

const latest = async (url: string): Promise<string[]> => {
  const { data }: { data: { title: string }[] } = JSON.parse(await (await fetch(`${url}/v1/latest?limit=100`)).text());
  return data.map(({ title }) => title);
};

const logIn = (url: string, email: string, password: string) =>
  fetch(`${url}/v1/auth/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email, password }),
  });

// Each start is a process, on a machine that runs other tests beside it.
jest.setTimeout(60_000);

let house = '';
beforeAll(async () => {
  house = await makeDataDir();
  await buildProgram();
});
afterAll(async () => {
  await killPrograms();
  await rm(house, { recursive: true, force: true });
});

/** What the shell of somebody who works with servers elsewhere has set: it is not about the embedded PostgreSQL. */
const elsewhere = {
  PGHOST: 'nowhere.invalid',
  PGDATABASE: 'accounts',
  PGSSLMODE: 'require',
  PGOPTIONS: '-c default_transaction_read_only=on',
};

describe('a start with nothing configured', () => {
  let dataDir: string;
  let program: Program;
  let url: string;
  const restart = async () => {
    program = startProgram({ ...elsewhere, DATA_DIR: dataDir });
    url = await program.url;
  };
  const firstPassword = async () => (await readFile(join(dataDir, 'admin-password'), 'utf8')).trim();
  const newPassword = 'পদ্মার চরে কাশবন';
  const reset = () => {
    const command = join(import.meta.dirname, '../../dist/cli/create-user.js');
    const env = { ...elsewhere, PATH: process.env.PATH, DATA_DIR: dataDir, NEW_USER_PASSWORD: newPassword };
    return exec(process.execPath, [command, '--email', 'admin@khobor.example', '--reset'], { env, cwd: house });
  };
  /** Of the first start. */
  let accessToken: unknown;

  beforeAll(async () => {
    // As it is in a checkout under a mask that lets nobody else in.
    dataDir = join(house, 'data');
    await mkdir(dataDir, { mode: 0o700 });
    await restart();
    ({ accessToken } = JSON.parse(await (await logIn(url, 'admin@khobor.example', await firstPassword())).text()));
  });

  it('says the address, the account and three calls, and these work when pasted into a shell', async () => {
    expect(program.said()).toMatch(/A demonstration newsroom of \d\d articles was made/);
    const calls = program.said().match(/^ {2}.*$/gm) ?? [];
    const shown = async (call: string) => (await exec('bash', ['-c', call])).stdout;
    expect(JSON.parse(await shown(calls[0] ?? '')).data).toHaveLength(3);
    expect(calls).toHaveLength(3);
    const article = JSON.parse(await shown(calls.slice(1).join('\n')));
    expect(article).toMatchObject({ status: 'published', createdBy: { name: 'প্রধান সম্পাদক' } });
    expect((await latest(url))[0]).toBe(article.title);
  });

  it('says that an address may open so many streams, which behind a proxy are those of all readers', async () => {
    await eventually(async () => expect(program.said()).toMatch(/TRUST_PROXY=0: an address may open 100 streams/));
  });

  it('keeps the secrets that it made in files that only their owner reads', async () => {
    const [, password] = /^The first account: admin@khobor\.example {2}(\S{16})$/m.exec(program.said()) ?? [];
    expect(await firstPassword()).toBe(password);
    for (const name of ['admin-password', 'jwt-secret', 'postgres.password'])
      expect((await stat(join(dataDir, name))).mode & 0o777).toBe(0o600);
  });

  it('refuses a second start on the same data in one line that names the running one', async () => {
    const second = startProgram({ DATA_DIR: dataDir });
    expect(await second.exited).toBe(1);
    expect(second.said()).toBe(
      `khobor: Khobor is already running at ${url} (pid ${program.pid}) on the data in ${dataDir}\n`,
    );
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
  });

  it('has the data, the account and the tokens of before at a later start, and makes nothing anew', async () => {
    program.kill('SIGTERM');
    expect(await program.exited).toBe(0);
    await restart();
    expect(program.said()).not.toMatch(/account|demonstration/);
    expect((await latest(url))[0]).toBe('আজকের প্রথম খবর');
    const me = await fetch(`${url}/v1/auth/me`, { headers: { Authorization: `Bearer ${accessToken}` } });
    expect(me.status).toBe(200);
    expect((await logIn(url, 'admin@khobor.example', await firstPassword())).status).toBe(200);
    await expect(reset()).rejects.toMatchObject({
      stderr: `create-user: Khobor is already running at ${url} (pid ${program.pid}) on the data in ${dataDir}\n`,
    });
    program.kill('SIGKILL');
    expect(await program.exited).toBe('SIGKILL');
  });

  it('lets create-user set a forgotten password while it is stopped, also by a kill, and loses nothing', async () => {
    expect((await reset()).stdout).toBe(`set a new password of admin@khobor.example; the data is in ${dataDir}\n`);
    await postgresIsGone(dataDir);
    await restart();
    expect((await latest(url))[0]).toBe('আজকের প্রথম খবর');
    expect((await logIn(url, 'admin@khobor.example', await firstPassword())).status).toBe(401);
    expect((await logIn(url, 'admin@khobor.example', newPassword)).status).toBe(200);
  });

  it('takes a doubled Ctrl-C as one: it ends with 0 and PostgreSQL with it', async () => {
    program.interrupt();
    program.interrupt();
    expect(await program.exited).toBe(0);
    await postgresIsGone(dataDir);
  });
});

describe('a start with an account and without the demonstration', () => {
  const credentials = ['desk@khobor.example', 'খালের ওপারে বটের ছায়া'] as const;
  const env = () => ({
    DATA_DIR: join(house, 'own'),
    ADMIN_EMAIL: credentials[0],
    ADMIN_PASSWORD: credentials[1],
    DEMO: 'false',
  });

  it('ends with 1 and one line where the port is taken, leaves no PostgreSQL, and has made no account yet', async () => {
    const holder = createServer();
    const port = await new Promise<number>((resolve) => {
      holder.listen(0, '127.0.0.1', () => resolve(Number(Object(holder.address()).port)));
    });
    const program = startProgram({ ...env(), PORT: String(port) });
    expect(await program.exited).toBe(1);
    expect(program.said()).toBe(`khobor: PORT: ${port} is taken (127.0.0.1:${port}); set PORT to a free one\n`);
    await postgresIsGone(join(house, 'own'));
    holder.close();
  });

  it('names the first account by the two keys, never shows its password, and publishes nothing', async () => {
    const program = startProgram(env());
    const url = await program.url;
    expect(program.said()).toContain('The first account: desk@khobor.example  (the password you gave)');
    expect(program.said()).not.toContain(credentials[1]);
    expect((await logIn(url, ...credentials)).status).toBe(200);
    expect(await latest(url)).toEqual([]);
    program.kill('SIGTERM');
    expect(await program.exited).toBe(0);
  });

  it('ends cleanly when it is interrupted while it starts', async () => {
    const program = startProgram(env());
    const log = join(house, 'own/postgres.log');
    await rm(log);
    await eventually(() => stat(log), 30_000);
    program.interrupt();
    expect(await program.exited).toBe(0);
    await postgresIsGone(join(house, 'own'));
  });
});
