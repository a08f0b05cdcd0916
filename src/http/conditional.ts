import { hash } from 'node:crypto';
import { invalidInput, preconditionRequired, stale } from '../core/errors.ts';

/** What `If-Match` asks for: nothing was sent, anything, or one of these versions (empty: tags that are not ours, or `weak`). */
export type Precondition =
  | { readonly kind: 'none' }
  | { readonly kind: 'any' }
  | { readonly kind: 'versions'; readonly versions: readonly number[]; readonly weak: boolean };

/** RFC 9110, 8.8.3 and 5.6.1: a strong or weak entity-tag, or nothing, up to the next comma of the list. */
const listElement = /[ \t]*(?:(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"[ \t]*)?(?:,|$)/y;

const digest = (bytes: string | Buffer): string => hash('sha256', bytes, 'base64url').slice(0, 22);

/** `"<version>-<hash of the bytes>"` for a single thing, `"<hash>"` for a list. */
export const etagOf = (bytes: string | Buffer, version: number | undefined): string =>
  version === undefined ? `"${digest(bytes)}"` : `"${version}-${digest(bytes)}"`;

function entityTags(header: string, name: string): { weak: boolean; opaque: string }[] {
  const tags: { weak: boolean; opaque: string }[] = [];
  listElement.lastIndex = 0;
  while (listElement.lastIndex < header.length) {
    const match = listElement.exec(header);
    if (match === null) throw invalidTags(name);
    if (match[2] !== undefined) tags.push({ weak: match[1] !== undefined, opaque: match[2] });
  }
  if (tags.length === 0) throw invalidTags(name);
  return tags;
}

const invalidTags = (name: string) =>
  invalidInput([
    { in: 'header', pointer: `/${name}`, detail: 'Use entity-tags in double quotes, as an ETag gives them, or *.' },
  ]);

/** Reads `If-Match`. Of a tag only the version counts, so that the tag of any view of a thing serves; weak tags match nothing. */
export function readIfMatch(header: string | undefined): Precondition {
  if (header === undefined) return { kind: 'none' };
  if (header.trim() === '*') return { kind: 'any' };
  const tags = entityTags(header, 'if-match');
  const versions = tags.flatMap(({ weak, opaque }) => {
    const version = /^([1-9][0-9]{0,8})(-[\w-]{22})?$/.exec(opaque)?.[1];
    return weak || version === undefined ? [] : [Number(version)];
  });
  return { kind: 'versions', versions, weak: tags.every(({ weak }) => weak) };
}

const weakTag = 'A weak tag (W/"…") matches nothing in If-Match; send the version alone, as "3".';

/** Whether the version that is there is one that is asked for. Throws 428 without a condition. */
export function holds(condition: Precondition, currentVersion: number): boolean {
  if (condition.kind === 'none') throw preconditionRequired();
  if (condition.kind === 'any') return true;
  // A proxy that compresses makes tags weak: a client that reads again and repeats would never come through.
  if (condition.weak) throw stale(currentVersion, weakTag);
  return condition.versions.includes(currentVersion);
}

/** Throws 428 without a condition, 412 with the current version where it does not hold. */
export function checkPrecondition(condition: Precondition, currentVersion: number): void {
  if (!holds(condition, currentVersion)) throw stale(currentVersion);
}

/** Whether `If-None-Match` names this tag (weak comparison, RFC 9110, 13.1.2): the answer is then 304. */
export function notModified(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === '*') return true;
  return entityTags(header, 'if-none-match').some(({ opaque }) => `"${opaque}"` === etag);
}
