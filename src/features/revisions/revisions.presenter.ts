import { type FieldChange, fieldChanges, type Snapshot } from '../../article/differences.ts';
import { publicArticleFields } from '../../article/field-lists.ts';
import type { DiffPart, DiffText } from '../../article/processes/word-diff.ts';
import { type Answer, answer, jsonMadeBySql, pageJson, toJson } from '../../http/json.ts';
import type { ArticleRevision, Revision, RevisionComparison } from './revisions.schema.ts';
import type { ComparedRevisions, FoundRevision, RevisionRows } from './revisions.service.ts';

const known = new Set<string>(publicArticleFields);

/** jsonb does not keep the order of members, so they are put into the order of the article's view. */
function snapshotOf({ snapshot }: FoundRevision): Snapshot {
  const parsed: Snapshot = JSON.parse(snapshot);
  const ordered = publicArticleFields.filter((name) => Object.hasOwn(parsed, name));
  return Object.fromEntries(
    [...ordered, ...Object.keys(parsed).filter((name) => !known.has(name))].map((name) => [name, parsed[name]]),
  );
}

export const presentRevisionPage = ({ revisions, nextCursor }: RevisionRows) =>
  pageJson<Revision>(`[${revisions.join(',')}]`, nextCursor);

export const presentRevision = (found: FoundRevision): Answer<ArticleRevision> => ({
  body: jsonMadeBySql<ArticleRevision>(
    `${JSON.stringify(snapshotOf(found)).slice(0, -1)},"revision":${found.revision}}`,
  ),
  version: found.version,
});

const inWords = new Set(['title', 'excerpt', 'kicker', 'body']);

const isHtml = (snapshot: Snapshot) => snapshot.bodyFormat === 'html';

/** What the first version is compared with: an empty article. */
const nothing = ({ id, storyId }: Snapshot): Snapshot => ({ id, storyId, tags: [], corrections: [] });

export async function presentComparison(
  { before, after }: ComparedRevisions,
  diff: (from: DiffText, to: DiffText) => Promise<DiffPart[]>,
): Promise<Answer<RevisionComparison>> {
  const to = snapshotOf(after);
  const from = before === null ? nothing(to) : snapshotOf(before);
  const textOf = (field: string, value: unknown, snapshot: Snapshot): DiffText => ({
    text: typeof value === 'string' ? value : '',
    html: field === 'body' && isHtml(snapshot),
  });
  const difference = async ({ field, before: old, after: now }: FieldChange) => ({
    field,
    before: old,
    after: now,
    ...(inWords.has(field) ? { parts: await diff(textOf(field, old, from), textOf(field, now, to)) } : {}),
  });
  const changes = await Promise.all(fieldChanges(from, to).map(difference));
  return answer(toJson({ version: after.version, with: before?.version ?? null, changes }));
}
