import { type FieldChange, fieldChanges, type Snapshot } from '../../article/differences.ts';
import { draftFields } from '../../article/field-lists.ts';
import type { Warning } from '../../article/warnings.ts';
import { conflict, type Failure } from '../../core/errors.ts';
import type { DraftRow } from './drafts.repository.ts';

/** A draft, the live article, and the version that the draft began from, each as it is shown. Pure. */
export type Sides = {
  draft: Snapshot;
  live: Snapshot;
  /** Null while the article is still at that version, or if no revision of it is kept. */
  base: Snapshot | null;
  baseVersion: number;
  articleVersion: number;
};

export type Differences = { liveChanges: FieldChange[]; draftChanges: FieldChange[] };

/** Exactly the fields that a draft shows. */
export const shownOf = (snapshot: Snapshot): Snapshot =>
  Object.fromEntries(draftFields.map((field) => [field, snapshot[field] ?? null]));

/**
 * What changed in the live article since the draft began, and what the draft changed. Without a base, every difference
 * counts as the draft's.
 */
export function differencesOf({ draft, live, base }: Sides): Differences {
  if (base === null) return { liveChanges: [], draftChanges: fieldChanges(shownOf(live), shownOf(draft)) };
  const began = shownOf(base);
  return { liveChanges: fieldChanges(began, shownOf(live)), draftChanges: fieldChanges(began, shownOf(draft)) };
}

/**
 * Whether publishing the draft would undo a change of the live article since the draft began. A later version does not
 * count if it changed none of the draft's fields (as a step or a correction), or gave them the draft's values.
 */
export function isBehind(sides: Sides): boolean {
  const { draft, live, base, baseVersion, articleVersion } = sides;
  if (baseVersion === articleVersion) return false;
  const undone = new Set(fieldChanges(shownOf(live), shownOf(draft)).map(({ field }) => field));
  return base === null ? undone.size > 0 : differencesOf(sides).liveChanges.some(({ field }) => undone.has(field));
}

const overtaken =
  'The live article has changed since this draft began. Look at both differences, then PATCH the draft with baseVersion.';

/** 409 with both differences, and with the version to send as `baseVersion`. */
export const draftBehind = (sides: Sides, detail = overtaken): Failure =>
  conflict('draft-behind', detail, { articleVersion: sides.articleVersion, ...differencesOf(sides) });

/** The same for a `baseVersion` that is not the version of the article: one of before, or none that it ever had. */
export const otherBase = (sides: Sides): Failure =>
  draftBehind(
    sides,
    `baseVersion is not the version of the article, which is ${sides.articleVersion}. Look at both differences, then send that one.`,
  );

type Named = { id: string };

type Base = Snapshot & { source: Named | null; tags: Named[] };

/**
 * The version that a draft began from, with merged labels replaced by their successors: a merge is not a change of either
 * side.
 */
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

/** Warnings for the labels that the draft names and that no longer exist. */
export const goneOf = (row: DraftRow): Warning[] => JSON.parse(row.gone);
