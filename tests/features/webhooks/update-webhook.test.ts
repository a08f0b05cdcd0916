import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pointers } from '../../support/newsroom.ts';
import { outside } from '../../support/outside.ts';
import { type HookDesk, hookPath, openHookDesk } from '../../support/webhooks.ts';

const { sweepOut } = outside;

let desk: HookDesk;
beforeAll(async () => {
  desk = await openHookDesk();
});
afterAll(() => desk.close());

const typesOf = async (id: string) => (await desk.eventsOf(id)).map(({ type }) => type);

describe('changing a webhook', () => {
  it('needs the version that was read: 428 without it, 412 with another, nothing done either time', async () => {
    const { id, etag } = await desk.hook();
    await desk.ask('patch', hookPath(id)).send({ name: 'অন্য' }).expect(428);
    const stale = await desk.ask('patch', hookPath(id)).set('If-Match', '"7"').send({ name: 'অন্য' }).expect(412);
    expect(stale.body).toMatchObject({ code: 'stale', currentVersion: 1 });
    expect(await typesOf(id)).toEqual(['webhook.created']);
    const { body, headers } = await desk
      .ask('patch', hookPath(id))
      .set('If-Match', etag)
      .send({ name: 'অন্য' })
      .expect(200);
    expect([body.name, body.version]).toEqual(['অন্য', 2]);
    expect(headers.etag).toMatch(/^"2-/);
  });

  it('leaves alone what is absent, clears filters with null, and names in its event what changed', async () => {
    const tag = await desk.label('tags', { name: 'নদী' });
    const { id, body: before } = await desk.hook({
      tags: ['নদী'],
      kinds: ['article'],
      languages: ['bn'],
      include: ['item'],
    });
    const { body } = await desk.mend(id, { tags: null, include: [], audience: 'staff' }).expect(200);
    const { secret: _, ...kept } = before;
    expect(body).toEqual({ ...kept, tags: [], include: [], audience: 'staff', version: 2, updatedAt: body.updatedAt });
    expect((await desk.eventsOf(id)).at(-1)).toMatchObject({
      ...{ type: 'webhook.changed', version: 2, data: { changed: ['audience', 'include', 'tags'] } },
    });
    expect(before.tags).toEqual([tag.id]);
  });

  it('that changes nothing keeps the version and records nothing, also what is gone by now', async () => {
    const tag = await desk.label('tags', { name: 'সাময়িক' });
    const { id, body: before } = await desk.hook({ tags: [tag.id], url: 'https://paper.example/নদী' });
    await desk.as('editor', 'delete', `/v1/tags/${tag.id}`).set('If-Match', '*').expect(204);
    const { name, url, audience, include, kinds, events, tags, sources, languages, enabled } = before;
    const sent = { name, url, audience, include, kinds, events, tags, sources, languages, enabled };
    const { body } = await desk.mend(id, sent).expect(200);
    expect(body.version).toBe(1);
    expect(await typesOf(id)).toEqual(['webhook.created']);
    await desk.mend(id, { tags: ['সাময়িক'] }).expect(422);
  });

  it('refuses another type, an unknown member and a target to which nothing is sent', async () => {
    const { id } = await desk.hook();
    expect(pointers(await desk.mend(id, { type: 'varnish' }).expect(400))).toEqual(['/type']);
    expect(pointers(await desk.mend(id, { secret: 'whsec_x' }).expect(400))).toEqual(['/secret']);
    const answer = await desk.mend(id, { url: 'https://[::ffff:169.254.169.254]/' }).expect(422);
    expect([answer.body.code, pointers(answer)]).toEqual(['refused-target', ['/url']]);
    expect((await desk.ask('get', hookPath(id)).expect(200)).body.version).toBe(1);
  });

  it('disables it with an event; enabling forgets what failed and tries at once what waits', async () => {
    const { id } = await desk.hook();
    const { body: off } = await desk.mend(id, { enabled: false }).expect(200);
    expect([off.enabled, off.disabledReason]).toEqual([false, null]);
    await desk.app.sql(
      `UPDATE webhooks SET disabled_reason = 'failing', failures = 40, failing_since = now() - interval '3 days', probe_at = now() + interval '8 hours' WHERE id = $1`,
      [id],
    );
    await desk.plant(id, { dueIn: '6 hours' }, { state: 'dead' });
    const { body: on } = await desk.mend(id, { enabled: true }).expect(200);
    expect(on).toMatchObject({
      enabled: true,
      disabledReason: null,
      failures: 0,
      failingSince: null,
      nextProbeAt: null,
    });
    expect(await typesOf(id)).toEqual(['webhook.created', 'webhook.disabled', 'webhook.enabled']);
    const rows = await desk.app.sql(
      'SELECT state, due_at <= now() AS due FROM webhook_deliveries WHERE webhook_id = $1 ORDER BY id',
      [id],
    );
    expect(rows).toEqual([
      { state: 'waiting', due: true },
      { state: 'dead', due: true },
    ]);
  });

  it('that fails is tried at once where `enabled: true` is sent: the same version, an event, and nothing the second time', async () => {
    const { id } = await desk.hook();
    const [delivery] = await desk.plant(id, { dueIn: '6 hours' });
    const { body: healthy } = await desk.mend(id, { enabled: true }).expect(200);
    await desk.app.sql(
      `UPDATE webhooks SET failures = 6, failing_since = now() - interval '1 day', probe_at = now() + interval '1 hour' WHERE id = $1`,
      [id],
    );
    expect((await desk.mend(id, { enabled: true }).expect(200)).body).toEqual(healthy);
    const due = 'SELECT due_at <= now() AS due FROM webhook_deliveries WHERE id = $1';
    expect(await desk.app.sql(due, [delivery])).toEqual([{ due: true }]);
    await desk.mend(id, { enabled: true }).expect(200);
    expect((await desk.eventsOf(id)).slice(1)).toEqual([
      { type: 'webhook.retried', version: 1, actor_id: desk.people.admin.id, data: {} },
    ]);
  });

  it('is tried at once also where only a probe is set, and where another member changes with it', async () => {
    const { id } = await desk.hook();
    const [delivery] = await desk.plant(id, { dueIn: '6 hours' });
    await desk.app.sql(`UPDATE webhooks SET probe_at = now() + interval '1 hour' WHERE id = $1`, [id]);
    const { body } = await desk.mend(id, { enabled: true, name: 'নতুন নাম' }).expect(200);
    expect(body).toMatchObject({ name: 'নতুন নাম', nextProbeAt: null, version: 2 });
    const due = 'SELECT due_at <= now() AS due FROM webhook_deliveries WHERE id = $1';
    expect(await desk.app.sql(due, [delivery])).toEqual([{ due: true }]);
    expect(await typesOf(id)).toEqual(['webhook.created', 'webhook.changed', 'webhook.retried']);
  });

  it('to another address forgets what failed at the one before', async () => {
    const { id } = await desk.hook();
    await desk.app.sql(`UPDATE webhooks SET failures = 9, probe_at = now() + interval '1 hour' WHERE id = $1`, [id]);
    await desk.mend(id, { name: 'একই ঠিকানা' }).expect(200);
    expect((await desk.row(id)).failures).toBe(9);
    const { body } = await desk.mend(id, { url: 'https://paper.example/new' }).expect(200);
    expect(body).toMatchObject({ failures: 0, nextProbeAt: null });
  });
});

describe('the token of a purger', () => {
  const fastly = { url: undefined, type: 'fastly', serviceId: 'SU1Z0isx', token: 'the-first-token' };

  it('is replaced by another, and the event names it without saying it', async () => {
    const { id } = await desk.hook(fastly);
    // The one that it has is a change like any other, or a guess could be tried.
    expect((await desk.mend(id, { token: 'the-first-token' }).expect(200)).body.version).toBe(2);
    expect((await desk.mend(id, { token: 'the-second-token' }).expect(200)).body.version).toBe(3);
    expect(desk.app.deps.webhookSecrets.open(String((await desk.row(id)).secret))).toBe('the-second-token');
    expect((await desk.eventsOf(id)).at(-1)).toMatchObject({ type: 'webhook.changed', data: { changed: ['token'] } });
  });

  it('goes to no other address than it came with, so that nobody reads it there', async () => {
    const { id } = await desk.hook(fastly);
    expect(pointers(await desk.mend(id, { url: 'https://paper.example/' }).expect(422))).toEqual(['/token']);
    await desk.mend(id, { url: 'https://paper.example/', token: 'the-first-token' }).expect(200);
  });

  it('is nothing to rotate, and filters are refused later too', async () => {
    const { id } = await desk.hook(fastly);
    const { body } = await desk.ask('post', hookPath(id, '/rotate-secret')).set('If-Match', '*').expect(409);
    expect(body.code).toBe('signs-nothing');
    expect(pointers(await desk.mend(id, { kinds: ['tag'] }).expect(422))).toEqual(['/kinds']);
    await desk.mend(id, { kinds: [], audience: 'public' }).expect(200);
  });
});

describe('deleting a webhook', () => {
  it('makes its deliveries unreadable at once, has them removed, and needs the version that was read', async () => {
    const { id, etag } = await desk.hook();
    const { id: other } = await desk.hook();
    const [delivery, waiting] = await desk.plant(id, { state: 'done' }, {});
    const [kept] = await desk.plant(other, {});
    await desk.app.sql(
      `INSERT INTO webhook_attempts (id, delivery_id, at, took_ms) VALUES (gen_random_uuid(), $1, now(), 5)`,
      [delivery],
    );
    await desk.ask('delete', hookPath(id)).expect(428);
    await desk.ask('delete', hookPath(id)).set('If-Match', '"9"').expect(412);
    await desk.ask('delete', hookPath(id)).set('If-Match', etag).expect(204);
    for (const rest of ['', '/deliveries', `/deliveries/${delivery}`])
      await desk.ask('get', hookPath(id, rest)).expect(404);
    await desk.ask('post', hookPath(id, `/deliveries/${delivery}/redeliver`)).expect(404);
    expect(await desk.app.sql('SELECT 1 FROM webhook_deliveries WHERE id = $1', [waiting])).toEqual([]);
    await sweepOut(desk.app, new AbortController().signal);
    const rows = await desk.app.sql('SELECT id FROM webhook_deliveries WHERE id = ANY($1)', [
      [delivery, waiting, kept],
    ]);
    expect(rows).toEqual([{ id: kept }]);
    const [left] = await desk.app.sql('SELECT count(*)::int AS count FROM webhook_attempts WHERE delivery_id = $1', [
      delivery,
    ]);
    expect(left).toEqual({ count: 0 });
    expect((await desk.eventsOf(id)).at(-1)).toMatchObject({ type: 'webhook.deleted', version: 2 });
  });
});
