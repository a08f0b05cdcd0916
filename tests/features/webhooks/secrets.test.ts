import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testSecret } from '../../support/app.ts';
import { outside } from '../../support/outside.ts';
import { type HookDesk, hookPath, openHookDesk } from '../../support/webhooks.ts';

const { setUpWhenMigrated } = outside;

let desk: HookDesk;
beforeAll(async () => {
  desk = await openHookDesk();
});
afterAll(() => desk.close());

const newer = 'another-secret-for-tests-that-is-long-enough-987654';
const newest = 'a-third-secret-for-tests-that-is-long-enough-456789';
const rotate = (id: string, match = '*') => desk.ask('post', hookPath(id, '/rotate-secret')).set('If-Match', match);

/** Begins a process with these secrets on the same database, as a restart does; gives what the desk's process knows then. */
async function restarted<Result>(
  env: { JWT_SECRET: string; JWT_SECRET_PREVIOUS?: string },
  look: (again: HookDesk) => Promise<Result>,
): Promise<Result> {
  const again = await openHookDesk(env, { databaseUrl: desk.app.databaseUrl });
  try {
    await setUpWhenMigrated(again.app, null, new AbortController().signal);
    return await look(again);
  } finally {
    await again.close();
  }
}

describe('the secret of a webhook', () => {
  it('is shown once: in no read, list, event, row, log line or kept answer', async () => {
    const post = () =>
      desk
        .ask('post', '/v1/webhooks')
        .set('Idempotency-Key', 'hook-1')
        .send({ name: 'পত্রিকা', url: 'https://paper.example/' });
    const made = await post().expect(201);
    expect((await post().expect(201)).body.secret).toBe(made.body.secret);
    const { id } = made.body;
    const rotated = await rotate(id).expect(200);
    await desk.ask('post', hookPath(id, '/ping')).expect(201);
    const token = 'a-token-that-nothing-else-holds';
    const { id: purger } = await desk.hook({ url: undefined, type: 'fastly', serviceId: 'a1', token });
    const answers = [
      ...(await Promise.all(
        ['/v1/webhooks', hookPath(id), hookPath(id, '/deliveries'), hookPath(purger), '/v1/events', '/v1/changes'].map(
          (path) => desk.ask('get', path).expect(200),
        ),
      )),
      await desk.mend(id, { name: 'নতুন নাম' }).expect(200),
      await desk.mend(purger, { name: 'নতুন নাম' }).expect(200),
    ].map(({ text }) => text);
    const rows = await desk.app.sql(
      `SELECT to_jsonb(w)::text AS row FROM webhooks w UNION ALL SELECT to_jsonb(e)::text FROM events e
       UNION ALL SELECT to_jsonb(i)::text FROM idempotency_keys i UNION ALL SELECT to_jsonb(d)::text FROM webhook_deliveries d`,
    );
    const places = [...answers, JSON.stringify(rows), desk.app.logLines.join('\n')];
    for (const secret of [made.body.secret, rotated.body.secret, token]) {
      const bare = secret.replace('whsec_', '');
      expect(places.filter((text) => text.includes(bare))).toEqual([]);
    }
    expect(answers.filter((text) => /secret"|previousSecret"|"token"/.test(text))).toEqual([]);
  });

  it('is 32 random bytes, sealed so that equal ones look different', async () => {
    const [one, two] = [await desk.hook(), await desk.hook()];
    for (const { secret } of [one, two]) expect(Buffer.from(secret.slice(6), 'base64')).toHaveLength(32);
    expect(one.secret).not.toBe(two.secret);
    const { seal, open } = desk.app.deps.webhookSecrets;
    expect(seal('এক')).not.toBe(seal('এক'));
    expect(open(String((await desk.row(one.id)).secret))).toBe(one.secret);
  });
});

describe('a rotation', () => {
  it('shows the new secret and keeps the one before for 24 hours; another one keeps the newest two', async () => {
    const { id, secret: first } = await desk.hook();
    const { open } = desk.app.deps.webhookSecrets;
    const secrets = async () => {
      const { secret, previous_secret } = await desk.row(id);
      return [open(String(secret)), open(String(previous_secret))];
    };
    const second = await rotate(id).expect(200);
    expect(second.body).toMatchObject({ id, version: 2, secret: expect.stringMatching(/^whsec_/) });
    expect(await secrets()).toEqual([second.body.secret, first]);
    const [left] = await desk.app.sql(
      `SELECT previous_until - now() BETWEEN interval '23 hours 59 minutes' AND interval '24 hours' AS day FROM webhooks WHERE id = $1`,
      [id],
    );
    expect(left).toEqual({ day: true });
    expect(second.body.previousSecretUntil).toEqual(expect.any(String));
    const third = await rotate(id, '"2"').expect(200);
    expect(await secrets()).toEqual([third.body.secret, second.body.secret]);
    await rotate(id, '"2"').expect(412);
    await desk.app.sql(`UPDATE webhooks SET previous_until = now() - interval '1 s' WHERE id = $1`, [id]);
    expect((await desk.ask('get', hookPath(id)).expect(200)).body.previousSecretUntil).toBeNull();
    await desk.ask('post', hookPath(id, '/rotate-secret')).expect(428);
    expect((await desk.eventsOf(id)).map(({ type }) => type)).toEqual([
      ...['webhook.created', 'webhook.rotated', 'webhook.rotated'],
    ]);
  });
});

describe('a change of JWT_SECRET', () => {
  it('is outlived: a start seals anew what the previous one sealed, so that it may go', async () => {
    const { id, secret } = await desk.hook();
    const { body } = await rotate(id).expect(200);
    const { secret: token, ...row } = await desk.row(id);
    await restarted({ JWT_SECRET: newer, JWT_SECRET_PREVIOUS: testSecret }, async () => undefined);
    const after = await desk.row(id);
    expect([after.secret === token, after.version]).toEqual([false, row.version]);
    const opened = await restarted({ JWT_SECRET: newest, JWT_SECRET_PREVIOUS: newer }, async ({ app }) => {
      const now = await desk.row(id);
      return [now.secret, now.previous_secret].map((sealed) => app.deps.webhookSecrets.open(String(sealed)));
    });
    expect(opened).toEqual([body.secret, secret]);
    expect((await desk.row(id)).enabled).toBe(true);
    await restarted({ JWT_SECRET: testSecret, JWT_SECRET_PREVIOUS: newest }, async () => undefined);
  });

  it('writes nothing where nothing is to be sealed', async () => {
    await desk.hook();
    const rows = () => desk.app.sql('SELECT id, secret, xmin::text FROM webhooks ORDER BY id');
    const before = await rows();
    expect(await desk.app.deps.webhookSecrets.sealAnew(desk.app.deps.db)).toEqual({ sealed: [], lost: [], found: [] });
    expect(await rows()).toEqual(before);
  });

  it('that nothing opens disables the webhook as secret-lost; the right secret, or a rotation, mends it', async () => {
    await desk.app.sql('DELETE FROM webhooks');
    const [{ id }, { id: other }] = [await desk.hook(), await desk.hook()];
    const { id: off } = await desk.hook({ enabled: false });
    const varnish = await desk.hook({ type: 'varnish', url: 'https://cache.example/' });
    const [waiting = ''] = await desk.plant(id, { dueIn: '3 hours' });
    const isDue = () => desk.app.sql('SELECT due_at <= now() AS due FROM webhook_deliveries WHERE id = $1', [waiting]);
    await desk.app.sql(`UPDATE webhooks SET failures = 9, probe_at = now() + interval '1 hour'`);
    await restarted({ JWT_SECRET: newer }, async (again) => {
      const { body } = await again.ask('get', hookPath(id)).expect(200);
      expect(body).toMatchObject({ enabled: false, disabledReason: 'secret-lost', version: 2 });
      const refused = await again.mend(id, { enabled: true }).expect(409);
      expect(refused.body.code).toBe('secret-lost');
      expect(await isDue()).toEqual([{ due: false }]);
      const rotated = await again.ask('post', hookPath(id, '/rotate-secret')).set('If-Match', '*').expect(200);
      expect(rotated.body).toMatchObject({
        ...{ enabled: true, disabledReason: null, previousSecretUntil: null, failures: 0, nextProbeAt: null },
      });
      expect((await desk.row(id)).previous_secret).toBeNull();
      // What could not be signed goes out now.
      expect(await isDue()).toEqual([{ due: true }]);
    });
    // What an admin has disabled stays so, without a reason of ours.
    expect(await desk.row(off)).toMatchObject({ enabled: false, disabled_reason: null, version: 1 });
    expect(await desk.row(varnish.id)).toMatchObject({ enabled: true, secret: '' });
    const { sealAnew } = desk.app.deps.webhookSecrets;
    expect(await sealAnew(desk.app.deps.db)).toEqual({ sealed: [], lost: [id], found: [other] });
    expect(await desk.row(other)).toMatchObject({
      ...{ enabled: true, disabled_reason: null, version: 3, failures: 0, probe_at: null },
    });
    expect((await desk.eventsOf(other)).map(({ type, actor_id, data }) => [type, actor_id, data])).toEqual([
      ['webhook.created', desk.people.admin.id, expect.anything()],
      ['webhook.disabled', null, { reason: 'secret-lost' }],
      ['webhook.enabled', null, { reason: 'secret-lost' }],
    ]);
  });

  it('that loses the token of a purger is mended by a new one', async () => {
    const { id } = await desk.hook({ url: undefined, type: 'fastly', serviceId: 'a1', token: 'one' });
    await restarted({ JWT_SECRET: newest }, async (again) => {
      expect((await again.mend(id, { enabled: true }).expect(409)).body.code).toBe('secret-lost');
      expect((await again.mend(id, { token: 'two' }).expect(200)).body).toMatchObject({
        enabled: true,
        disabledReason: null,
      });
    });
  });
});
