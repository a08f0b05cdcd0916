import { patchedBody } from '../articles/articles.change.ts';
import type { Content, Cover } from '../articles/articles.state.ts';
import type { BodyWarning } from '../articles/body-warnings.ts';

/** What a restore makes of an article. Pure. */

type Named = { id: string; name: string };

/** What of a snapshot comes back. Addresses below the public one begin at the root. */
export type Restorable = Pick<
  Content,
  | 'language'
  | 'kicker'
  | 'title'
  | 'excerpt'
  | 'body'
  | 'bodyFormat'
  | 'byline'
  | 'deskInitials'
  | 'sourceUrl'
  | 'sourceItemId'
> & { cover: Cover | null; source: Named | null; tags: Named[] };

/** What of the relations of a snapshot is there still. */
export type Remaining = { tags: ReadonlySet<string>; sources: ReadonlySet<string>; itemTaken: boolean };

const gone = (code: string, detail: string): BodyWarning => ({ code, detail, count: 1 });

type Relations = Pick<Content, 'sourceId' | 'sourceItemId' | 'tagIds'> & { warnings: BodyWarning[] };

/** The relations of a snapshot without those that are gone; a warning names each. An item goes with its source. */
export function restoredRelations({ source, sourceItemId, tags }: Restorable, remaining: Remaining): Relations {
  const keeps = source !== null && remaining.sources.has(source.id);
  const item = keeps && sourceItemId !== null;
  return {
    tagIds: tags.flatMap(({ id }) => (remaining.tags.has(id) ? [id] : [])),
    sourceId: keeps ? source.id : null,
    sourceItemId: item && !remaining.itemTaken ? sourceItemId : null,
    warnings: [
      ...tags.flatMap(({ id, name }) => (remaining.tags.has(id) ? [] : [gone('gone-tag', name)])),
      ...(source === null || keeps ? [] : [gone('gone-source', source.name)]),
      ...(item && remaining.itemTaken ? [gone('taken-source-item', sourceItemId)] : []),
    ],
  };
}

/** The article with text and relations of a snapshot; state, dates, owner, corrections and story stay as they are. */
export function restoredContent(
  before: Content,
  snapshot: Restorable,
  remaining: Remaining,
  publicUrl: string,
): { content: Content; warnings: BodyWarning[] } {
  const { language, kicker, title, excerpt, byline, deskInitials, cover, sourceUrl } = snapshot;
  const { warnings, ...relations } = restoredRelations(snapshot, remaining);
  const { warnings: ofBody, ...body } = patchedBody(null, snapshot, publicUrl);
  const sameItem = relations.sourceId === before.sourceId && relations.sourceItemId === before.sourceItemId;
  const text = { language, kicker, title, excerpt, byline, deskInitials, cover, sourceUrl };
  const itemVersion = sameItem ? before.itemVersion : null;
  return { content: { ...before, ...text, ...body, ...relations, itemVersion }, warnings: [...warnings, ...ofBody] };
}
