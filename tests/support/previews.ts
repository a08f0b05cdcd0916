import type { Caller, Newsroom } from './newsroom.ts';

export type Preview = { id: string; url: string; token: string; expiresAt: string; showsDraft: boolean };
type Call = ReturnType<Newsroom['create']>;

export const previewsPath = (id: string) => `/v1/articles/${id}/previews`;

/** Short names for calls about preview links, by default of the editor. */
export type PreviewDesk = {
  make(id: string, body?: object, as?: Caller): Call;
  /** Makes a link that ends in a day; fails the test if the status is not 201. */
  made(id: string, as?: Caller): Promise<Preview>;
  list(id: string, as?: Caller, query?: string): Call;
  revoke(id: string, previewId: string, as?: Caller): Call;
  /** Opens a link as anybody may. */
  open(token: string): Call;
  /** What a link shows; fails the test if it is not 200. */
  shown(token: string): Promise<Record<string, unknown>>;
};

export function openPreviewDesk(room: Newsroom): PreviewDesk {
  const make: PreviewDesk['make'] = (id, body = {}, as = 'editor') => room.as(as, 'post', previewsPath(id)).send(body);
  const open: PreviewDesk['open'] = (token) => room.as(null, 'get', `/v1/previews/${token}`);
  return {
    make,
    made: async (id, as) => (await make(id, {}, as).expect(201)).body,
    list: (id, as = 'editor', query = '') => room.as(as, 'get', `${previewsPath(id)}${query}`),
    revoke: (id, previewId, as = 'editor') => room.as(as, 'delete', `${previewsPath(id)}/${previewId}`),
    open,
    shown: async (token) => (await open(token).expect(200)).body,
  };
}
