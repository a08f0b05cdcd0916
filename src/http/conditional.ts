import { hash } from 'node:crypto';
import { invalidInput } from '../core/errors.ts';
import { checkPrecondition, type Precondition, preconditionFailed } from '../core/precondition.ts';
import { withoutEncoding } from './encodings.ts';

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

/** The version in a tag of ours; empty for any other tag. */
const versionsIn = (opaque: string): number[] => {
  const version = /^([1-9][0-9]{0,8})(-[\w-]{22}(-br|-gz)?)?$/.exec(opaque)?.[1];
  return version === undefined ? [] : [Number(version)];
};

/** Reads `If-Match`. Only the version in a tag counts, so the tag of any view of a thing works. Weak tags match nothing. */
export function readIfMatch(header: string | undefined): Precondition {
  if (header === undefined) return { kind: 'none' };
  if (header.trim() === '*') return { kind: 'any' };
  const tags = entityTags(header, 'if-match');
  const versions = tags.flatMap(({ weak, opaque }) => (weak ? [] : versionsIn(opaque)));
  return { kind: 'versions', versions, weak: tags.every(({ weak }) => weak) };
}

type ConditionHeaders = { 'if-match'?: string | undefined; 'if-none-match'?: string | undefined };

/** The conditions of a write. In `If-None-Match` too only the version counts, and weak tags match (RFC 9110, 13.1.2). */
export function readConditions(headers: ConditionHeaders): Precondition {
  const condition = readIfMatch(headers['if-match']);
  const unless = headers['if-none-match'];
  if (unless === undefined) return condition;
  if (unless.trim() === '*') return { ...condition, unless: 'any' };
  return { ...condition, unless: entityTags(unless, 'if-none-match').flatMap(({ opaque }) => versionsIn(opaque)) };
}

/** For a GET: throws 412 if `If-Match` names neither this tag nor its version. */
export function checkTag(header: string | undefined, etag: string | undefined): void {
  const condition = readIfMatch(header);
  if (header === undefined || condition.kind !== 'versions') return;
  const opaque = etag?.slice(1, -1) ?? '';
  const [current] = versionsIn(opaque);
  const plain = `"${withoutEncoding(opaque)}"`;
  if (current !== undefined) checkPrecondition(condition, current);
  else if (
    !entityTags(header, 'if-match').some(({ weak, opaque }) => !weak && `"${withoutEncoding(opaque)}"` === plain)
  )
    throw preconditionFailed('If-Match names another state of this than the one of now.');
}

/** Whether `If-None-Match` names this tag (weak comparison, RFC 9110, 13.1.2). If so, the answer is 304. */
export function notModified(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === '*') return true;
  return entityTags(header, 'if-none-match').some(({ opaque }) => `"${opaque}"` === etag);
}
