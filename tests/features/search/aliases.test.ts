import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { emptyDatabase } from '../../support/database.ts';
import { type Newsroom, openNewsroom } from '../../support/newsroom.ts';
import { outside } from '../../support/outside.ts';
import { idsOf } from '../../support/walk.ts';

const { plantAliases, runAliases, runReindex, sweepOut } = outside;

describe('aliases', () => {
  let room: Newsroom;
  let story: string;
  const found = async (q: string) =>
    idsOf((await room.as(null, 'get', `/v1/search?q=${encodeURIComponent(q)}`).expect(200)).body);
  const run = async (...args: string[]) => {
    const output = new PassThrough();
    let said = '';
    output.on('data', (chunk) => {
      said += String(chunk);
    });
    return { code: await runAliases(args, { DATABASE_URL: room.app.databaseUrl }, output), said };
  };

  beforeAll(async () => {
    room = await openNewsroom();
    story = (await room.story({ title: 'গাঙচিল উড়ল মোহনায়', status: 'published' })).id;
  });
  afterAll(() => room.close());

  it('are the pairs of our own from the start, planted once, so that what was removed stays away', async () => {
    const { id } = await room.story({ title: 'জাতিসংঘের নতুন দপ্তর', status: 'published' });
    expect(await found('ইউএন')).toEqual([id]);
    await plantAliases(room.app.deps.db.read);
    expect(await found('ইউএন')).toEqual([id]);
    const line = (await run('list')).said.split('\n').find((one) => one.startsWith('জাতিসংঘ =')) ?? '';
    expect((await run('remove', line)).said).toBe(`removed ${line}\n`);
    await plantAliases(room.app.deps.db.read);
    expect(await found('ইউএন')).toEqual([]);
  });

  it('widen searches at once when the command adds a group, in both directions', async () => {
    expect(await found('সীগাল')).toEqual([]);
    expect(await run('add', 'গাঙচিল  =  সীগাল')).toEqual({ code: 0, said: 'added গাঙচিল = সীগাল\n' });
    expect(await found('সীগাল')).toEqual([story]);
    expect((await run('add', 'গাঙচিল = সীগাল')).said).toBe('গাঙচিল = সীগাল is there already\n');
    expect((await run('remove', 'গাঙচিল = সীগাল')).code).toBe(0);
    expect(await found('সীগাল')).toEqual([]);
  });

  it('hold from the next search on where they decide whether a word is wanted and excluded at once', async () => {
    expect(await found('গাঙচিল -সীগাল')).toEqual([story]);
    await run('add', 'গাঙচিল = সীগাল');
    expect(await found('গাঙচিল -সীগাল')).toEqual([]);
    await run('remove', 'গাঙচিল = সীগাল');
    expect(await found('গাঙচিল -সীগাল')).toEqual([story]);
  });

  it('hold from the next search on in the other order and in the lists of staff too', async () => {
    const path = `q=${encodeURIComponent('সীগাল')}`;
    const ranked = async () =>
      idsOf((await room.as(null, 'get', `/v1/search?${path}&sort=relevance`).expect(200)).body);
    const listed = async () => idsOf((await room.as('editor', 'get', `/v1/articles?${path}`).expect(200)).body);
    for (const ids of [ranked, listed]) {
      expect(await ids()).toEqual([]);
      await run('add', 'গাঙচিল = সীগাল');
      expect(await ids()).toEqual([story]);
      await run('remove', 'গাঙচিল = সীগাল');
      expect(await ids()).toEqual([]);
    }
  });

  it.each([
    [[]],
    [['add']],
    [['add', 'একা']],
    [['add', '!! = ??']],
    [['add', 'ক = খ', 'গ']],
    [['list', 'ক']],
    [['drop', 'ক = খ']],
  ])('refuses %j and says how it is used', async (args) => {
    const { code, said } = await run(...args);
    expect(code).toBe(1);
    expect(said).toContain('npm run aliases -- list');
  });

  it('are stored by housekeeping where no start could, as on a server that was read-only then', async () => {
    const count = async () => (await room.app.sql('SELECT words FROM search_aliases')).length;
    await room.app.sql(`DELETE FROM settings WHERE name = 'search aliases'`);
    await room.app.sql('DELETE FROM search_aliases');
    const { id } = await room.story({ title: 'জাতিসংঘে নতুন দূত', status: 'published' });
    expect(await found('ইউএন দূত')).toEqual([id]);
    await sweepOut(room.app, new AbortController().signal);
    expect(await count()).toBeGreaterThan(50);
    expect(await found('ইউএন দূত')).toEqual([id]);
  });
});

describe('the commands of the search, on a database without migrations', () => {
  it.each([
    ['aliases', (env: Record<string, string>, output: PassThrough) => runAliases(['list'], env, output)],
    [
      'reindex',
      (env: Record<string, string>, output: PassThrough) =>
        runReindex([], env, { output: Object.assign(output, { isTTY: false }), stop: new AbortController().signal }),
    ],
  ])('say what is missing: %s', async (name, run) => {
    const database = await emptyDatabase();
    try {
      const output = new PassThrough();
      expect(await run({ DATABASE_URL: database.url }, output)).toBe(1);
      expect(String(output.read())).toMatch(
        new RegExp(
          `^${name}: DATABASE_URL: the database lacks migrations of this program; start the server on it once .*\n$`,
        ),
      );
    } finally {
      await database.drop();
    }
  });
});
