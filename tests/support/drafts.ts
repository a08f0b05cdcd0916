import type { DraftView } from '../../src/features/drafts/drafts.schema.ts';
import type { Caller, Newsroom } from './newsroom.ts';

export type Draft = DraftView;
type Options = { as?: Caller; match?: string | null };
type Call = ReturnType<Newsroom['create']>;

export const draftPath = (id: string) => `/v1/articles/${encodeURIComponent(id)}/draft`;

/** Short names for calls about working drafts. `If-Match: *` is sent by default, none with null. */
export type DraftDesk = {
  read(id: string, as?: Caller): Call;
  patch(id: string, body: object, options?: Options): Call;
  put(id: string, body: object, options?: Options): Call;
  discard(id: string, options?: Options): Call;
  /** Creates or changes a draft by a PATCH; fails the test if the status is not 200. */
  draft(id: string, body: object): Promise<Draft>;
  rows(id: string): Promise<Record<string, unknown>[]>;
};

export function openDraftDesk(room: Newsroom): DraftDesk {
  const write = (method: 'patch' | 'put' | 'delete', id: string, { as = 'editor', match = '*' }: Options = {}) => {
    const request = room.as(as, method, draftPath(id));
    return match === null ? request : request.set('If-Match', match);
  };
  return {
    read: (id, as = 'editor') => room.as(as, 'get', draftPath(id)),
    patch: (id, body, options) => write('patch', id, options).send(body),
    put: (id, body, options) => write('put', id, options).send(body),
    discard: (id, options) => write('delete', id, options),
    draft: async (id, body) => (await write('patch', id).send(body).expect(200)).body,
    rows: (id) => room.app.sql('SELECT * FROM drafts WHERE article_id = $1', [id]),
  };
}

/** What readers get for an article and its lists: bodies, ETags and cache headers. */
export async function publicBytes(room: Newsroom, article: { id: string; slug: string }): Promise<string[]> {
  const paths = [
    `/v1/articles/${article.id}`,
    `/v1/articles/${encodeURIComponent(article.slug)}?include=latest`,
    '/v1/latest',
    '/v1/articles',
    '/v1/tags',
    '/v1/sources',
  ];
  const answers = await Promise.all(paths.map((path) => room.as(null, 'get', path)));
  return answers.map(({ status, text, headers }) => `${status} ${headers.etag} ${headers['cache-control']} ${text}`);
}
