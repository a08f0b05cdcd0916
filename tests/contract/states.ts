import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Endpoint } from '../../src/http/endpoint.ts';
import { type Newsroom, openNewsroom, type Place, pathOf } from '../support/newsroom.ts';
import { outside } from '../support/outside.ts';

const { routeGroups } = outside;

/** Every operation on one article, by everybody, in every state: 404 to who may not see it, 403 to who may not do it. */

export const everyPlace: readonly Place[] = [
  'draft',
  'review',
  'scheduled',
  'published',
  'expired',
  'archived',
  'trash',
];
const callers = ['nobody', 'preview', 'viewer', 'own author', 'other author', 'editor', 'admin', 'editor key'] as const;
type Caller = (typeof callers)[number];

const ranks: Readonly<Record<string, number>> = { viewer: 1, author: 2, editor: 3, admin: 4 };
const rankOf = (caller: Caller) => ranks[caller.split(' ').find((word) => ranks[word] !== undefined) ?? ''] ?? 0;

/** What is said of a thing that is not there: 410 where readers knew it once. The places were all public but three. */
const withdrawn: readonly Place[] = ['expired', 'archived', 'trash'];
/** Beside the article itself nothing tells that it was public once. */
const quiet = /Draft|Preview|Revision|Editing/;

/** The places from which authors may do these with what is theirs; nothing else of theirs is theirs to change. */
const ofOwn: Readonly<Record<string, readonly Place[]>> = {
  updateArticle: ['draft'],
  restoreRevision: ['draft'],
  linkArticle: ['draft'],
  unlinkArticle: ['draft'],
  // In the wrong state it is a conflict, not a lack of rights; the version is asked first.
  submitArticle: everyPlace,
  trashArticle: ['draft', 'trash'],
  restoreArticle: ['trash'],
  archiveArticle: [],
};

const sees = (caller: Caller, place: Place) =>
  rankOf(caller) >= 3 || caller === 'own author' || place === 'published' || (caller === 'viewer' && place !== 'trash');

/** The statuses that are right; what is allowed is refused by a version that is nobody's, so that nothing changes. */
function expected({ spec, method }: Endpoint, caller: Caller, place: Place): readonly number[] {
  const { id, access } = spec;
  if (caller === 'preview') return [401];
  if (caller === 'nobody' && access !== 'public') return [401];
  if (access !== 'public' && rankOf(caller) < (ranks[access] ?? 0)) return [403];
  const hidden = withdrawn.includes(place) && !quiet.test(id) ? [410] : [404];
  if (!sees(caller, place)) return id === 'purgeArticle' ? [404] : hidden;
  if (/Revision|Preview/.test(id) && caller === 'other author') return [403, 404];
  if (/Revision/.test(id) && caller === 'viewer' && place === 'trash') return [404];
  if (rankOf(caller) < 3 && method !== 'get' && !/Editing|Preview/.test(id)) {
    const may = caller === 'own author' && (ofOwn[id] ?? []).includes(place);
    return may ? [412] : [403];
  }
  if (/Draft/.test(id)) return spec.ifMatch ? [404, 409, 412] : [200, 404];
  return spec.ifMatch ? [412] : [200, 201, 204, 403, 404, 409];
}

const bodies: Readonly<Record<string, object>> = {
  updateArticle: {},
  updateDraft: {},
  putDraft: {},
  returnArticle: { note: 'আবার দেখুন' },
  createPreview: {},
};

/** In the states among `places`. */
export const askInStates = (places: readonly Place[]) =>
  describe('every operation on an article, by everybody, in every state', () => {
    let room: Newsroom;
    const ids = new Map<Place, string>();
    const tokens = new Map<Caller, string | undefined>();
    let endpoints: Endpoint[] = [];
    let cells = 0;

    beforeAll(async () => {
      room = await openNewsroom({ RATE_LIMIT_WRITES: '100000' });
      const { people, app } = room;
      for (const place of places) {
        const { id } = await room.story({}, 'author');
        await room.moveTo(place, id);
        ids.set(place, id);
      }
      const other = await room.story({});
      const preview = await room
        .as('editor', 'post', `${pathOf(other.id)}/previews`)
        .send({})
        .expect(201);
      const key = await room.as('admin', 'post', '/v1/keys').send({ name: 'যন্ত্র', role: 'editor' }).expect(201);
      tokens
        .set('preview', preview.body.token)
        .set('viewer', people.viewer.token)
        .set('own author', people.author.token);
      tokens
        .set('other author', people.other.token)
        .set('editor', people.editor.token)
        .set('admin', people.admin.token);
      tokens.set('editor key', key.body.token);
      endpoints = routeGroups(app.deps, app.services)
        .flatMap((group) => group.endpoints)
        .filter(({ path }) => /^\/v1\/articles\/\{/.test(path));
    });
    afterAll(() => room.close());

    const call = (endpoint: Endpoint, caller: Caller, id: string) => {
      const path = endpoint.path
        .replace(/\{(id|idOrSlug)\}/, id)
        .replace('{version}', '1')
        .replace('{previewId}', id);
      const request = room.app.request(endpoint.method, path);
      const token = tokens.get(caller);
      if (token !== undefined) request.set('Authorization', `Bearer ${token}`);
      if (endpoint.spec.ifMatch) request.set('If-Match', '"999"');
      if (endpoint.method === 'get' || endpoint.method === 'delete') return request;
      return request.send(bodies[endpoint.spec.id] ?? (endpoint.spec.id === 'linkArticle' ? { with: id } : {}));
    };

    it.each(places)('in %s', async (place) => {
      const before = await room.world();
      const id = ids.get(place) ?? '';
      const wrong: string[] = [];
      for (const endpoint of endpoints) {
        const answers = await Promise.all(
          callers.map(async (caller) => ({ caller, status: (await call(endpoint, caller, id)).status })),
        );
        for (const { caller, status } of answers) {
          cells += 1;
          const right = expected(endpoint, caller, place);
          if (!right.includes(status))
            wrong.push(`${endpoint.spec.id} by ${caller}: ${status}, not ${right.join(' or ')}`);
        }
      }
      expect(wrong).toEqual([]);
      const after = await room.world();
      expect([after.rows, after.revisions, after.tags]).toEqual([before.rows, before.revisions, before.tags]);
    });

    it('was asked of every such operation', () => {
      expect(endpoints.length).toBeGreaterThanOrEqual(25);
      expect(cells).toBe(places.length * callers.length * endpoints.length);
    });
  });
