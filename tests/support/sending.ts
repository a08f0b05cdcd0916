import { expect } from '@jest/globals';
import { eventually } from './eventually.ts';
import { type Newsroom, openNewsroom } from './newsroom.ts';
import { outside } from './outside.ts';
import { openReceiver, type Received, type Receiver } from './receiver.ts';

const { newId, numberOnce, recordSettingsChange, startDelivery } = outside;

export type Hook = { readonly id: string; readonly secret: string };

/** A delivery as it is stored. */
export type DeliveryRow = {
  id: string;
  state: string;
  attempts: number;
  event_type: string;
  subject_id: string;
  pause_ms: number;
  lease_until: Date | null;
};

/** A newsroom whose changes are sent to receivers on the loopback. */
export type Sending = Newsroom & {
  readonly receiver: Receiver;
  /** A webhook to the receiver. */
  hook(members?: Record<string, unknown>): Promise<Hook>;
  /** Gives positions to what was written, which wakes the sending. */
  number(): Promise<void>;
  /** Stops sending, as a process that is told to end; starts it again. */
  stop(): Promise<void>;
  start(): void;
  deliveries(hookId: string): Promise<DeliveryRow[]>;
  /** Waits until the deliveries of a webhook are so. */
  until(hookId: string, isSo: (rows: DeliveryRow[]) => boolean): Promise<DeliveryRow[]>;
  /** Makes what waits for its pause due now. */
  hurry(hookId: string): Promise<void>;
  /** Gives a delivery up by hand. */
  skip(hookId: string, id: string): Promise<void>;
  /** Sends a test. */
  ping(hookId: string): Promise<void>;
  redeliver(hookId: string, id: string): Promise<void>;
  /** Gives how many are sent anew. */
  redeliverDead(hookId: string): Promise<number>;
  /** Gives the new secret. */
  rotate(hookId: string): Promise<string>;
  /** A delivery with its attempts, as an admin sees it. */
  log(hookId: string, id: string): Promise<Record<string, unknown>>;
  /** A second process that sends. */
  second(): ReturnType<typeof startDelivery>;
  /** Records that every answer is another since. */
  settingsChanged(): Promise<void>;
  disabled(hookId: string): Promise<void>;
  /** Waits until what was due when it is called has been looked at. */
  round(): Promise<void>;
  /** A further receiver, which the test closes. */
  another(): Promise<Receiver>;
  /** Removes every webhook, and forgets what came until now. */
  forget(): Promise<void>;
  /** Stands where nothing came. */
  readonly nothing: Received;
  attempts(hookId: string): Promise<{ status: number | null; failure: string | null; answer: string | null }[]>;
  hookRow(hookId: string): Promise<Record<string, unknown>>;
};

export const entryOf = ({ body }: Received) => JSON.parse(body);

export async function openSending(env: Record<string, string> = {}): Promise<Sending> {
  const room = await openNewsroom({ WEBHOOK_ALLOW_NETWORKS: '127.0.0.0/8', SHUTDOWN_TIMEOUT_MS: '2000', ...env });
  const receiver = await openReceiver();
  const { app } = room;
  let sending = startDelivery(app);
  const number = async () => {
    await numberOnce(app.deps.db);
    sending.moved();
  };
  const deliveries: Sending['deliveries'] = (hookId) =>
    app.sql(
      `SELECT id, state, attempts, event_type, subject_id, lease_until, (extract(epoch FROM due_at - now()) * 1000)::float8 AS pause_ms
       FROM webhook_deliveries WHERE webhook_id = $1 ORDER BY position, created_at`,
      [hookId],
    );
  return {
    ...room,
    receiver,
    number,
    deliveries,
    async hook(members = {}) {
      const { type = 'webhook' } = members;
      const facts = type === 'webhook' ? { include: ['item'] } : {};
      const sent = { name: 'সহযোগী পত্রিকা', url: receiver.url, ...facts, ...members };
      const { body } = await room.as('admin', 'post', '/v1/webhooks').send(sent).expect(201);
      return { id: body.id, secret: body.secret };
    },
    stop: () => sending.stop(),
    start() {
      sending = startDelivery(app);
    },
    until: (hookId, isSo) =>
      eventually(async () => {
        const rows = await deliveries(hookId);
        if (!isSo(rows)) throw new Error(`deliveries are ${JSON.stringify(rows)}`);
        return rows;
      }),
    async hurry(hookId) {
      await app.sql(`UPDATE webhook_deliveries SET due_at = now() WHERE webhook_id = $1 AND state = 'waiting'`, [
        hookId,
      ]);
      await app.sql('UPDATE webhooks SET probe_at = now() WHERE id = $1 AND probe_at IS NOT NULL', [hookId]);
      sending.moved();
    },
    async skip(hookId, id) {
      await room.as('admin', 'post', `/v1/webhooks/${hookId}/deliveries/${id}/skip`).expect(200);
      await number();
    },
    async redeliver(hookId, id) {
      await room.as('admin', 'post', `/v1/webhooks/${hookId}/deliveries/${id}/redeliver`).expect(200);
      await number();
    },
    async redeliverDead(hookId) {
      const { body } = await room.as('admin', 'post', `/v1/webhooks/${hookId}/redeliver`).expect(200);
      await number();
      return body.redelivered;
    },
    async ping(hookId) {
      await room
        .as('admin', 'post', `/v1/webhooks/${hookId}/ping`)
        .expect((res) => expect(res.status).toBeLessThan(300));
      await number();
    },
    async rotate(hookId) {
      const call = room.as('admin', 'post', `/v1/webhooks/${hookId}/rotate-secret`).set('If-Match', '*');
      return (await call.expect(200)).body.secret;
    },
    log: async (hookId, id) =>
      (await room.as('admin', 'get', `/v1/webhooks/${hookId}/deliveries/${id}`).expect(200)).body,
    second: () => startDelivery(app),
    settingsChanged: async () => {
      await recordSettingsChange(app.deps);
      await app.sql(`UPDATE settings SET value = 'earlier' WHERE name = 'version'`);
      await recordSettingsChange(app.deps);
    },
    disabled: (hookId) =>
      eventually(async () => {
        const [row] = await app.sql<{ enabled: boolean }>('SELECT enabled FROM webhooks WHERE id = $1', [hookId]);
        if (row?.enabled !== false) throw new Error('the webhook is enabled');
      }),
    async round() {
      // A webhook of its own: when that was told, whatever was due before has been looked at too.
      const marker = await openReceiver();
      const id = newId();
      await app.sql(
        `INSERT INTO webhooks (id, type, name, url, secret, position, audience, with_item, enabled)
         VALUES ($1, 'webhook', 'চিহ্ন', $2, $3, (SELECT position FROM changes_head), 'public', FALSE, FALSE)`,
        [id, marker.url, app.deps.webhookSecrets.seal('whsec_eA==')],
      );
      await app.sql(
        `INSERT INTO webhook_deliveries (id, webhook_id, purpose, event_type, kind, subject_id) VALUES ($1, $2, 'ping', 'webhook.ping', 'webhook', $2)`,
        [newId(), id],
      );
      sending.moved();
      await marker.until(1);
      await app.sql('DELETE FROM webhooks WHERE id = $1', [id]);
      await marker.close();
    },
    another: openReceiver,
    async forget() {
      await app.sql('DELETE FROM webhooks');
      await app.sql('DELETE FROM webhook_deliveries');
      receiver.received.length = 0;
      receiver.open.most = 0;
      receiver.answers(204);
    },
    nothing: { method: '', path: '', headers: {}, from: undefined, body: '{}', at: 0 },
    attempts: (hookId) =>
      app.sql(
        `SELECT a.status, a.failure, a.answer FROM webhook_attempts a JOIN webhook_deliveries d ON d.id = a.delivery_id
         WHERE d.webhook_id = $1 ORDER BY a.at, a.id`,
        [hookId],
      ),
    hookRow: async (hookId) => (await app.sql('SELECT * FROM webhooks WHERE id = $1', [hookId]))[0] ?? {},
    async close() {
      await sending.stop();
      await receiver.close();
      await room.close();
    },
  };
}
