import { causeOf } from '../../core/actor.ts';
import { conflict, notFound } from '../../core/errors.ts';
import { isId, newId } from '../../core/ids.ts';
import type { Cursors } from '../../core/page.ts';
import { checkCondition } from '../../core/precondition.ts';
import type { Db } from '../../db/client.ts';
import type { Tx } from '../../db/tx.ts';
import { type NewEvent, recordEvent } from '../../outbox/record.ts';
import type { DeliveryRow, LockedDelivery } from './deliveries.repository.ts';
import * as repository from './deliveries.repository.ts';
import type { DeliveryListQuery, Redelivered } from './deliveries.schema.ts';
import { lockFound, type WebhookOf } from './webhooks.found.ts';
import type { LockedWebhook } from './webhooks.repository.ts';

export type DeliveryOf = WebhookOf & { deliveryId: string };

export type DeliveryService = {
  list(webhookId: string, query: DeliveryListQuery): Promise<{ rows: DeliveryRow[]; nextCursor: string | null }>;
  get(webhookId: string, deliveryId: string): Promise<DeliveryRow>;
  /** Makes a delivery that tells of nothing. */
  ping(of: WebhookOf): Promise<DeliveryRow>;
  /** Gives up a delivery, so that what waits behind it goes out. Idempotent. */
  skip(of: DeliveryOf): Promise<DeliveryRow>;
  /** Sends a delivery anew; one that waits is due at once, in its order. */
  redeliver(of: DeliveryOf): Promise<DeliveryRow>;
  redeliverDead(of: WebhookOf): Promise<Redelivered>;
};

const listName = 'webhook-deliveries';

/** The most dead deliveries that one call sends anew. */
const redeliveredMax = 10_000;

const delivered = () =>
  conflict('delivered', 'The receiver has taken this delivery, so that there is nothing to give up.');

export function deliveryService({
  db,
  cursors,
}: {
  db: Pick<Db, 'read' | 'transaction'>;
  cursors: Cursors;
}): DeliveryService {
  const get = async (read: Db['read'], webhookId: string, id: string): Promise<DeliveryRow> => {
    const row = isId(webhookId) && isId(id) ? await repository.findDelivery(read, webhookId, id) : null;
    if (row === null) throw notFound();
    return row;
  };
  const lockOf = async (tx: Tx, webhookId: string, id: string): Promise<LockedDelivery> => {
    const found = isId(id) ? await repository.lockDelivery(tx, webhookId, id) : null;
    if (found === null) throw notFound();
    return found;
  };
  const record = (
    tx: Tx,
    { actor, call }: WebhookOf,
    what: string,
    webhook: LockedWebhook,
    data: NewEvent['data'] = {},
  ) =>
    recordEvent(tx, {
      ...{ type: `webhook.${what}`, subjectType: 'webhook', subjectId: webhook.id, version: webhook.version },
      ...causeOf(actor, call),
      ...{ keys: [], data },
    });

  return {
    async list(webhookId, { limit, after, state, kind, subject }) {
      if (!isId(webhookId) || !(await repository.hasWebhook(db.read, webhookId))) throw notFound();
      const from = after === undefined ? null : cursors.open(listName, after);
      const filter = { webhookId, states: state, kinds: kind, subject, after: from, limit: limit + 1 };
      const found = await repository.listDeliveries(db.read, filter);
      const rows = found.slice(0, limit);
      const last = found.length > limit ? rows.at(-1) : undefined;
      return { rows, nextCursor: last === undefined ? null : cursors.seal(listName, [last.createdAt, last.id]) };
    },

    get: (webhookId, id) => get(db.read, webhookId, id),

    ping: (of) =>
      db.transaction(async (tx) => {
        const webhook = await lockFound(tx, of.id);
        checkCondition(of.ifMatch, webhook.version);
        const id = newId();
        await repository.insertPing(tx, webhook.id, id);
        await record(tx, of, 'pinged', webhook, { delivery: id });
        return get(tx.read, webhook.id, id);
      }),

    skip: (of) =>
      db.transaction(async (tx) => {
        const webhook = await lockFound(tx, of.id);
        const { id, state } = await lockOf(tx, webhook.id, of.deliveryId);
        checkCondition(of.ifMatch, webhook.version);
        if (state === 'done') throw delivered();
        if (state !== 'skipped') {
          await repository.skipDelivery(tx, id);
          await record(tx, of, 'skipped', webhook, { delivery: id });
        }
        return get(tx.read, webhook.id, id);
      }),

    redeliver: (of) =>
      db.transaction(async (tx) => {
        const webhook = await lockFound(tx, of.id);
        const { id, state, due } = await lockOf(tx, webhook.id, of.deliveryId);
        checkCondition(of.ifMatch, webhook.version);
        const endsPause = await repository.probeSoon(tx, webhook.id);
        if (state === 'waiting') await repository.sendSoon(tx, webhook.id, id);
        else await repository.sendAnew(tx, id);
        if (state !== 'waiting' || !due || endsPause) await record(tx, of, 'redelivered', webhook, { delivery: id });
        return get(tx.read, webhook.id, id);
      }),

    redeliverDead: (of) =>
      db.transaction(async (tx) => {
        const webhook = await lockFound(tx, of.id);
        checkCondition(of.ifMatch, webhook.version);
        const { sent, more } = await repository.sendDeadAnew(tx, webhook.id, redeliveredMax);
        if (sent > 0) {
          await repository.probeSoon(tx, webhook.id);
          await record(tx, of, 'redelivered', webhook, { deliveries: sent });
        }
        return { redelivered: sent, more };
      }),
  };
}
