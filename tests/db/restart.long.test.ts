import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Response } from 'supertest';
import type { EmbeddedPostgres } from '../../src/embedded/embedded.ts';
import { bearer, type Person, startApp, type TestApp } from '../support/app.ts';
import { directly } from '../support/directly.ts';
import { eventually } from '../support/eventually.ts';
import { outside } from '../support/outside.ts';
import { hastySettings, makeDataDir } from '../support/postgres.ts';

const { migrate, migrationsFolder, openEmbedded } = outside;

// An unhandled rejection or an uncaught error fails the test that runs: the process of the API would have ended.

let dataDir = '';
let postgres: EmbeddedPostgres;
let app: TestApp;
let editor: Person;
beforeAll(async () => {
  dataDir = await makeDataDir();
  // Written to the system's memory before it is acknowledged: enough to outlive a process.
  const settings = { ...hastySettings, synchronous_commit: 'on', max_connections: '30' };
  postgres = await openEmbedded({ dataDir, settings });
  await migrate({ url: postgres.url, poolMax: 1, prepare: true }, migrationsFolder);
  app = await startApp({}, { databaseUrl: postgres.url });
  editor = await app.person('editor');
});
afterAll(async () => {
  await app.close();
  await postgres.stop();
  await rm(dataDir, { recursive: true, force: true });
});

const postmaster = async () =>
  Number((await readFile(join(dataDir, 'postgres/postmaster.pid'), 'utf8')).split('\n')[0]);
const backend = async () => {
  const text = `SELECT pid FROM pg_stat_activity WHERE application_name = 'khobor' LIMIT 1`;
  return Number((await directly<{ pid: number }>(postgres.url, text))[0]?.pid);
};
const write = (title: string) =>
  app
    .request('post', '/v1/articles')
    .set(...bearer(editor))
    .send({ title, body: '<p>ফেরি চলাচল বন্ধ।</p>' });

describe('a PostgreSQL that restarts', () => {
  it.each([
    ['fast', 'SIGINT', postmaster],
    ['immediate', 'SIGQUIT', postmaster],
    ['after one of its backends was killed', 'SIGKILL', backend],
  ] as const)('%s: costs 503 at most, keeps what was acknowledged, and needs no hand', async (how, signal, victim) => {
    const answers: Response[] = [];
    let over = false;
    const writer = async (number: number) => {
      for (let turn = 0; !over; turn += 1) answers.push(await write(`ফেরি ${how} ${number}-${turn}`));
    };
    const load = Promise.all([1, 2, 3].map(writer));
    await eventually(async () => expect(answers.length).toBeGreaterThan(3));
    process.kill(await victim(), signal);
    await eventually(async () => expect(answers.some((res) => res.status === 503)).toBe(true));
    await app.request('get', '/livez').expect(200);
    const down = answers.length;
    await eventually(async () => expect(answers.slice(down).some((res) => res.status === 201)).toBe(true));
    over = true;
    await load;
    await app.request('get', '/readyz').expect(200);
    expect(answers.map((res) => res.status).filter((status) => status !== 201 && status !== 503)).toEqual([]);
    const text = `SELECT a.title FROM articles a JOIN revisions r ON r.article_id = a.id JOIN events e ON e.subject_id = a.id`;
    const titles = (await directly<{ title: string }>(postgres.url, text)).map(({ title }) => title);
    const acknowledged = answers.filter((res) => res.status === 201).map((res) => String(res.body.title));
    expect(titles).toEqual(expect.arrayContaining(acknowledged));
  });
});
