import { canonical } from '../core/canonical.ts';

/** A member of an article in which two versions differ, as each shows it. */
export type FieldChange = { field: string; before: unknown; after: unknown };

export type Snapshot = Readonly<Record<string, unknown>>;

/** What each version has of its own, and what only follows from another field. */
const noChange = new Set(['version', 'bodyHtml', 'translations']);

const live = new Set<unknown>(['scheduled', 'published', 'expired']);

const idOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'id' in value ? value.id : value;

/** What of a value is the article's own: not the name that its tags or its source had then, nor what the clock made of it. */
function ownOf(field: string, value: unknown): unknown {
  if (field === 'source') return idOf(value);
  if (field === 'tags' && Array.isArray(value)) return value.map(idOf);
  return field === 'status' && live.has(value) ? 'published' : value;
}

/** The members in which two snapshots differ, in the order of the later one. Pure. */
export function fieldChanges(before: Snapshot, after: Snapshot): FieldChange[] {
  const names = [...new Set([...Object.keys(after), ...Object.keys(before)])].filter((name) => !noChange.has(name));
  return names.flatMap((field) => {
    const [old, now] = [before[field] ?? null, after[field] ?? null];
    const same = canonical(ownOf(field, old)) === canonical(ownOf(field, now));
    return same ? [] : [{ field, before: old, after: now }];
  });
}
