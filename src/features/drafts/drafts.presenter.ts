import { fieldChanges } from '../../article/differences.ts';
import { withSlug } from '../../article/draft.ts';
import type { Warning } from '../../article/warnings.ts';
import { type Answer, jsonMadeBySql } from '../../http/json.ts';
import { goneOf, isBehind, shownOf, sidesOf } from './drafts.differences.ts';
import type { LookedAt, WrittenDraft } from './drafts.outlook.ts';
import type { DraftView } from './drafts.schema.ts';

/** The draft's JSON as Postgres made it, with the members that depend on its article. */
function draftJson({ row, outlook }: LookedAt, warnings: readonly Warning[]): string {
  const { slug, blockedBy } = outlook;
  const sides = sidesOf(row);
  const beside = {
    version: row.version,
    baseVersion: row.base_version,
    articleVersion: row.article_version,
    behind: isBehind(sides),
    blockedBy,
    updatedAt: row.updated_at,
    updatedBy: row.updated_by === null ? null : JSON.parse(row.updated_by),
    changes: fieldChanges(sides.live, { ...shownOf(sides.draft), slug }).map(({ field, before, after }) => ({
      field,
      live: before,
      draft: after,
    })),
    warnings,
  };
  return `${withSlug(row.draft, slug).slice(0, -1)},${JSON.stringify(beside).slice(1)}`;
}

export const presentDraft = (draft: LookedAt): Answer<DraftView> => ({
  body: jsonMadeBySql<DraftView>(draftJson(draft, goneOf(draft.row))),
  version: draft.row.version,
});

export const presentWrittenDraft = ({ warnings, ...draft }: WrittenDraft): Answer<DraftView> => ({
  body: jsonMadeBySql<DraftView>(draftJson(draft, [...warnings, ...goneOf(draft.row)])),
  version: draft.row.version,
});
