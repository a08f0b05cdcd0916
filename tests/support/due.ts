import type { Newsroom } from './newsroom.ts';

/** An event of an article as it was recorded. */
export type Told = { type: string; version: number; at: Date; keys: string[]; is_public: boolean } & {
  actor_id: string | null;
  public_before: unknown;
  public_after: unknown;
};

/** Moves an instant of an article to the past, as time would have; gives it. */
export async function passes(
  { app }: Newsroom,
  id: string,
  what: 'published' | 'expired',
  ago = '0 seconds',
): Promise<string> {
  const column = what === 'published' ? 'published_at' : 'expires_at';
  const first = what === 'published' ? ', first_published_at = now() - $2::interval' : '';
  const [row] = await app.sql<{ at: Date }>(
    `WITH moved AS (UPDATE articles SET ${column} = date_trunc('milliseconds', now() - $2::interval)${first} WHERE id = $1 RETURNING ${column} AS at)
     UPDATE due SET at = moved.at FROM moved WHERE article_id = $1 AND what = '${what}' RETURNING due.at`,
    [id, ago],
  );
  return row?.at.toISOString() ?? '';
}

export const eventsOf = ({ app }: Newsroom, id: string): Promise<Told[]> =>
  app.sql(
    'SELECT type, version, at, keys, actor_id, is_public, public_before, public_after FROM events WHERE subject_id = $1 ORDER BY seq',
    [id],
  );

/** The instants of an article that are still to come. */
export const dueOf = async ({ app }: Newsroom, id: string): Promise<string[][]> =>
  (await app.sql<{ what: string; at: Date }>('SELECT what, at FROM due WHERE article_id = $1 ORDER BY at', [id])).map(
    ({ what, at }) => [what, at.toISOString()],
  );
