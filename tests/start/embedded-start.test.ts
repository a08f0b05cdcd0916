import { lstat, mkdir, readFile, rm, stat } from 'node:fs/promises';
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

describe('a start with nothing configured', () => {
  let dataDir: string;
  let program: Program;
  let url: string;
  const firstPassword = async () => (await readFile(join(dataDir, 'admin-password'), 'utf8')).trim();

  beforeAll(async () => {
    // As it is in a checkout under a mask that lets nobody else in.
    dataDir = join(house, 'data');
    await mkdir(dataDir, { mode: 0o700 });
    program = startProgram({ DATA_DIR: dataDir });
    url = await program.url;
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

  it('takes a doubled Ctrl-C as one: it ends with 0 and PostgreSQL with it', async () => {
    program.interrupt();
    program.interrupt();
    expect(await program.exited).toBe(0);
    await postgresIsGone(dataDir);
  });
});
