import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { transformFile } from '@swc/core';
import { cloneDatabase } from '../../support/database.ts';
import { type Newsroom, openNewsroom, type Story } from '../../support/newsroom.ts';

const year = new Date().getUTCFullYear() + 1;
/** Ahead of today, around the nights on which New York's clocks change. */
const given = [
  `${year}-03-14T02:30:00-05:00`,
  `${year}-11-07T01:30:00-04:00`,
  `${year}-11-07T01:30:00-05:00`,
  `${year}-10-29T00:00:00+06:00`,
];
const instants = [
  `${year}-03-14T07:30:00.000Z`,
  `${year}-11-07T05:30:00.000Z`,
  `${year}-11-07T06:30:00.000Z`,
  `${year}-10-28T18:00:00.000Z`,
];

describe.each(['on', 'off'])('an instant, with DATABASE_PREPARE=%s and the database in New York', (prepare) => {
  let room: Newsroom;
  let database: Awaited<ReturnType<typeof cloneDatabase>>;
  let ids: string[] = [];

  beforeAll(async () => {
    database = await cloneDatabase();
    const name = new URL(database.url).pathname.slice(1);
    room = await openNewsroom({ DATABASE_PREPARE: prepare }, { databaseUrl: database.url });
    await room.app.sql(`ALTER DATABASE "${name}" SET timezone = 'America/New_York'`);
    await room.close();
    room = await openNewsroom({ DATABASE_PREPARE: prepare }, { databaseUrl: database.url });
  });
  afterAll(async () => {
    await room.close();
    await database.drop();
  });

  it('is exact and different for each, however it was sent, in every answer and in the row', async () => {
    if (prepare === 'off') expect(await room.app.sql('SHOW timezone')).toEqual([{ TimeZone: 'America/New_York' }]);
    for (const at of given) {
      const { id } = await room.story();
      await room.step('publish', id, { at }).expect(200);
      ids.push(id);
    }
    const seen = await Promise.all(ids.map((id) => room.seen(id)));
    expect(seen.map(({ publishedAt }) => publishedAt)).toEqual(instants);
    expect(seen.map(({ firstPublishedAt }) => firstPublishedAt)).toEqual(instants);
    const rows = await room.app.sql<{ epoch: number }>(
      'SELECT extract(epoch FROM published_at)::float8 AS epoch FROM articles ORDER BY array_position($1::uuid[], id)',
      [ids],
    );
    expect(rows.map(({ epoch }) => new Date(epoch * 1_000).toISOString())).toEqual(instants);
    for (const [index, id] of ids.entries()) {
      const { body } = await room.patch(id, { publishedAt: instants[index], kicker: 'ক' }).expect(200);
      expect(body.publishedAt).toBe(instants[index]);
      expect((await room.revisions(id)).at(-1)?.snapshot.publishedAt).toBe(instants[index]);
    }
  });

  it('is refused without an offset', async () => {
    const { id } = await room.story();
    await room.step('publish', id, { at: `${year}-03-14T02:30:00` }).expect(400);
  });

  it('orders the list of what is scheduled', async () => {
    const { body } = await room.as('editor', 'get', '/v1/articles?status=scheduled&sort=publishedAt').expect(200);
    expect(body.data.map((item: Story) => item.publishedAt)).toEqual([...instants].sort());
    const from = encodeURIComponent(`${year}-11-07T01:00:00-05:00`);
    const later = await room.as('editor', 'get', `/v1/articles?publishedFrom=${from}&status=scheduled`).expect(200);
    expect(later.body.data.map((item: Story) => item.id)).toEqual([ids[2]]);
    ids = [];
  });

  it('of now is now: what is published shows at once, and its times are those of the clock', async () => {
    const { id } = await room.story();
    const { body } = await room.step('publish', id).expect(200);
    for (const time of [body.publishedAt, body.createdAt, body.updatedAt])
      expect(Math.abs(Date.parse(time) - Date.now())).toBeLessThan(10_000);
    await room.read(id).expect(200);
    const [row] = await room.app.sql(
      `SELECT bool_and(abs(extract(epoch FROM now() - at)) < 10) AS near FROM (SELECT at FROM revisions UNION ALL SELECT at FROM events
         UNION ALL SELECT created_at FROM articles UNION ALL SELECT created_at FROM users) t`,
    );
    expect(row).toEqual({ near: true });
  });
});

describe('the time zone of the process', () => {
  it('moves no instant that is read or shown', async () => {
    const source = fileURLToPath(new URL('../../../src/core/time.ts', import.meta.url));
    const { code } = await transformFile(source, { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } });
    const script = `${code}
      const read = ${JSON.stringify(given)}.map((text) => parseInstant(text)?.toISOString());
      console.log(JSON.stringify([new Date(2026, 0, 1).getTimezoneOffset(), ...read]));`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
      env: { ...process.env, NODE_OPTIONS: '', TZ: 'America/New_York' },
    });
    expect(JSON.parse(stdout)).toEqual([300, ...instants]);
  });
});
