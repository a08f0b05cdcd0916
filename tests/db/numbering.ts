import { expect } from '@jest/globals';
import { noCause } from '../../src/core/actor.ts';
import type { TestApp } from '../support/app.ts';
import { outside } from '../support/outside.ts';

const { newId, pg, recordEvent } = outside;

function gate() {
  let open: () => void = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** An event of a tag that there need not be. */
export const tagEvent = (subjectId: string) =>
  ({ ...noCause, type: 'tag.created', subjectType: 'tag', subjectId, version: 1, keys: [] }) as const;

/** A reader that goes on from the last position that it has seen. */
export function openReader(app: TestApp, after = 0) {
  const seen: string[] = [];
  let place = after;
  return {
    seen,
    async read() {
      const rows = await app.sql<{ position: string; subject_id: string }>(
        `SELECT c.position::text, e.subject_id::text FROM changes c JOIN events e ON e.seq = c.event_seq
         WHERE c.position > $1 ORDER BY c.position`,
        [place],
      );
      for (const { position, subject_id } of rows) {
        expect(Number(position)).toBe(place + 1);
        place += 1;
        seen.push(subject_id);
      }
      return seen;
    },
  };
}

/** The last positions that were given. */
export const headNow = async (app: TestApp) => {
  const text = 'SELECT position::int AS position, public_position::int AS public FROM changes_head';
  const [head] = await app.sql<{ position: number; public: number }>(text);
  return head ?? { position: -1, public: -1 };
};

/** A transaction that has recorded an event, and commits when it is let. */
export async function beginEvent(app: TestApp) {
  const id = newId();
  const [recorded, mayEnd] = [gate(), gate()];
  const done = app.deps.db.transaction(async (tx) => {
    await recordEvent(tx, tagEvent(id));
    recorded.open();
    await mayEnd.opened;
  });
  await Promise.race([recorded.opened, done]);
  return {
    id,
    commit() {
      mayEnd.open();
      return done;
    },
  };
}

/** Hears what the numberer of this schema says while `work` is done. */
export async function heardDuring(app: TestApp, work: () => Promise<void>): Promise<string[]> {
  const client = new pg.Client({ connectionString: app.databaseUrl });
  await client.connect();
  const heard: string[] = [];
  client.on('notification', ({ payload = '' }) => void heard.push(payload));
  try {
    const { rows } = await client.query<{ channel: string }>('SELECT changes_channel() AS channel');
    await client.query(`LISTEN ${rows[0]?.channel}`);
    await work();
    await client.query('SELECT 1');
    return heard;
  } finally {
    await client.end();
  }
}
