import { del, type Endpoint, get, post } from '../../http/endpoint.ts';
import { type Answer, jsonMadeBySql, noContent, pageJson } from '../../http/json.ts';
import type { KeyRow } from './keys.repository.ts';
import { KeyCreate, KeyMade, KeyPage, KeyView, keyListQuery } from './keys.schema.ts';
import type { KeyService, MadeKey } from './keys.service.ts';

const presentKey = ({ json, version }: KeyRow): Answer<KeyView> => ({ body: jsonMadeBySql<KeyView>(json), version });

const presentMade = ({ id, json, version, token }: MadeKey): Answer<KeyMade> => ({
  body: jsonMadeBySql<KeyMade>(`${json.slice(0, -1)},"token":${JSON.stringify(token)}}`),
  version,
  location: `/v1/keys/${id}`,
});

const description =
  'A long-lived token for a machine. It acts for the admin who makes it, with the lower of both roles, and ends with that account. ' +
  'It outlives a new password of that account, so that feeds do not stop; while the account is disabled it is refused (`suspended`). `POST /v1/users/{id}/revoke` ends all keys of an account. ' +
  'It reaches neither users nor keys, and `GET /v1/auth/me` tells a machine what its key may do; with `sources` or `tags` it writes only articles of those. ' +
  'Where one of these is merged into another, the limit goes over (`key.limits-moved` in the events); a key for which nothing of its limits is left shows `dead`. ' +
  'Give the feed of an agency a key of its own that names its source, and that source `itemsFrom: "keys"`: nobody else can then take the number of an item before it comes, and a key with the role of an author kills its items in every state.';

/** For admins who logged in: a key makes no keys. */
export function keyRoutes(keys: KeyService, limits: { itemsMax: number }): Endpoint[] {
  const admin = { access: 'admin', keys: false } as const;
  return [
    get(
      '/keys',
      {
        ...admin,
        id: 'listKeys',
        summary: 'List access keys, newest first',
        order: 'newest first; their ids begin with the time when they were made, so that no two are equal',
        query: keyListQuery(limits.itemsMax),
        reply: KeyPage,
      },
      async ({ query }) => {
        const { rows, nextCursor } = await keys.list(query);
        return pageJson<KeyView>(`[${rows.map(({ json }) => json).join(',')}]`, nextCursor);
      },
    ),
    post(
      '/keys',
      {
        ...admin,
        id: 'createKey',
        summary: 'Make an access key',
        description,
        body: KeyCreate,
        reply: KeyMade,
        status: 201,
        failures: ['Unprocessable'],
        bodyExample: { name: 'রয়টার্সের তার', role: 'editor', sources: ['reuters'] },
      },
      async ({ actor, body, call }) => presentMade(await keys.create(actor, body, call)),
    ),
    get(
      '/keys/{id}',
      { ...admin, id: 'getKey', summary: 'Read an access key, without its token', reply: KeyView },
      async ({ params }) => presentKey(await keys.get(params.id)),
    ),
    del(
      '/keys/{id}',
      {
        ...admin,
        id: 'revokeKey',
        summary: 'Revoke an access key at once',
        description: 'The preview links that were made with it end with it.',
        ifMatch: true,
        reply: null,
      },
      async ({ actor, params, ifMatch, call }) => {
        await keys.revoke({ actor, id: params.id, ifMatch, call });
        return noContent;
      },
    ),
  ];
}
