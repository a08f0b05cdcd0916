import { type Newsroom, openNewsroom } from './newsroom.ts';
import { outside } from './outside.ts';

const { newId } = outside;

type Call = ReturnType<Newsroom['as']>;
type Made = { id: string; etag: string; secret: string; body: Record<string, unknown> };
type Planted = { state?: string; purpose?: string; kind?: string; subject?: string; dueIn?: string; age?: string };

/** A newsroom whose admin has webhooks. Nothing sends: deliveries are planted and moved by SQL. */
export type HookDesk = Newsroom & {
  /** Makes a webhook as the admin; fails the test if the status is not 201. */
  hook(body?: object): Promise<Made>;
  ask(method: Parameters<Newsroom['as']>[1], path: string): Call;
  /** A PATCH with `If-Match: *`. */
  mend(id: string, body: object): Call;
  /** Deliveries of a webhook as sending leaves them; their ids. */
  plant(webhookId: string, ...deliveries: Planted[]): Promise<string[]>;
  row(id: string): Promise<Record<string, unknown>>;
  eventsOf(id: string): Promise<{ type: string; version: number; actor_id: string | null; data: unknown }[]>;
};

export const hookPath = (id: string, rest = '') => `/v1/webhooks/${id}${rest}`;

export async function openHookDesk(...settings: Parameters<typeof openNewsroom>): Promise<HookDesk> {
  const room = await openNewsroom(...settings);
  const ask: HookDesk['ask'] = (method, path) => room.as('admin', method, path);
  return {
    ...room,
    ask,
    async hook(body = {}) {
      const sent = { name: 'সহযোগী পত্রিকা', url: 'https://paper.example/hooks', ...body };
      const { body: made, headers } = await ask('post', '/v1/webhooks').send(sent).expect(201);
      return { id: made.id, etag: String(headers.etag), secret: made.secret, body: made };
    },
    mend: (id, body) => ask('patch', hookPath(id)).set('If-Match', '*').send(body),
    async plant(webhookId, ...deliveries) {
      const ids: string[] = [];
      for (const { state = 'waiting', purpose = 'change', kind = 'article', ...rest } of deliveries) {
        const id = newId();
        ids.push(id);
        await room.app.sql(
          `INSERT INTO webhook_deliveries (id, webhook_id, purpose, position, event_id, event_type, kind, subject_id, state, attempts, due_at, created_at, ended_at)
           VALUES ($1, $2, $3, 7, $4, $5, $6, $7, $8, 3, now() + $9::interval, now() - $10::interval,
             CASE WHEN $8 = 'waiting' THEN NULL ELSE now() - $10::interval END)`,
          [
            ...[id, webhookId, purpose, newId(), `${kind}.updated`, kind, rest.subject ?? newId(), state],
            ...[rest.dueIn ?? '0', rest.age ?? '0'],
          ],
        );
      }
      return ids;
    },
    row: async (id) => (await room.app.sql('SELECT * FROM webhooks WHERE id = $1', [id]))[0] ?? {},
    eventsOf: (id) =>
      room.app.sql('SELECT type, version, actor_id, data FROM events WHERE subject_id = $1 ORDER BY seq', [id]),
  };
}
