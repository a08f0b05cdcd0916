import { v7 } from 'uuid';

const canonicalUuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A UUID v7: ids sort by the time they were made. */
export function newId(): string {
  return v7();
}

/** A UUID of any version, and only in lower case with its hyphens: PostgreSQL takes more, two addresses for one row. */
export function isId(text: string): boolean {
  return canonicalUuid.test(text);
}
