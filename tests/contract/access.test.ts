import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Endpoint } from '../../src/http/endpoint.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { readDocument } from '../support/document.ts';
import { type Callers, type Identity, identities, type members, openCallers, refused } from '../support/identities.ts';
import { outside } from '../support/outside.ts';
import { plantLabels, plantStories } from '../support/stories.ts';

const { routeGroups } = outside;

/** Who may call an operation: anybody whatever the token, anybody without a bad one, or this role and those above it. */
type Rule = 'any token' | 'public' | (typeof members)[number];

const rules: Readonly<Record<string, Rule>> = {
  listArticles: 'public',
  createArticle: 'author',
  getArticle: 'public',
  updateArticle: 'author',
  trashArticle: 'author',
  publishArticle: 'editor',
  submitArticle: 'author',
  returnArticle: 'editor',
  unpublishArticle: 'editor',
  archiveArticle: 'editor',
  restoreArticle: 'author',
  countArticles: 'viewer',
  changeArticles: 'author',
  purgeArticle: 'admin',
  getDraft: 'editor',
  putDraft: 'editor',
  updateDraft: 'editor',
  deleteDraft: 'editor',
  listPreviews: 'author',
  createPreview: 'author',
  revokePreview: 'author',
  listUserPreviews: 'admin',
  getPreview: 'any token',
  listRevisions: 'viewer',
  getRevision: 'viewer',
  compareRevisions: 'viewer',
  restoreRevision: 'author',
  linkArticle: 'author',
  unlinkArticle: 'author',
  listEditing: 'viewer',
  enterEditing: 'author',
  leaveEditing: 'author',
  listRedirects: 'public',
  putItem: 'author',
  listLatest: 'public',
  searchArticles: 'public',
  listSources: 'public',
  createSource: 'editor',
  getSource: 'public',
  updateSource: 'editor',
  deleteSource: 'editor',
  listTags: 'public',
  createTag: 'editor',
  getTag: 'public',
  updateTag: 'editor',
  deleteTag: 'editor',
  mergeTag: 'editor',
  login: 'any token',
  refresh: 'any token',
  logout: 'any token',
  getAccount: 'viewer',
  changePassword: 'viewer',
  listUsers: 'admin',
  createUser: 'admin',
  getUser: 'admin',
  updateUser: 'admin',
  deleteUser: 'admin',
  listKeys: 'admin',
  createKey: 'admin',
  getKey: 'admin',
  revokeKey: 'admin',
  revokeAccess: 'admin',
  listWebhooks: 'admin',
  createWebhook: 'admin',
  getWebhook: 'admin',
  updateWebhook: 'admin',
  deleteWebhook: 'admin',
  rotateWebhookSecret: 'admin',
  pingWebhook: 'admin',
  listDeliveries: 'admin',
  getDelivery: 'admin',
  skipDelivery: 'admin',
  redeliver: 'admin',
  redeliverDead: 'admin',
  listChanges: 'public',
  streamChanges: 'public',
  streamLatest: 'public',
  listEvents: 'admin',
  getLiveness: 'any token',
  getReadiness: 'any token',
  getMetrics: 'any token',
  getJwks: 'any token',
  getDemoCover: 'any token',
  getHome: 'any token',
  getOpenApiJson: 'any token',
  getOpenApiYaml: 'any token',
  getReference: 'any token',
  getReferenceFile: 'any token',
};

/** What a machine cannot do with an access key, whatever its role: passwords, users, keys and webhooks are for people. */
const forPeople = new Set(
  ['changePassword', 'listUsers', 'createUser', 'getUser', 'updateUser', 'deleteUser'].concat([
    'listKeys',
    'createKey',
    'getKey',
    'revokeKey',
    'revokeAccess',
    'listUserPreviews',
    ...['listWebhooks', 'createWebhook', 'getWebhook', 'updateWebhook', 'deleteWebhook', 'rotateWebhookSecret'],
    ...['pingWebhook', 'listDeliveries', 'getDelivery', 'skipDelivery', 'redeliver', 'redeliverDead'],
  ]),
);

const isBad = (who: Identity) => refused.some((name) => name === who);
const ranks: Readonly<Record<string, number>> = { viewer: 1, author: 2, editor: 3, admin: 4 };
const rank = (who: Identity | Rule) => ranks[who] ?? 0;

/** 401, 403, or 0 for a call that access does not refuse. Writes send no If-Match, so that none of them happens. */
function refusal(id: string, rule: Rule, who: Identity, method: string): 0 | 401 | 403 {
  if (rule === 'any token') return 0;
  if (isBad(who)) return 401;
  if (rule === 'public') return 0;
  if (who === 'nobody') return 401;
  if (who === 'reading key' && method !== 'get') return 403;
  if (who.endsWith('key')) return forPeople.has(id) ? 403 : 0;
  return rank(who) < rank(rule) ? 403 : 0;
}

/** Bodies that these operations refuse as 400: a log-in with a wrong password would be 401, a real logout or revocation would end a caller. */
const bodies: Readonly<Record<string, object>> = {
  login: {},
  refresh: {},
  logout: { refreshToken: '' },
  revokeAccess: {},
};

describe('who may call what', () => {
  let app: TestApp;
  let callers: Callers;
  let endpoints: Map<string, Endpoint>;
  let own: { draft: string; trashed: string };
  const segments = new Map<string, string>();

  beforeAll(async () => {
    app = await startApp({ DATABASE_POOL_MAX: '15' });
    callers = await openCallers(app);
    endpoints = new Map(
      routeGroups(app.deps, app.services).flatMap((group) =>
        group.endpoints.map((endpoint) => [endpoint.spec.id, endpoint]),
      ),
    );
    const createdById = callers.people.author.id;
    const [draft = '', trashed = ''] = await plantStories(app, [
      { status: 'draft', createdById },
      { status: 'draft', createdById, deletedAt: new Date().toISOString() },
    ]);
    own = { draft, trashed };
    const [tag] = await plantLabels(app, 'tags', ['নৌপথ']);
    const [source] = await plantLabels(app, 'sources', ['হাওর সংবাদ']);
    segments.set('/v1/tags/', tag?.id ?? '');
    segments.set('/v1/sources/', source?.id ?? '');
    segments.set('/v1/users/', callers.people.viewer.id);
  });
  afterAll(() => app.close());

  /** The path with something that is there in the place of each parameter: what an author may touch is the author's own. */
  const pathOf = ({ path, spec }: Endpoint): string => {
    const article = spec.id === 'restoreArticle' ? own.trashed : own.draft;
    const prefix = path.slice(0, path.indexOf('{'));
    const first = prefix === '/v1/articles/' ? article : (segments.get(prefix) ?? article);
    return path.replace(/\{\w+\}/, first).replaceAll(/\{\w+\}/g, '1');
  };

  const call = async (endpoint: Endpoint, who: Identity) => {
    const request = app.request(endpoint.method === 'get' ? 'get' : endpoint.method, pathOf(endpoint));
    const header = callers.headers[who];
    if (header !== undefined) request.set('Authorization', header);
    const body = bodies[endpoint.spec.id] ?? endpoint.spec.bodyExample ?? {};
    return endpoint.spec.body ? request.send(Object(body)) : request;
  };

  it('is said here of every operation, and of nothing else', () => {
    expect([...endpoints.keys()].sort()).toEqual(Object.keys(rules).sort());
  });

  it('is what the route says of itself, as the document tells it', () => {
    for (const [id, { spec }] of endpoints) {
      const said = spec.token === undefined ? spec.access : 'any token';
      expect([id, said]).toEqual([id, rules[id]]);
    }
  });

  it('is told of every operation in words that hold for authors too, who see less than viewers', async () => {
    const words = {
      'any token': 'Needs no token.',
      public: 'Needs no token.',
      viewer: 'For every role, each within what it may see.',
      author: 'For authors, within what they may see and change, and for `editor` and `admin`.',
      editor: 'Needs the role `editor` or `admin`.',
      admin: 'Needs the role `admin`.',
    } as const;
    for (const { id, said } of (await readDocument(app)).operations)
      expect([id, said.description]).toEqual([id, expect.stringContaining(words[rules[id] ?? 'public'])]);
  });

  it.each(Object.entries(rules))('%s: %s', async (id, rule) => {
    const endpoint = endpoints.get(id);
    if (endpoint === undefined) throw new Error(`there is no operation ${id}`);
    const answers = await Promise.all(identities.map(async (who) => ({ who, answer: await call(endpoint, who) })));
    for (const { who, answer } of answers) {
      const expected = refusal(id, rule, who, endpoint.method);
      const got = answer.status === 401 || answer.status === 403 ? answer.status : 0;
      expect([who, got, expected || answer.status]).toEqual([who, expected, answer.status]);
      if (expected === 0) continue;
      const code = expected === 403 ? 'forbidden' : who === 'nobody' ? 'unauthenticated' : 'invalid-token';
      expect(answer.body).toMatchObject({ code, status: expected });
      expect(answer.headers['www-authenticate'] !== undefined).toBe(expected === 401);
    }
  });

  it('leaves what was there, and every session, as it was', async () => {
    const ids = [own.draft, own.trashed, ...segments.values()];
    const rows = await app.sql(
      `SELECT version FROM articles WHERE id = ANY($1) UNION ALL SELECT version FROM tags WHERE id = ANY($1)
       UNION ALL SELECT version FROM sources WHERE id = ANY($1) UNION ALL SELECT version FROM users WHERE id = ANY($1)`,
      [ids],
    );
    expect(rows).toEqual(Array(5).fill({ version: 1 }));
    const alive = await app.sql('SELECT id FROM sessions WHERE user_id = ANY($1) AND revoked_at IS NULL', [
      Object.values(callers.people).map(({ id }) => id),
    ]);
    expect(alive).toHaveLength(4);
  });
});
