import { labelIdSql } from '../../article/read/label-names.ts';
import { keyOfLabel, type LabelRef, splitLabelRefs } from '../../core/label-ref.ts';
import { type Bind, expectFew } from '../../db/sql.ts';
import type { Read } from '../../db/tx.ts';
import type { ChangeAudience, ChangesQuery } from './changes.schema.ts';

/** The tags or sources asked for. `now`: the ids of those that exist. `ever`: also all ids that have stood for them. */
type Named = { readonly now: readonly string[]; readonly ever: readonly string[] };

/** Which articles are followed. A null member means no filter. */
export type Filter = {
  readonly tags: Named | null;
  readonly sources: Named | null;
  readonly languages: readonly string[] | null;
};

export const filtersNothing = ({ tags, sources, languages }: Filter): boolean =>
  tags === null && sources === null && languages === null;

/** What a tag or source stands for. `now`: its id, if it exists. `ever`: also all ids that have stood for it. */
type NamedRow = { ref: string; now: string | null; ever: string[] };

/**
 * Older events name a label that was merged since by its own id, so `ever` includes that id. A label that is gone without a
 * successor is known only by its id.
 */
const namedSql = (table: 'tags' | 'sources', column: string) => `WITH n AS (
    SELECT i::text AS ref, i AS asked, ${labelIdSql(table, 'id', 'i')} AS id FROM unnest($1::uuid[]) i WHERE ${expectFew.text('i::text')}
    UNION ALL SELECT s, NULL, ${labelIdSql(table, 'called', 's')} FROM unnest($2::text[]) s WHERE ${expectFew.text('s')})
  SELECT n.ref, n.id::text AS now, ARRAY(SELECT n.id::text WHERE n.id IS NOT NULL UNION SELECT n.asked::text WHERE n.asked IS NOT NULL
    UNION SELECT h.was FROM @label_history h WHERE h.${column} = n.id) AS ever FROM n`;

const names = {
  tags: { name: 'changes-tags', text: namedSql('tags', 'tag_id') },
  sources: { name: 'changes-sources', text: namedSql('sources', 'source_id') },
};

/** What these references stand for, all in one statement; none for none. */
async function findNamed(
  read: Read,
  table: 'tags' | 'sources',
  refs: readonly LabelRef[],
): Promise<(asked: readonly LabelRef[] | undefined) => Named | null> {
  const { ids, called } = splitLabelRefs(refs);
  const rows = refs.length === 0 ? [] : await read<NamedRow>(names[table], [[...new Set(ids)], [...new Set(called)]]);
  const byRef = new Map(rows.map((row) => [row.ref, row]));
  return (asked) => {
    if (asked === undefined) return null;
    const found = asked.flatMap((ref) => byRef.get(keyOfLabel(ref)) ?? []);
    return {
      now: [...new Set(found.flatMap(({ now }) => now ?? []))],
      ever: [...new Set(found.flatMap(({ ever }) => ever))],
    };
  };
}

/** Which articles are asked for, as a query says it. */
export type Wanted = Pick<ChangesQuery, 'tag' | 'source' | 'language'>;

/** What the names in these queries stand for now. The number of statements does not grow with that of the queries. */
export async function readFilters(read: Read, asked: readonly Wanted[]): Promise<Filter[]> {
  const tagsOf = await findNamed(
    read,
    'tags',
    asked.flatMap(({ tag }) => tag ?? []),
  );
  const sourcesOf = await findNamed(
    read,
    'sources',
    asked.flatMap(({ source }) => source ?? []),
  );
  return asked.map(({ tag, source, language }) => ({
    tags: tagsOf(tag),
    sources: sourcesOf(source),
    languages: language ?? null,
  }));
}

export async function readFilter(read: Read, wanted: Wanted): Promise<Filter> {
  const [filter] = await readFilters(read, [wanted]);
  return filter ?? { tags: null, sources: null, languages: null };
}

const holds = (conditions: (string | null)[]) => {
  const asked = conditions.filter((condition) => condition !== null);
  return asked.length === 0 ? null : `(${asked.join(' AND ')})`;
};

/** SQL: whether the article `a` matches as it is now. */
export const matchesNow = ({ tags, sources, languages }: Filter, bind: Bind): string =>
  holds([
    tags &&
      `EXISTS (SELECT FROM @article_tags y WHERE y.article_id = a.id AND y.tag_id = ANY(${bind(tags.now)}::uuid[]))`,
    sources && `a.source_id = ANY(${bind(sources.now)}::uuid[])`,
    languages && `a.language = ANY(${bind(languages)}::text[])`,
  ]) ?? 'TRUE';

/** SQL: whether an article matched as it was. `tags` is SQL for a JSON array of ids, the others are SQL for texts. */
const matchedThen = (
  { tags, sources, languages }: Filter,
  was: { tags: string; source: string; language: string },
  bind: Bind,
) =>
  holds([
    tags && `jsonb_exists_any(${was.tags}, ${bind(tags.ever)}::text[])`,
    sources && `${was.source} = ANY(${bind(sources.ever)}::text[])`,
    languages && `${was.language} = ANY(${bind(languages)}::text[])`,
  ]);

/** What the public saw before and after the event `e`. */
export const sides = { before: 'e.public_before', after: 'e.public_after' };

const ofSide = (side: string) => ({
  tags: `${side}->'tags'`,
  source: `${side}->>'source'`,
  language: `${side}->>'language'`,
});

export const ofSnapshot = {
  tags: `jsonb_path_query_array(r.snapshot, '$.tags[*].id')`,
  source: `r.snapshot#>>'{source,id}'`,
  language: `r.snapshot->>'language'`,
};

/**
 * SQL: whether a follower gets the event `e`: what was seen before it or after it must match. For staff, the revisions of
 * both versions also decide. If these are gone, the follower gets it, since a superfluous `remove` does no harm.
 */
export function eventMatches(filter: Filter, audience: ChangeAudience, bind: Bind): string {
  const before = matchedThen(filter, ofSide(sides.before), bind);
  const after = matchedThen(filter, ofSide(sides.after), bind);
  if (before === null || after === null) return 'TRUE';
  const matched = `e.subject_type <> 'article' OR coalesce(${before}, false) OR coalesce(${after}, false)`;
  if (audience === 'public') return `(${matched})`;
  const revisions = '@revisions r WHERE r.article_id = e.subject_id';
  return `(${matched} OR NOT EXISTS (SELECT FROM ${revisions})
    OR EXISTS (SELECT FROM ${revisions} AND r.version IN (e.version, e.version - 1) AND ${matchedThen(filter, ofSnapshot, bind)}))`;
}
