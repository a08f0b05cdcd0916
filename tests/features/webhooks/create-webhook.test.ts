import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pointers } from '../../support/newsroom.ts';
import { type HookDesk, hookPath, openHookDesk } from '../../support/webhooks.ts';

let desk: HookDesk;
const post = (body: object) => desk.ask('post', '/v1/webhooks').send({ name: 'পত্রিকা', ...body });
const count = async () => (await desk.app.sql('SELECT count(*)::int AS count FROM webhooks'))[0]?.count;

beforeAll(async () => {
  desk = await openHookDesk();
});
afterAll(() => desk.close());

describe('making a webhook', () => {
  it('answers what it is, where it is, and its secret, and records who made it', async () => {
    const tag = await desk.label('tags', { name: 'কৃষি' });
    const source = await desk.label('sources', { name: 'হাওর বার্তা' });
    const sent = {
      ...{ name: 'সাইট', url: 'https://paper.example/hooks?for=নদী', audience: 'staff', include: ['item'] },
      ...{ kinds: ['article', 'tag', 'article'], events: ['article.published', 'tag.updated'], languages: ['BN'] },
      ...{ tags: ['কৃষি', tag.id], sources: [source.id], enabled: false },
    };
    const { body, headers } = await desk.ask('post', '/v1/webhooks').send(sent).expect(201);
    expect(body).toEqual({
      ...{ id: expect.any(String), type: 'webhook', name: 'সাইট', serviceId: null, zoneId: null, audience: 'staff' },
      ...{ url: 'https://paper.example/hooks?for=%E0%A6%A8%E0%A6%A6%E0%A7%80', include: ['item'], enabled: false },
      ...{ kinds: ['article', 'tag'], events: sent.events, languages: ['bn'], tags: [tag.id], sources: [source.id] },
      ...{ disabledReason: null, failures: 0, failingSince: null, nextProbeAt: null, succeededAt: null },
      ...{ previousSecretUntil: null, version: 1, createdBy: desk.people.admin.id, secret: body.secret },
      ...{ createdAt: expect.any(String), updatedAt: body.createdAt },
    });
    expect(body.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(headers.location).toBe(`https://news.example/api${hookPath(body.id)}`);
    expect(headers.etag).toMatch(/^"1-/);
    const { secret: _, ...shown } = body;
    expect((await desk.ask('get', hookPath(body.id)).expect(200)).body).toEqual(shown);
    expect(await desk.eventsOf(body.id)).toEqual([
      ...[
        { type: 'webhook.created', version: 1, actor_id: desk.people.admin.id, data: { name: 'সাইট', type: 'webhook' } },
      ],
    ]);
  });

  it('takes everything by default: public, of all kinds, without the item, enabled', async () => {
    const { body } = await desk.hook();
    expect(body).toMatchObject({ audience: 'public', include: [], kinds: [], events: [], tags: [], enabled: true });
  });

  it('begins at what is committed: no change of before has a higher position, every one of after has', async () => {
    await desk.story({ status: 'published' });
    const { id } = await desk.hook();
    await desk.story({ status: 'published' });
    const { id: later } = await desk.hook();
    const positions =
      'SELECT w.position::int, (SELECT count(*)::int FROM changes) AS given FROM webhooks w WHERE id = $1';
    const [first] = await desk.app.sql<{ position: number }>(positions, [id]);
    const [second] = await desk.app.sql<{ position: number; given: number }>(positions, [later]);
    const [after] = await desk.app.sql<{ of: string[] }>(
      `SELECT array_agg(DISTINCT split_part(e.type, '.', 1)) AS of FROM changes c JOIN events e ON e.seq = c.event_seq
        WHERE c.position > $1 AND c.position <= $2`,
      [first?.position, second?.position],
    );
    expect(after?.of.sort()).toEqual(['article', 'webhook']);
    expect(second?.position).toBe(second?.given);
  });

  it.each([
    ...['http://paper.example/', 'https://user:pass@paper.example/', 'https://paper.example/#x', 'file:///etc/passwd'],
    ...['https://127.0.0.1/', 'https://127.1/', 'https://0x7f.1/', 'https://2130706433/', 'https://①②⑦.0.0.1/'],
    ...['https://[::ffff:7f00:1]/', 'https://[64:ff9b::7f00:1]/', 'https://[::]/', 'https://0.0.0.0/'],
    ...['https://169.254.169.254/', 'https://168.63.129.16/', 'https://localhost./', 'https://017700000001/'],
    ...['https://paper.example:5432/', 'gopher://paper.example/'],
  ])('refuses to send to %s and stores nothing', async (url) => {
    const before = await count();
    const answer = await post({ url }).expect(422);
    expect([answer.body.code, pointers(answer)]).toEqual(['refused-target', ['/url']]);
    expect(await count()).toBe(before);
  });

  it.each([
    ['nothing between dots', 'https://a..b/'],
    ['two dots at its end', 'https://paper.example../'],
    ['a dot alone', 'https://./'],
    ['64 letters between dots', `https://${'a'.repeat(64)}.example/`],
    ['too many once it is in ASCII', `https://${'ঘাট'.repeat(20)}.example/`],
    ['255 characters', `https://${'news.'.repeat(50)}paper/`],
  ])('refuses a host with %s and stores nothing', async (_, url) => {
    const before = await count();
    const answer = await post({ url }).expect(400);
    expect(answer.body.errors).toEqual([
      {
        in: 'body',
        pointer: '/url',
        detail: 'Name a host that can be one: 1 to 63 characters between dots, and 253 in all.',
      },
    ]);
    expect(await count()).toBe(before);
  });

  it('takes the longest names that DNS has, with and without a dot at the end', async () => {
    for (const host of [`${'a'.repeat(63)}.example`, `${'news.'.repeat(49)}paper.io`, 'paper.example.'])
      await post({ url: `https://${host}/` }).expect(201);
  });

  it('refuses what is no address, no event, and no filter that is there', async () => {
    expect(pointers(await post({ url: 'paper' }).expect(400))).toEqual(['/url']);
    expect(pointers(await post({ url: 'https://paper.example/a b' }).expect(400))).toEqual(['/url']);
    const url = 'https://paper.example/';
    for (const event of [
      'user.created',
      'article',
      'article.*',
      'webhook.created',
      'article.publish',
      'draft.updated',
    ]) {
      const answer = await post({ url, events: [event] }).expect(400);
      expect([event, pointers(answer)]).toEqual([event, ['/events/0']]);
      expect(answer.body.errors[0].detail).toContain('article.published');
    }
    const unfit = await post({ url, kinds: ['tag'], events: ['tag.updated', 'article.published'] }).expect(422);
    expect([unfit.body.code, pointers(unfit)]).toEqual(['unfit-webhook', ['/events/1']]);
    const tag = await post({ url, tags: ['নেই-এমন'] }).expect(422);
    expect([tag.body.code, pointers(tag)]).toEqual(['unknown-tag', ['/tags/0']]);
    const source = await post({ url, sources: ['হাওর-বার্তা', 'nowhere'] }).expect(422);
    expect([source.body.code, pointers(source)]).toEqual(['unknown-source', ['/sources/1']]);
    expect(pointers(await post({}).expect(422))).toEqual(['/url']);
    expect(pointers(await post({ url, token: 'x' }).expect(422))).toEqual(['/token']);
  });

  it('makes at most 100, also when many are made at once', async () => {
    const left = 98 - Number(await count());
    await desk.app.sql(
      `INSERT INTO webhooks (id, type, name, url, audience, with_item, kinds, events, secret, position)
       SELECT gen_random_uuid(), 'varnish', 'পূরণ', 'https://paper.example/', 'public', false, '{}', '{}', '', 0 FROM generate_series(1, $1)`,
      [left],
    );
    const answers = await Promise.all([1, 2, 3, 4].map(() => post({ url: 'https://paper.example/' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 409, 409]);
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({ code: 'too-many-webhooks' });
    expect(await count()).toBe(100);
    await desk.app.sql(`DELETE FROM webhooks WHERE name = 'পূরণ'`);
  });
});

describe('a purger', () => {
  const fastly = { type: 'fastly', serviceId: 'SU1Z0isx', token: 'token-of-the-desk' };
  const cloudflare = { type: 'cloudflare', zoneId: '023e105f4ecef8ad9ca31a8372d0c353', token: 'token-of-the-desk' };

  it('of a provider is known by its option and its token, which nothing shows', async () => {
    for (const [sent, url] of [
      [fastly, 'https://api.fastly.com/'],
      [cloudflare, 'https://api.cloudflare.com/'],
    ] as const) {
      const { token, ...options } = sent;
      const answer = await post(sent).expect(201);
      expect(answer.body).toMatchObject({ ...options, url, secret: null, audience: 'public' });
      expect(answer.text).not.toContain(token);
      expect(JSON.stringify(await desk.row(answer.body.id))).not.toContain(token);
    }
  });

  it('of Varnish has an address and nothing else', async () => {
    const { body } = await post({ type: 'varnish', url: 'https://cache.example/' }).expect(201);
    expect(body).toMatchObject({ secret: null, serviceId: null, zoneId: null });
    expect(pointers(await post({ type: 'varnish' }).expect(422))).toEqual(['/url']);
    const { zoneId, token } = cloudflare;
    const wrong = await post({ type: 'varnish', url: 'https://cache.example/', zoneId, token }).expect(422);
    expect(pointers(wrong).sort()).toEqual(['/token', '/zoneId']);
  });

  it('takes no filters, and no option or token of another type', async () => {
    const filters = { tags: ['কৃষি'], kinds: ['tag'], events: ['tag.updated'], languages: ['bn'], include: ['item'] };
    const answer = await post({ ...fastly, ...filters, sources: ['হাওর-বার্তা'], audience: 'staff' }).expect(422);
    const named = [...Object.keys(filters), 'sources', 'audience'].map((name) => `/${name}`);
    expect([answer.body.code, pointers(answer).sort()]).toEqual(['unfit-webhook', named.sort()]);
    const wrong = await post({ type: 'fastly', zoneId: cloudflare.zoneId }).expect(422);
    expect(pointers(wrong).sort()).toEqual(['/serviceId', '/token', '/zoneId']);
    await post({ ...fastly, tags: [], kinds: null, audience: 'public' }).expect(201);
  });
});

describe('with networks that are allowed', () => {
  it('anything may be sent there, and nothing private elsewhere', async () => {
    const own = await openHookDesk({ WEBHOOK_ALLOW_NETWORKS: '127.0.0.0/8, fd00::/8' });
    try {
      for (const url of ['http://127.0.0.1:6081/', 'http://127.1/', 'http://localhost:6081/', 'http://[fd00::1]:80/'])
        await own.hook({ url, type: 'varnish' });
      // What a name stands for is known when something is sent.
      await own.hook({ url: 'http://varnish.internal:6081/', type: 'varnish' });
      for (const url of ['http://10.0.0.1/', 'https://[::ffff:7f00:1]/', 'https://[::1]/', 'http://203.112.1.1/'])
        expect([url, (await own.ask('post', '/v1/webhooks').send({ name: 'ক্যাশ', url })).body.code]).toEqual([
          ...[url, 'refused-target'],
        ]);
    } finally {
      await own.close();
    }
  });
});
