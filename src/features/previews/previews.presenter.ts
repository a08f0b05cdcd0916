import { withSlug } from '../../article/draft.ts';
import { type Answer, jsonMadeBySql, pageJson } from '../../http/json.ts';
import type { PreviewedArticle, PreviewMade, PreviewView } from './previews.schema.ts';
import type { MadePreview, Previewed, PreviewRows } from './previews.service.ts';

export const presentPage = ({ rows, nextCursor }: PreviewRows) =>
  pageJson<PreviewView>(`[${rows.map(({ json }) => json).join(',')}]`, nextCursor);

export function presentMade({ row, token }: MadePreview, publicUrl: string): Answer<PreviewMade> {
  const location = `/v1/previews/${token}`;
  const secret = JSON.stringify({ url: `${publicUrl}${location}`, token });
  return { body: jsonMadeBySql<PreviewMade>(`${row.json.slice(0, -1)},${secret.slice(1)}`), location };
}

/** No caching, no indexing, and no referrer, which would put the address into other servers' logs. */
const headers = {
  'Cache-Control': 'private, no-store',
  'X-Robots-Tag': 'noindex, nofollow',
  'Referrer-Policy': 'no-referrer',
};

export function presentArticle({ row, outlook }: Previewed): Answer<PreviewedArticle> {
  const { json, is_draft, expires_at } = row;
  const blockedBy = outlook?.blockedBy ?? [];
  const preview = JSON.stringify({ preview: { isDraft: is_draft, blockedBy, expiresAt: expires_at } });
  const article = outlook === null ? json : withSlug(json, outlook.slug);
  return { body: jsonMadeBySql<PreviewedArticle>(`${article.slice(0, -1)},${preview.slice(1)}`), headers };
}
