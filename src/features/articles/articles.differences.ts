/** A member of an article in which two versions differ, as each shows it. */
export type FieldChange = { field: string; before: unknown; after: unknown };

export type Snapshot = Readonly<Record<string, unknown>>;

/** What each version has of its own and is no change of the article. */
const ownToVersions = new Set(['version']);

/** The members in which two snapshots differ, in the order of the view. Pure. */
export function fieldChanges(before: Snapshot, after: Snapshot): FieldChange[] {
  const names = [...new Set([...Object.keys(after), ...Object.keys(before)])].filter(
    (name) => !ownToVersions.has(name),
  );
  return names.flatMap((field) => {
    const [old, now] = [before[field] ?? null, after[field] ?? null];
    return JSON.stringify(old) === JSON.stringify(now) ? [] : [{ field, before: old, after: now }];
  });
}
