import type { Read } from '../db/tx.ts';

/** What there is to be sent, as operators watch it. */
export type Backlog = { waiting: number; dead: number; lagS: number };

const countMax = 10_000;

const countOf = (state: string) =>
  `(SELECT count(*) FROM (SELECT FROM @webhooks w JOIN @webhook_deliveries d ON d.webhook_id = w.id AND d.state = '${state}' LIMIT ${countMax}) s)::float8`;

const statement = {
  name: 'webhook-backlog',
  text: `SELECT ${countOf('waiting')} AS waiting, ${countOf('dead')} AS dead, greatest(0, coalesce(extract(epoch FROM now() - (
      SELECT min((SELECT d.due_at FROM @webhook_deliveries d WHERE d.webhook_id = w.id AND d.state = 'waiting' ORDER BY d.due_at LIMIT 1))
      FROM @webhooks w WHERE w.enabled)), 0))::float8 AS "lagS"`,
  timeoutMs: 2_000,
};

/** Null where it cannot be asked now. */
export const readBacklog = (read: Read): Promise<Backlog | null> =>
  read<Backlog>(statement).then(
    ([row]) => row ?? null,
    () => null,
  );
