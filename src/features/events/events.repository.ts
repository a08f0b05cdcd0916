import { instantSql } from '../../article/read/view-sql.ts';
import { readJson } from '../../db/json-rows.ts';
import { binder } from '../../db/sql.ts';
import type { Read } from '../../db/tx.ts';

export type EventFilter = {
  types?: readonly string[] | undefined;
  subject?: string | undefined;
  actor?: string | undefined;
  key?: string | undefined;
  request?: string | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
  /** Keyset: the number of the last event of the page before. */
  after: string | null;
  limit: number;
};

export type EventRow = { seq: string; json: string };

const shown = `e.seq::text, (SELECT row_to_json(v) FROM (SELECT e.id AS "id", e.type AS "type", e.subject_type AS "subjectType", e.subject_id AS "subjectId",
  e.version AS "version", (SELECT row_to_json(c) FROM (SELECT u.id AS "id", u.name AS "name", u.initials AS "initials") c WHERE u.id IS NOT NULL) AS "actor",
  e.actor_id AS "actorId", e.key_id AS "keyId", e.request_id AS "requestId", ${instantSql('e.at')} AS "at", e.data AS "data",
  e.is_public AS "isPublic", e.public_before AS "publicBefore", e.public_after AS "publicAfter") v)::text AS body`;

/** Events, newest first. */
export function listEvents(read: Read, filter: EventFilter): Promise<EventRow[]> {
  const { bind, values } = binder();
  const where = [
    filter.after === null ? null : `e.seq < ${bind(filter.after)}::bigint`,
    filter.types && `e.type = ANY(${bind(filter.types)}::text[])`,
    filter.subject && `e.subject_id = ${bind(filter.subject)}::uuid`,
    filter.actor && `e.actor_id = ${bind(filter.actor)}::uuid`,
    filter.key && `e.key_id = ${bind(filter.key)}::uuid`,
    filter.request && `e.request_id = ${bind(filter.request)}`,
    filter.from && `e.at >= ${bind(filter.from.toISOString())}::timestamptz`,
    filter.to && `e.at < ${bind(filter.to.toISOString())}::timestamptz`,
  ].filter((part) => typeof part === 'string');
  const text = `SELECT ${shown} FROM @events e LEFT JOIN @users u ON u.id = e.actor_id
    WHERE ${['TRUE', ...where].join(' AND ')} ORDER BY e.seq DESC LIMIT ${bind(String(filter.limit))}::int`;
  return readJson<EventRow>(read, { text }, values);
}
