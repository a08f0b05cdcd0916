import { del, type Endpoint, get, post } from '../../http/endpoint.ts';
import { type Answer, jsonMadeBySql, noContent, pageJson } from '../../http/json.ts';
import type { KeyRow } from './keys.repository.ts';
import { KeyCreate, KeyMade, KeyPage, KeyView, keyListQuery } from './keys.schema.ts';
import type { KeyService, MadeKey } from './keys.service.ts';
import { createText } from './keys.texts.ts';

const presentKey = ({ json, version }: KeyRow): Answer<KeyView> => ({ body: jsonMadeBySql<KeyView>(json), version });

const presentMade = ({ id, json, version, token }: MadeKey): Answer<KeyMade> => ({
  body: jsonMadeBySql<KeyMade>(`${json.slice(0, -1)},"token":${JSON.stringify(token)}}`),
  version,
  location: `/v1/keys/${id}`,
});

/** For admins who logged in: a key cannot make keys. */
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
        description: createText,
        body: KeyCreate,
        reply: KeyMade,
        status: 201,
        codes: ['unknown-source', 'unknown-tag'],
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
