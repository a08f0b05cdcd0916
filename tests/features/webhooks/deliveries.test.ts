import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type HookDesk, hookPath, openHookDesk } from '../../support/webhooks.ts';

let desk: HookDesk;
beforeAll(async () => {
  desk = await openHookDesk();
});
afterAll(() => desk.close());

const idsOf = ({ body }: { body: { data: { id: string }[] } }) => body.data.map(({ id }) => id);
const stateOf = async (id: string) =>
  (await desk.app.sql('SELECT state, attempts, due_at <= now() AS due FROM webhook_deliveries WHERE id = $1', [id]))[0];
const typesOf = async (id: string) => (await desk.eventsOf(id)).map(({ type, data }) => [type, data]).slice(1);

describe('the deliveries of a webhook', () => {
  it('are listed newest first, page by page, and filtered by state, kind and subject', async () => {
    const { id } = await desk.hook();
    const { id: other } = await desk.hook();
    await desk.plant(other, {});
    const subject = '0199f3c2-7a10-7cc3-9d5b-6f0a3f1f2b11';
    const [old = '', dead = '', tag = '', newest = ''] = await desk.plant(
      ...([id, { state: 'done', age: '3 hours' }, { state: 'dead', age: '2 hours', subject }] as const),
      ...([{ state: 'skipped', age: '1 hour', kind: 'tag' }, { subject }] as const),
    );
    const list = (query = '') => desk.ask('get', hookPath(id, `/deliveries${query}`)).expect(200);
    expect(idsOf(await list())).toEqual([newest, tag, dead, old]);
    const first = await list('?limit=3');
    expect(idsOf(first)).toEqual([newest, tag, dead]);
    const second = await list(`?limit=3&after=${first.body.page.nextCursor}`);
    expect([idsOf(second), second.body.page.nextCursor]).toEqual([[old], null]);
    expect(idsOf(await list('?state=dead'))).toEqual([dead]);
    expect(idsOf(await list('?state=done,skipped'))).toEqual([tag, old]);
    expect(idsOf(await list('?kind=tag'))).toEqual([tag]);
    expect(idsOf(await list(`?subject=${subject}`))).toEqual([newest, dead]);
    expect(idsOf(await list(`?subject=${subject}&state=waiting`))).toEqual([newest]);
    await desk.ask('get', hookPath(id, '/deliveries?state=lost')).expect(400);
  });

  it('are shown with their attempts, newest first', async () => {
    const { id } = await desk.hook();
    const [delivery = ''] = await desk.plant(id, { dueIn: '1 hour' });
    await desk.app.sql(
      `INSERT INTO webhook_attempts (id, delivery_id, at, took_ms, status, failure, answer) VALUES
        ('0199f3c2-7a10-7cc3-9d5b-000000000001', $1, '2026-03-01T00:00:00Z', 10000, NULL, 'The receiver took too long.', NULL),
        ('0199f3c2-7a10-7cc3-9d5b-000000000002', $1, '2026-03-01T00:00:12Z', 80, 503, 'The receiver answered 503.', 'পরে আসুন')`,
      [delivery],
    );
    const { body, headers } = await desk.ask('get', hookPath(id, `/deliveries/${delivery}`)).expect(200);
    expect(body).toMatchObject({
      ...{ id: delivery, purpose: 'change', state: 'waiting', kind: 'article', eventType: 'article.updated' },
      ...{ position: 7, attemptsMade: 3, endedAt: null, dueAt: expect.any(String) },
    });
    expect(
      body.attempts.map(({ at, tookMs, status, failure, answer }: Record<string, unknown>) => [
        at,
        tookMs,
        status,
        failure,
        answer,
      ]),
    ).toEqual([
      ['2026-03-01T00:00:12.000Z', 80, 503, 'The receiver answered 503.', 'পরে আসুন'],
      ['2026-03-01T00:00:00.000Z', 10000, null, 'The receiver took too long.', null],
    ]);
    await desk
      .ask('get', hookPath(id, `/deliveries/${delivery}`))
      .set('If-None-Match', String(headers.etag))
      .expect(304);
  });

  it('of another webhook are 404, for reading, skipping and sending anew', async () => {
    const [{ id }, { id: other }] = [await desk.hook(), await desk.hook()];
    const [delivery = ''] = await desk.plant(other, { state: 'dead' });
    for (const none of [delivery, 'নেই', '0199f3c2-7a10-7cc3-9d5b-6f0a3f1f2b11']) {
      const path = hookPath(id, `/deliveries/${encodeURIComponent(none)}`);
      await desk.ask('get', path).expect(404);
      await desk.ask('post', `${path}/skip`).expect(404);
      await desk.ask('post', `${path}/redeliver`).expect(404);
    }
    expect(await stateOf(delivery)).toMatchObject({ state: 'dead' });
  });
});

describe('skipping', () => {
  it('gives up what waits and what is dead, once, and says so in one event', async () => {
    const { id } = await desk.hook();
    for (const state of ['waiting', 'dead']) {
      const [delivery = ''] = await desk.plant(id, { state });
      const path = hookPath(id, `/deliveries/${delivery}/skip`);
      const { body } = await desk.ask('post', path).expect(200);
      expect(body).toMatchObject({ id: delivery, state: 'skipped', dueAt: null, endedAt: expect.any(String) });
      const again = await desk.ask('post', path).expect(200);
      expect(again.body).toEqual(body);
      expect((await typesOf(id)).filter(([, data]) => JSON.stringify(data).includes(delivery))).toEqual([
        ['webhook.skipped', { delivery }],
      ]);
    }
  });

  it('is 409 for what the receiver has taken', async () => {
    const { id } = await desk.hook();
    const [delivery = ''] = await desk.plant(id, { state: 'done' });
    const { body } = await desk.ask('post', hookPath(id, `/deliveries/${delivery}/skip`)).expect(409);
    expect(body.code).toBe('delivered');
    expect(await typesOf(id)).toEqual([]);
  });

  it('leaves its lease to the process that is sending it just now', async () => {
    const { id } = await desk.hook();
    const [delivery = ''] = await desk.plant(id, {});
    const lease = '0199f3c2-7a10-7cc3-9d5b-6f0a3f1f2b11';
    await desk.app.sql(
      `UPDATE webhook_deliveries SET lease_id = $2, lease_until = now() + interval '4 s' WHERE id = $1`,
      [delivery, lease],
    );
    await desk.ask('post', hookPath(id, `/deliveries/${delivery}/skip`)).expect(200);
    const [row] = await desk.app.sql('SELECT state, lease_id FROM webhook_deliveries WHERE id = $1', [delivery]);
    expect(row).toEqual({ state: 'skipped', lease_id: lease });
  });
});

describe('sending anew', () => {
  it.each(['dead', 'done', 'skipped'])(
    'of one that is %s makes it wait from the beginning, under the same id',
    async (state) => {
      const { id } = await desk.hook();
      const [delivery = ''] = await desk.plant(id, { state, dueIn: '3 hours' });
      const { body } = await desk.ask('post', hookPath(id, `/deliveries/${delivery}/redeliver`)).expect(200);
      expect(body).toMatchObject({ id: delivery, state: 'waiting', attemptsMade: 0, endedAt: null });
      expect(await stateOf(delivery)).toEqual({ state: 'waiting', attempts: 0, due: true });
      expect(await typesOf(id)).toEqual([['webhook.redelivered', { delivery }]]);
    },
  );

  it('of one that waits tries it at once, keeps its count, and asks a failing receiver at once', async () => {
    const { id } = await desk.hook();
    await desk.app.sql(`UPDATE webhooks SET failures = 7, probe_at = now() + interval '6 hours' WHERE id = $1`, [id]);
    const [delivery = ''] = await desk.plant(id, { dueIn: '3 hours' });
    const path = hookPath(id, `/deliveries/${delivery}/redeliver`);
    await desk.ask('post', path).expect(200);
    expect(await stateOf(delivery)).toEqual({ state: 'waiting', attempts: 3, due: true });
    const [hook] = await desk.app.sql(
      'SELECT failures, version, probe_at <= now() AS now FROM webhooks WHERE id = $1',
      [id],
    );
    expect(hook).toEqual({ failures: 7, version: 1, now: true });
    await desk.ask('post', path).expect(200);
    expect(await typesOf(id)).toEqual([['webhook.redelivered', { delivery }]]);
  });

  it('of one that is due already, behind the pause of its receiver, says in an event that it is asked at once', async () => {
    const { id } = await desk.hook();
    await desk.app.sql(`UPDATE webhooks SET failures = 7, probe_at = now() + interval '6 hours' WHERE id = $1`, [id]);
    const [delivery = ''] = await desk.plant(id, {});
    const path = hookPath(id, `/deliveries/${delivery}/redeliver`);
    for (const _ of ['first', 'again']) await desk.ask('post', path).expect(200);
    expect(await desk.app.sql('SELECT probe_at <= now() AS now FROM webhooks WHERE id = $1', [id])).toEqual([
      { now: true },
    ]);
    expect(await typesOf(id)).toEqual([['webhook.redelivered', { delivery }]]);
  });

  it('of all dead ones takes those alone, says how many, and records nothing where there are none', async () => {
    const { id } = await desk.hook();
    const { id: other } = await desk.hook();
    const [foreign = ''] = await desk.plant(other, { state: 'dead' });
    const [first = '', done = '', second = ''] = await desk.plant(
      id,
      { state: 'dead' },
      { state: 'done' },
      { state: 'dead' },
    );
    const { body } = await desk.ask('post', hookPath(id, '/redeliver')).expect(200);
    expect(body).toEqual({ redelivered: 2, more: false });
    const states = await Promise.all([first, second, done, foreign].map(stateOf));
    expect(states.map((row) => row?.state)).toEqual(['waiting', 'waiting', 'done', 'dead']);
    expect((await desk.ask('post', hookPath(id, '/redeliver')).expect(200)).body).toEqual({
      redelivered: 0,
      more: false,
    });
    expect(await typesOf(id)).toEqual([['webhook.redelivered', { deliveries: 2 }]]);
  });

  it('of more dead ones than a call takes says that there are more', async () => {
    const { id } = await desk.hook();
    await desk.app.sql(
      `INSERT INTO webhook_deliveries (id, webhook_id, purpose, position, event_type, kind, subject_id, state, ended_at)
       SELECT gen_random_uuid(), $1, 'change', n, 'article.updated', 'article', gen_random_uuid(), 'dead', now() FROM generate_series(1, 10001) n`,
      [id],
    );
    expect((await desk.ask('post', hookPath(id, '/redeliver')).expect(200)).body).toEqual({
      redelivered: 10_000,
      more: true,
    });
    expect((await desk.ask('post', hookPath(id, '/redeliver')).expect(200)).body).toEqual({
      redelivered: 1,
      more: false,
    });
  });
});

describe('a ping', () => {
  it('is a delivery of its own about the webhook, also while it is disabled, and takes the place of one that waits', async () => {
    const { id } = await desk.hook({ enabled: false });
    const { body, headers } = await desk.ask('post', hookPath(id, '/ping')).expect(201);
    expect(body).toMatchObject({
      ...{ purpose: 'ping', state: 'waiting', eventId: null, eventType: 'webhook.ping', position: null },
      ...{ kind: 'webhook', subjectId: id, attemptsMade: 0, attempts: [] },
    });
    expect(headers.location).toBe(`https://news.example/api${hookPath(id, `/deliveries/${body.id}`)}`);
    expect(headers.etag).toBeUndefined();
    const again = await desk.ask('post', hookPath(id, '/ping')).expect(201);
    expect([await stateOf(body.id), await stateOf(again.body.id)]).toMatchObject([
      { state: 'skipped' },
      { state: 'waiting' },
    ]);
    expect(idsOf(await desk.ask('get', hookPath(id, '/deliveries?kind=webhook')).expect(200))).toEqual([
      again.body.id,
      body.id,
    ]);
    expect((await typesOf(id)).map(([type]) => type)).toEqual(['webhook.pinged', 'webhook.pinged']);
    await desk.ask('post', hookPath(id, '/ping')).set('If-Match', '"9"').expect(412);
  });

  it('is made once for one Idempotency-Key', async () => {
    const { id } = await desk.hook();
    const ping = () => desk.ask('post', hookPath(id, '/ping')).set('Idempotency-Key', 'ping-1').expect(201);
    expect((await ping()).body.id).toBe((await ping()).body.id);
  });
});
