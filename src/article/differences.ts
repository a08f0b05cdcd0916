import { canonical } from '../core/canonical.ts';

/** A field in which two versions of an article differ, with the value in each. */
export type FieldChange = { field: string; before: unknown; after: unknown };

export type Snapshot = Readonly<Record<string, unknown>>;

/** Not compared: `version` always differs, and the others only follow from another field. */
const noChange = new Set(['version', 'bodyHtml', 'translations']);

const live = new Set<unknown>(['scheduled', 'published', 'expired']);

const idOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'id' in value ? value.id : value;

/**
 * The part of a value that is the article's own. For tags and source that is the id, not the name at the time; `scheduled`,
 * `published` and `expired` are one status, since only the clock tells them apart.
 */
function ownOf(field: string, value: unknown): unknown {
  if (field === 'source') return idOf(value);
  if (field === 'tags' && Array.isArray(value)) return value.map(idOf);
  return field === 'status' && live.has(value) ? 'published' : value;
}

/** The fields in which two snapshots differ, in the order of the later one. Pure. */
export function fieldChanges(before: Snapshot, after: Snapshot): FieldChange[] {
  const names = [...new Set([...Object.keys(after), ...Object.keys(before)])].filter((name) => !noChange.has(name));
  return names.flatMap((field) => {
    const [old, now] = [before[field] ?? null, after[field] ?? null];
    const same = canonical(ownOf(field, old)) === canonical(ownOf(field, now));
    return same ? [] : [{ field, before: old, after: now }];
  });
}
