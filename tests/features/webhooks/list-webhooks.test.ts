import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer } from '../../support/app.ts';
import { type HookDesk, hookPath, openHookDesk } from '../../support/webhooks.ts';

let desk: HookDesk;
beforeAll(async () => {
  desk = await openHookDesk();
});
afterAll(() => desk.close());

describe('the list of webhooks', () => {
  it('is newest first, page by page, and names each once', async () => {
    const ids: string[] = [];
    for (let made = 0; made < 5; made += 1) ids.unshift((await desk.hook()).id);
    const seen: string[] = [];
    for (let after = ''; ; ) {
      const { body } = await desk.ask('get', `/v1/webhooks?limit=2${after}`).expect(200);
      seen.push(...body.data.map(({ id }: { id: string }) => id));
      if (body.page.nextCursor === null) break;
      after = `&after=${body.page.nextCursor}`;
    }
    expect(seen).toEqual(ids);
    const { body } = await desk.ask('get', '/v1/webhooks?after=nonsense').expect(400);
    expect(body.code).toBe('invalid-cursor');
  });

  it('is for admins, not for editors, and not for the access keys of admins', async () => {
    const { id } = await desk.hook();
    const [delivery = ''] = await desk.plant(id, { state: 'dead' });
    const { body: key } = await desk.ask('post', '/v1/keys').send({ name: 'যন্ত্র', role: 'admin' }).expect(201);
    const calls = [
      ...[
        ['get', '/v1/webhooks'],
        ['post', '/v1/webhooks'],
        ['get', hookPath(id)],
        ['patch', hookPath(id)],
      ],
      ...[
        ['delete', hookPath(id)],
        ['post', hookPath(id, '/rotate-secret')],
        ['post', hookPath(id, '/ping')],
      ],
      ...[
        ['get', hookPath(id, '/deliveries')],
        ['get', hookPath(id, `/deliveries/${delivery}`)],
      ],
      ...[
        ['post', hookPath(id, `/deliveries/${delivery}/skip`)],
        ['post', hookPath(id, '/redeliver')],
      ],
      ...[['post', hookPath(id, `/deliveries/${delivery}/redeliver`)]],
    ] as const;
    for (const [method, path] of calls) {
      const call = () =>
        desk.app.request(
          method === 'get' ? 'get' : method === 'post' ? 'post' : method === 'patch' ? 'patch' : 'delete',
          path ?? '',
        );
      expect([path, (await call()).status]).toEqual([path, 401]);
      expect([path, (await call().set(...bearer(desk.people.editor))).status]).toEqual([path, 403]);
      expect([path, (await call().set('Authorization', `Bearer ${key.token}`)).status]).toEqual([path, 403]);
    }
    expect((await desk.ask('get', hookPath(id)).expect(200)).body.version).toBe(1);
  });
});

describe('a webhook', () => {
  it('that is not there is 404 for every call', async () => {
    const { id } = await desk.hook();
    for (const none of ['0199f3c2-7a10-7cc3-9d5b-6f0a3f1f2b11', 'নেই', id.toUpperCase()]) {
      const path = hookPath(encodeURIComponent(none));
      await desk.ask('get', path).expect(404);
      await desk.ask('patch', path).set('If-Match', '*').send({ name: 'অন্য' }).expect(404);
      await desk.ask('delete', path).set('If-Match', '*').expect(404);
      await desk.ask('post', `${path}/rotate-secret`).set('If-Match', '*').expect(404);
      await desk.ask('post', `${path}/ping`).expect(404);
      await desk.ask('post', `${path}/redeliver`).expect(404);
      await desk.ask('get', `${path}/deliveries`).expect(404);
    }
  });

  it('tells how sending goes, and has another ETag then, at the same version', async () => {
    const { id, etag } = await desk.hook();
    await desk.app.sql(
      `UPDATE webhooks SET failures = 6, failing_since = '2026-03-01T00:00:00Z', probe_at = '2026-03-01T00:10:00Z', succeeded_at = '2026-02-28T00:00:00Z' WHERE id = $1`,
      [id],
    );
    const { body, headers } = await desk.ask('get', hookPath(id)).set('If-None-Match', etag).expect(200);
    expect(body).toMatchObject({
      ...{ failures: 6, failingSince: '2026-03-01T00:00:00.000Z', nextProbeAt: '2026-03-01T00:10:00.000Z' },
      ...{ succeededAt: '2026-02-28T00:00:00.000Z', version: 1 },
    });
    expect(headers.etag).not.toBe(etag);
    await desk.ask('get', hookPath(id)).set('If-None-Match', String(headers.etag)).expect(304);
  });

  it('shows up among the events by its subject and type, and never among the changes', async () => {
    const { id } = await desk.hook();
    await desk.mend(id, { name: 'নতুন নাম' }).expect(200);
    const { body } = await desk.ask('get', `/v1/events?subject=${id}`).expect(200);
    expect(body.data.map(({ type, subjectType }: Record<string, string>) => [type, subjectType])).toEqual([
      ['webhook.changed', 'webhook'],
      ['webhook.created', 'webhook'],
    ]);
    expect(body.data[0]).toMatchObject({ actorId: desk.people.admin.id, isPublic: false, publicAfter: null });
    const typed = await desk.ask('get', '/v1/events?type=webhook.changed').expect(200);
    expect(typed.body.data.map(({ subjectId }: Record<string, string>) => subjectId)).toEqual([id]);
    await desk.hook();
    for (const audience of ['public', 'staff']) {
      let target = `/v1/changes?audience=${audience}`;
      for (let more = true; more; ) {
        const page = await desk.ask('get', target).expect(200);
        expect(JSON.stringify(page.body.data)).not.toContain('webhook');
        more = page.body.page.more;
        target = `/v1/changes?audience=${audience}&after=${page.body.page.nextCursor}`;
      }
    }
  });
});
