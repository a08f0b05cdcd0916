import { type Answer, jsonMadeBySql } from '../../http/json.ts';
import { fieldChanges } from '../articles/articles.differences.ts';
import type { BodyWarning } from '../articles/body-warnings.ts';
import { isBehind, type Sides } from './drafts.differences.ts';
import type { DraftRow } from './drafts.repository.ts';
import type { DraftView, DraftWritten } from './drafts.schema.ts';
import type { WrittenDraft } from './drafts.service.ts';

export const sidesOf = (row: DraftRow): Sides => ({
  draft: JSON.parse(row.draft),
  live: JSON.parse(row.live),
  base: row.base === null ? null : JSON.parse(row.base),
  baseVersion: row.base_version,
  articleVersion: row.article_version,
});

/** What the draft names and is there no longer. */
export const goneOf = (row: DraftRow): BodyWarning[] => JSON.parse(row.gone);

/** The draft as Postgres made it, with what is known only beside its article. */
function draftJson(row: DraftRow, warnings: readonly BodyWarning[]): string {
  const sides = sidesOf(row);
  const { id: _, ...draft } = sides.draft;
  const beside = {
    version: row.version,
    baseVersion: row.base_version,
    articleVersion: row.article_version,
    behind: isBehind(sides),
    updatedAt: row.updated_at,
    updatedBy: row.updated_by === null ? null : JSON.parse(row.updated_by),
    changes: fieldChanges(sides.live, draft).map(({ field, before, after }) => ({ field, live: before, draft: after })),
    warnings,
  };
  return `${row.draft.slice(0, -1)},${JSON.stringify(beside).slice(1)}`;
}

export const presentDraft = (row: DraftRow): Answer<DraftView> => ({
  body: jsonMadeBySql<DraftView>(draftJson(row, goneOf(row))),
  version: row.version,
});

export const presentWritten = ({ row, warnings }: WrittenDraft): Answer<DraftWritten> => ({
  body: jsonMadeBySql<DraftWritten>(draftJson(row, [...warnings, ...goneOf(row)])),
  version: row.version,
});
