import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Endpoint } from '../../src/http/endpoint.ts';
import { pathOf } from '../support/newsroom.ts';
import { outside } from '../support/outside.ts';
import { type HookDesk, hookPath, openHookDesk } from '../support/webhooks.ts';

const { routeGroups } = outside;

/** What is shown once is looked for in every answer that an admin can get, in every table and in the log. */

let desk: HookDesk;
let endpoints: Endpoint[];
let things: Readonly<Record<string, string>>;
const secrets = new Map<string, string>();
const token = 'Zqx-canary-of-the-token-of-a-purger';

beforeAll(async () => {
  desk = await openHookDesk({ RATE_LIMIT_WRITES: '100000', LOG_LEVEL: 'debug' });
  endpoints = routeGroups(desk.app.deps, desk.app.services).flatMap((group) => group.endpoints);
  const { id: article } = await desk.story({ status: 'published' });
  const hook = await desk.hook();
  const rotated = await desk.ask('post', hookPath(hook.id, '/rotate-secret')).set('If-Match', '*').expect(200);
  const purger = await desk.hook({ url: undefined, type: 'fastly', serviceId: 'a1', token });
  const ping = await desk.ask('post', hookPath(hook.id, '/ping')).expect(201);
  const key = await desk.ask('post', '/v1/keys').send({ name: 'যন্ত্র', role: 'editor' }).expect(201);
  const preview = await desk.as('editor', 'post', pathOf(article, '/previews')).send({}).expect(201);
  secrets
    .set('secret', hook.secret.slice(6))
    .set('rotated secret', rotated.body.secret.slice(6))
    .set('token of a purger', token)
    .set('key', key.body.token.split('.')[2])
    .set('preview', preview.body.token.split('.')[1]);
  things = {
    ...{ articles: article, webhooks: hook.id, purger: purger.id, users: desk.people.viewer.id, keys: key.body.id },
    ...{ deliveryId: ping.body.id, previewId: preview.body.id, version: '1', tags: 'নেই', sources: 'নেই' },
  };
});
afterAll(() => desk.close());

const targetOf = ({ path }: Endpoint, webhook: string): string => {
  const [, what = ''] = /^\/v1\/(\w+)/.exec(path) ?? [];
  const first = what === 'webhooks' ? webhook : things[what];
  return path
    .replace(/\{(id|idOrSlug)\}/, encodeURIComponent(first ?? 'none'))
    .replaceAll(/\{(\w+)\}/g, (_, name) => things[name] ?? 'none');
};

const found = (text: string) => [...secrets].flatMap(([name, secret]) => (text.includes(secret) ? [name] : []));

describe('a secret that is shown once', () => {
  it('is in no answer to any GET of an admin', async () => {
    const reads = endpoints.filter(({ method }) => method === 'get');
    const shown: string[] = [];
    for (const endpoint of reads)
      for (const webhook of ['webhooks', 'purger']) {
        const { text, headers } = await desk.ask('get', targetOf(endpoint, things[webhook] ?? ''));
        const places = found(`${text ?? ''} ${JSON.stringify(headers)}`);
        if (places.length > 0) shown.push(`${endpoint.spec.id}: ${places}`);
      }
    expect(shown).toEqual([]);
    expect(reads.length).toBeGreaterThan(35);
  });

  it('is in no answer to a write about its webhook, refused or done', async () => {
    const writes = endpoints.filter(({ method, path }) => method !== 'get' && path.startsWith('/v1/webhooks/{id}'));
    const shown: string[] = [];
    for (const webhook of ['webhooks', 'purger'])
      for (const match of ['"99"', '*'])
        for (const endpoint of writes.filter(({ method }) => match !== '*' || method !== 'delete')) {
          const call = desk.ask(endpoint.method, targetOf(endpoint, things[webhook] ?? '')).set('If-Match', match);
          const { text } = await (endpoint.spec.body ? call.send({ name: 'নতুন', token, enabled: false }) : call);
          if (found(text ?? '').length > 0) shown.push(`${endpoint.spec.id}: ${found(text)}`);
        }
    expect(shown).toEqual([]);
    expect(writes.length).toBe(7);
  });

  it('is in no table and in no line of the log', async () => {
    const tables = await desk.app.sql<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
    );
    for (const { name } of tables) {
      const rows = await desk.app.sql<{ row: string }>(`SELECT to_jsonb(t)::text AS row FROM "${name}" t`);
      expect([name, found(rows.map(({ row }) => row).join('\n'))]).toEqual([name, []]);
    }
    expect(tables.length).toBeGreaterThan(20);
    expect(found(desk.app.logLines.join('\n'))).toEqual([]);
    expect(desk.app.logLines.length).toBeGreaterThan(50);
  });
});
