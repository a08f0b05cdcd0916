import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { Response } from 'supertest';
import { bearer, type Person, startApp, type TestApp } from '../support/app.ts';
import { anyMatch } from '../support/conditions.ts';
import { eventually } from '../support/eventually.ts';

/** Calls that wait for what others hold: how long, in which order, and who does not wait with them. */

let app: TestApp;
let editor: Person;
let other: pg.Client;
beforeAll(async () => {
  app = await startApp();
  editor = await app.person('editor');
  other = new pg.Client({ connectionString: app.databaseUrl });
  await other.connect();
});
afterAll(async () => {
  await other.end();
  await app.close();
});
afterEach(() => other.query('ROLLBACK'));

const send = (method: 'post' | 'put' | 'patch', path: string, body: object, at = app) =>
  at
    .request(method, path)
    .set(...bearer(editor))
    .set(anyMatch(method, path))
    .send(body);
const write = async (title: string, more: object = {}) => {
  const { body } = await send('post', '/v1/articles', { title, body: '<p>নৌকা ঘাটে ভিড়েছে।</p>', ...more }).expect(201);
  return { id: String(body.id), slug: String(body.slug) };
};
/** Holds the rows of articles in a transaction that is none of this process. */
const hold = async (...ids: string[]) => {
  await other.query('BEGIN');
  await other.query('SELECT 1 FROM articles WHERE id = ANY($1) FOR UPDATE', [ids]);
};
const waitingInServer = async () => {
  const text = `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  return Number((await other.query(text)).rows[0]?.n);
};
const inTurn = (at = app) => at.deps.db.stats().writers.inTurn;

type Timed = { res: Response; ms: number };
const timed = async (call: PromiseLike<Response>): Promise<Timed> => {
  const began = performance.now();
  return { res: await call, ms: performance.now() - began };
};

function expectBusy({ res, ms }: Timed, withinMs = 3_300): void {
  expect(res.status).toBe(503);
  expect(res.body).toMatchObject({
    code: 'unavailable',
    detail: 'What this call needs is in use by others for now; nothing was changed by this call.',
  });
  expect(res.headers['retry-after']).toBe('2');
  expect(ms).toBeLessThan(withinMs);
}

async function expectOthersServed(at = app): Promise<void> {
  await Promise.all([
    at.request('get', '/readyz').expect(200),
    at.request('get', '/v1/latest').expect(200),
    at.request('get', '/v1/articles').expect(200),
    send('post', '/v1/articles', { title: 'অন্য খবর', body: '<p>হাট বসেছে।</p>' }, at).expect(201),
  ]);
}

describe('twelve changes of an article whose row another transaction holds', () => {
  type Change = (article: { id: string; slug: string }, n: number, at: TestApp) => PromiseLike<Response>;
  const changes: [string, Change][] = [
    ['by its id', ({ id }, n, at) => send('patch', `/v1/articles/${id}`, { title: `ঢেউ ${n}` }, at)],
    [
      'of its draft, by its slug',
      ({ slug }, n, at) => send('patch', `/v1/articles/${slug}/draft`, { title: `ঢেউ ${n}` }, at),
    ],
    [
      'with an Idempotency-Key each',
      ({ id }, n, at) => send('post', `/v1/articles/${id}/publish`, {}, at).set('Idempotency-Key', `${id}-${n}`),
    ],
    ['of its links', ({ id }, _, at) => send('post', `/v1/articles/${id}/previews`, {}, at)],
    ['of who has it open', ({ slug }, _, at) => send('put', `/v1/articles/${slug}/editing`, {}, at)],
  ];

  /** Brings twelve to wait, in an instance of their own; what is given looks at how that ends. */
  async function bringToWait(how: string, change: Change): Promise<() => Promise<void>> {
    const at = await startApp({}, { databaseUrl: app.databaseUrl });
    const holder = new pg.Client({ connectionString: app.databaseUrl });
    await holder.connect();
    const article = await write(`নদীর ঢেউ ${how}`);
    await holder.query('BEGIN');
    await holder.query('SELECT 1 FROM articles WHERE id = $1 FOR UPDATE', [article.id]);
    const calls = Promise.all([...Array(12).keys()].map((n) => timed(change(article, n, at))));
    await eventually(async () => expect(inTurn(at)).toBe(11));
    const behind = 'SELECT 1 FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))';
    await eventually(async () => expect((await holder.query(behind)).rowCount).toBe(1));
    await expectOthersServed(at);
    return async () => {
      for (const call of await calls) expectBusy(call);
      await holder.query('ROLLBACK');
      const { title } = (await at.request('get', `/v1/articles/${article.id}`).set(...bearer(editor))).body;
      expect(title).toBe(`নদীর ঢেউ ${how}`);
      expect(inTurn(at)).toBe(0);
      await expectOthersServed(at);
      await holder.end();
      await at.close();
    };
  }

  const ends = new Map<string, Promise<void>>();
  beforeAll(async () => {
    // Each kind waits beside the others, for two seconds.
    for (const [how, change] of changes) {
      const end = (await bringToWait(how, change))();
      // Heard by its test.
      end.catch(() => {});
      ends.set(how, end);
    }
  });

  it.each(changes)('%s are busy after 2 seconds, and nobody else waits for them', async (how) => {
    await expect(ends.get(how)).resolves.toBeUndefined();
  });

  it('all go through in the order of their coming when it lets go in time', async () => {
    const article = await write('জোয়ার');
    await hold(article.id);
    const calls: PromiseLike<Response>[] = [];
    for (const n of Array(12).keys()) {
      calls.push(send('patch', `/v1/articles/${article.id}`, { title: `জোয়ার ${n}` }).then((res) => res));
      await eventually(async () => expect(inTurn() + (await waitingInServer())).toBe(n + 1));
    }
    await other.query('ROLLBACK');
    const versions = (await Promise.all(calls)).map((res) => [res.status, res.body.version]);
    expect(versions).toEqual([...Array(12).keys()].map((n) => [200, n + 2]));
  });
});

describe('a call that meets several locks', () => {
  it('waits 2 seconds in all, and not for each', async () => {
    const article = await write('দুই ঘাট');
    const { body: tag } = await send('post', '/v1/tags', { name: 'ঘাট' }).expect(201);
    await hold(article.id);
    const another = new pg.Client({ connectionString: app.databaseUrl });
    await another.connect();
    await another.query(`BEGIN; SELECT 1 FROM tags WHERE id = '${tag.id}' FOR UPDATE`);
    const call = timed(send('patch', `/v1/articles/${article.id}`, { tags: [tag.slug] }));
    await eventually(async () => expect(await waitingInServer()).toBe(1));
    await other.query('SELECT pg_sleep(1.5)');
    await other.query('ROLLBACK');
    expectBusy(await call);
    await another.end();
  });
});

describe('a change that waited for another process', () => {
  /** Changes the tags and the version, as another process would, while a call waits for the article. */
  const changeMeanwhile = async (id: string, tagId: string, call: Promise<Timed>) => {
    await other.query(`UPDATE articles SET version = version + 1, kicker = 'অন্য হাত' WHERE id = '${id}'`);
    await other.query(`DELETE FROM article_tags WHERE article_id = '${id}'`);
    await other.query(`INSERT INTO article_tags (article_id, tag_id, position) VALUES ('${id}', '${tagId}', 0)`);
    await eventually(async () => expect(await waitingInServer()).toBe(1));
    await other.query('COMMIT');
    return (await call).res;
  };

  it('begins with what that has stored: its version, its text and its tags', async () => {
    const [was, is] = await Promise.all(['আগের ঘাট', 'পরের ঘাট'].map((name) => send('post', '/v1/tags', { name })));
    const article = await write('দুই হাতের খবর', { tags: [was?.body.slug], status: 'published' });
    await hold(article.id);
    const call = timed(send('patch', `/v1/articles/${article.id}`, { excerpt: 'সারাংশ' }));
    const { body, status } = await changeMeanwhile(article.id, is?.body.id, call);
    expect([status, body.version, body.kicker, body.excerpt]).toEqual([200, 3, 'অন্য হাত', 'সারাংশ']);
    expect(body.tags.map(({ id }: { id: string }) => id)).toEqual([is?.body.id]);
    const kept = `SELECT snapshot->'tags'->0->>'id' AS tag FROM revisions WHERE article_id = $1 AND version = 3`;
    expect((await other.query(kept, [article.id])).rows).toEqual([{ tag: is?.body.id }]);
    const event = `SELECT keys, data->'changed' AS changed FROM events WHERE subject_id = $1 AND version = 3`;
    expect((await other.query(event, [article.id])).rows).toMatchObject([{ changed: ['excerpt'] }]);
  });

  it('sees a draft as that has left it', async () => {
    const [was, is] = await Promise.all(['পুরোনো ঘাট', 'নতুন ঘাট'].map((name) => send('post', '/v1/tags', { name })));
    const article = await write('খসড়ার ঘাট', { tags: [was?.body.slug] });
    await send('patch', `/v1/articles/${article.id}/draft`, { excerpt: 'খসড়ার সারাংশ' }).expect(200);
    await other.query(`BEGIN; UPDATE drafts SET version = version + 1, content = jsonb_set(content, '{tagIds}', '["${is?.body.id}"]')
      WHERE article_id = '${article.id}'`);
    const call = timed(send('post', `/v1/articles/${article.id}/publish`, {}));
    await eventually(async () => expect(await waitingInServer()).toBe(1));
    await other.query('COMMIT');
    const { body, status } = (await call).res;
    expect([status, body.excerpt]).toEqual([200, 'খসড়ার সারাংশ']);
    expect(body.tags.map(({ id }: { id: string }) => id)).toEqual([is?.body.id]);
  });
});

describe('a crowd of writers', () => {
  it('of forty creates at once leaves readers their connections, and stores them all', async () => {
    const calls = [...Array(40).keys()].map((n) =>
      send('post', '/v1/articles', { title: `মেলা ${n}`, body: '<p>মেলা।</p>' }),
    );
    const created = Promise.all(calls.map(timed));
    await Promise.all([...Array(10)].map(() => app.request('get', '/readyz').expect(200)));
    for (const { res } of await created) expect(res.status).toBe(201);
  });

  it('of ten bulks, all or nothing, lets short writes and readers pass', async () => {
    const operations = [...Array(10).keys()].map((n) => ({
      op: 'create',
      body: { title: `গ্রন্থ ${n}`, body: '<p>পাতা।</p>' },
    }));
    const bulks = Promise.all(
      [...Array(10)].map(() => timed(send('post', '/v1/articles/bulk', { atomic: true, operations }))),
    );
    await eventually(async () => expect(app.deps.db.stats().writers.running).toBeGreaterThan(0));
    await expectOthersServed();
    const outcomes = await bulks;
    for (const outcome of outcomes) if (outcome.res.status !== 200) expectBusy(outcome, 10_000);
    expect(outcomes.some(({ res }) => res.status === 200)).toBe(true);
  }, 60_000);

  it.each(['1', '2'])('stays within a pool of %s', async (max) => {
    const small = await startApp({ DATABASE_POOL_MAX: max }, { databaseUrl: app.databaseUrl });
    const calls = [...Array(6).keys()].map((n) =>
      send('post', '/v1/articles', { title: `খেয়া ${n}`, body: '<p>খেয়া।</p>' }, small),
    );
    const reads = [...Array(6)].map(() => small.request('get', '/v1/latest'));
    const statuses = (await Promise.all([...calls, ...reads])).map(({ status }) => status);
    expect(statuses).toEqual([...Array(6).fill(201), ...Array(6).fill(200)]);
    expect(small.deps.db.pool.totalCount).toBeLessThanOrEqual(Number(max));
    await small.close();
  });
});
