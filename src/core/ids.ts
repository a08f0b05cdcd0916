import { v7 } from 'uuid';

const canonicalUuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A UUID v7, so ids sort by the time they were made. */
export function newId(): string {
  return v7();
}

/**
 * True for a UUID of any version, but only in lower case and with hyphens. PostgreSQL accepts more spellings, which would
 * give one row two addresses.
 */
export function isId(text: string): boolean {
  return canonicalUuid.test(text);
}
