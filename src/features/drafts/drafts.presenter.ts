import { type Answer, jsonMadeBySql } from '../../http/json.ts';
import { fieldChanges, type Snapshot } from '../articles/articles.differences.ts';
import type { BodyWarning } from '../articles/body-warnings.ts';
import { isBehind, type Sides } from './drafts.differences.ts';
import type { DraftRow } from './drafts.repository.ts';
import type { DraftView, DraftWritten } from './drafts.schema.ts';
import type { LookedAt, WrittenDraft } from './drafts.service.ts';

type Named = { id: string };
type Base = Snapshot & { source: Named | null; tags: Named[] };

/** The version that a draft began from with its labels as they are now: going over into others is no change of a side. */
function baseOf({ base, heirs }: DraftRow): Snapshot | null {
  if (base === null) return null;
  const { source, tags, ...rest }: Base = JSON.parse(base);
  const known: Record<string, string> = JSON.parse(heirs);
  const now = <Label extends Named>(label: Label): Label => ({ ...label, id: known[label.id] ?? label.id });
  const moved = tags.map(now);
  const once = moved.filter(({ id }, index) => moved.findIndex((other) => other.id === id) === index);
  return { ...rest, source: source && now(source), tags: once };
}

export const sidesOf = (row: DraftRow): Sides => ({
  draft: JSON.parse(row.draft),
  live: JSON.parse(row.live),
  base: baseOf(row),
  baseVersion: row.base_version,
  articleVersion: row.article_version,
});

/** What the draft names and is there no longer. */
export const goneOf = (row: DraftRow): BodyWarning[] => JSON.parse(row.gone);

/** JSON of an article with the slug that publishing gives it. */
export function withSlug(json: string, slug: string): string {
  const shown: Snapshot = JSON.parse(json);
  return shown.slug === slug ? json : JSON.stringify({ ...shown, slug });
}

/** The draft as Postgres made it, with what is known only beside its article. */
function draftJson({ row, outlook }: LookedAt, warnings: readonly BodyWarning[]): string {
  const { slug, blockedBy } = outlook;
  const sides = sidesOf(row);
  const { id: _, ...draft } = sides.draft;
  const beside = {
    version: row.version,
    baseVersion: row.base_version,
    articleVersion: row.article_version,
    behind: isBehind(sides),
    blockedBy,
    updatedAt: row.updated_at,
    updatedBy: row.updated_by === null ? null : JSON.parse(row.updated_by),
    changes: fieldChanges(sides.live, { ...draft, slug }).map(({ field, before, after }) => ({
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

export const presentWritten = ({ warnings, ...draft }: WrittenDraft): Answer<DraftWritten> => ({
  body: jsonMadeBySql<DraftWritten>(draftJson(draft, [...warnings, ...goneOf(draft.row)])),
  version: draft.row.version,
});
