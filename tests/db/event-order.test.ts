import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { noCause } from '../../src/core/actor.ts';
import { bearer, type Person, startApp, type TestApp } from '../support/app.ts';
import { directly } from '../support/directly.ts';
import { eventually } from '../support/eventually.ts';
import { outside } from '../support/outside.ts';

const { newId, recordEvent } = outside;

let app: TestApp;
let editor: Person;
beforeAll(async () => {
  app = await startApp();
  editor = await app.person('editor');
});
afterAll(() => app.close());

type Place = { tx_id: string; seq: string };
type Row = Place & { subject_id: string };

const settledAfter = ({ tx_id, seq }: Place) =>
  directly<Row>(
    app.databaseUrl,
    `SELECT tx_id::text, seq::text, subject_id::text FROM events
     WHERE tx_id < pg_snapshot_xmin(pg_current_snapshot()) AND (tx_id, seq) > ($1::xid8, $2::bigint) ORDER BY tx_id, seq`,
    [tx_id, seq],
  );

/** A reader of the outbox that goes on from where it was, as the relay will. */
function openReader() {
  const seen: string[] = [];
  let place: Place = { tx_id: '0', seq: '0' };
  return {
    seen,
    async read() {
      for (const row of await settledAfter(place)) {
        seen.push(row.subject_id);
        place = row;
      }
      return seen;
    },
  };
}

function gate() {
  let open: () => void = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** A transaction that has its number, records an event when it is let, and commits when it is let. */
async function begin() {
  const id = newId();
  const [begun, mayRecord, recorded, mayEnd] = [gate(), gate(), gate(), gate()];
  const done = app.deps.db.transaction(async (tx) => {
    await tx.models.rateLimit.create({ data: { key: id } });
    begun.open();
    await mayRecord.opened;
    await recordEvent(tx, { ...noCause, type: 'tag.created', subjectType: 'tag', subjectId: id, version: 1, keys: [] });
    recorded.open();
    await mayEnd.opened;
  });
  await Promise.race([begun.opened, done]);
  return {
    id,
    record() {
      mayRecord.open();
      return Promise.race([recorded.opened, done]);
    },
    commit() {
      mayEnd.open();
      return done;
    },
  };
}

describe('events whose transactions commit out of order', () => {
  it('are read when they are settled, each once, none missed, in one order for every reader', async () => {
    const early = openReader();
    const first = await begin();
    const second = await begin();
    await second.record();
    await first.record();
    await second.commit();
    const { body: tag } = await app
      .request('post', '/v1/tags')
      .set(...bearer(editor))
      .send({ name: 'ক্রম' })
      .expect(201);
    // The first has the serial number between these two: a reader by serial number would go past it.
    const visible = await app.sql<{ subject_id: string }>('SELECT subject_id FROM events ORDER BY seq');
    expect(visible.map((row) => row.subject_id)).toEqual([second.id, tag.id]);
    expect(await early.read()).toEqual([]);

    await first.commit();
    // Transactions of other databases of the server hold the horizon back too.
    await eventually(async () => expect(await early.read()).toHaveLength(3));
    expect(early.seen).toEqual([first.id, second.id, tag.id]);
    const late = openReader();
    expect(await late.read()).toEqual(early.seen);
    expect(await early.read()).toHaveLength(3);
  });

  it('hold nobody up and leave nothing when the transaction fails', async () => {
    const reader = openReader();
    const before = (await app.sql('SELECT 1 FROM events')).length;
    await eventually(async () => expect(await reader.read()).toHaveLength(before));
    const subjectId = newId();
    const failed = app.deps.db.transaction(async (tx) => {
      await recordEvent(tx, { ...noCause, type: 'tag.created', subjectType: 'tag', subjectId, version: 1, keys: [] });
      throw new Error('on purpose');
    });
    await expect(failed).rejects.toThrow('on purpose');
    const next = await begin();
    await next.record();
    await next.commit();
    await eventually(async () => expect(await reader.read()).toHaveLength(before + 1));
    expect(reader.seen.at(-1)).toBe(next.id);
  });
});
