import type { Read } from '../db/tx.ts';
import type { Delivery } from './claiming.ts';
import { purgesOf, type Sent } from './purging.ts';
import { signedHeaders } from './signing.ts';
import type { Followed, Hook } from './webhooks.ts';

/** What is sent for the deliveries that were taken, made of what is true now. */

/**
 * The entries of these events as followers see them now, as JSON, by the ids of the events; none for what is not kept any
 * more. Given from above.
 */
export type Entries = (
  eventIds: readonly string[],
  followed: Followed,
  bytesMax: number,
) => Promise<ReadonlyMap<string, string>>;

/** Opens a sealed secret; null if it is lost. */
export type OpenSecret = (sealed: string) => string | null;

/**
 * Deliveries that go out together and what is sent for them: one request, or those of a purge. `fault`: why nothing can be
 * sent. `requests` signs them, so it is called when they are sent.
 */
export type Prepared = {
  readonly hook: Hook;
  readonly deliveries: readonly Delivery[];
  readonly requests: () => readonly Sent[];
  readonly fault: 'lost' | 'unsigned' | null;
};

/** A larger body is sent without the item. */
const bodyBytesMax = 262_144;

const keysStatement = {
  name: 'keys-of-events',
  text: 'SELECT DISTINCT k AS key FROM @events e CROSS JOIN unnest(e.keys) k WHERE e.id = ANY ($1::uuid[]) ORDER BY 1',
};

const keysOf = async (read: Read, deliveries: readonly Delivery[]): Promise<string[]> => {
  const rows = await read<{ key: string }>(keysStatement, [deliveries.flatMap(({ eventId }) => eventId ?? [])]);
  return rows.map(({ key }) => key);
};

/** Webhooks with the same name follow the same changes, so their entries are read once. */
const nameOf = ({ audience, withItem, tagIds, sourceIds, languages }: Followed) =>
  JSON.stringify([audience, withItem, tagIds, sourceIds, languages]);

const pingBody = ({ id }: Hook) => JSON.stringify({ op: 'ping', kind: 'webhook', id });

const isEvent = ({ purpose, eventId }: Delivery) => purpose === 'change' && eventId !== null;

export type Preparing = { read: Read; entries: Entries; openSecret: OpenSecret };

export function openPreparing({ read, entries, openSecret }: Preparing) {
  const purge = async (hook: Hook, deliveries: readonly Delivery[]): Promise<Prepared> => {
    const token = openSecret(hook.secret);
    const keys = deliveries.some(({ purpose }) => purpose === 'ping') ? ['ping'] : await keysOf(read, deliveries);
    const fault = token === null ? 'unsigned' : null;
    return { hook, deliveries, fault, requests: () => purgesOf(hook, token ?? '', keys) };
  };

  const tell = (hook: Hook, delivery: Delivery, body: string | undefined): Prepared => {
    const newest = openSecret(hook.secret);
    const before = hook.previousSecret === null ? null : openSecret(hook.previousSecret);
    const secrets = [newest, before].filter((secret) => secret !== null);
    const requests = () => {
      const headers = {
        'Content-Type': 'application/json',
        ...signedHeaders(delivery.id, body ?? '', Date.now(), secrets),
      };
      return [{ url: hook.url, method: 'POST', headers, body: body ?? '' } as const];
    };
    return {
      hook,
      deliveries: [delivery],
      requests,
      fault: newest === null ? 'unsigned' : body === undefined ? 'lost' : null,
    };
  };

  return async (deliveries: readonly Delivery[], hooks: readonly Hook[]): Promise<Prepared[]> => {
    const of = ({ id }: Hook) => deliveries.filter(({ hookId }) => hookId === id);
    const followers = new Map<string, Hook[]>();
    for (const hook of hooks.filter(({ type }) => type === 'webhook'))
      followers.set(nameOf(hook), [...(followers.get(nameOf(hook)) ?? []), hook]);
    const told = [...followers.values()].map(async (alike) => {
      const [first] = alike;
      const ids = [...new Set(alike.flatMap(of).flatMap((one) => (isEvent(one) ? (one.eventId ?? []) : [])))];
      const found =
        first === undefined || ids.length === 0 ? new Map<string, string>() : await entries(ids, first, bodyBytesMax);
      return alike.flatMap((hook) =>
        of(hook).map((one) => tell(hook, one, one.purpose === 'ping' ? pingBody(hook) : found.get(one.eventId ?? ''))),
      );
    });
    const purged = hooks.filter(({ type }) => type !== 'webhook').map((hook) => purge(hook, of(hook)));
    return (await Promise.all([...told, ...purged])).flat().flat();
  };
}
