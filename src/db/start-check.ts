import type pg from 'pg';
import type { Clock } from '../core/clock.ts';
import { errorCode } from '../core/error-code.ts';
import type { DatabaseConfig } from './connection.ts';
import { requireUtf8 } from './encoding.ts';
import { checkPooler, isDirect, openClient } from './sessions.ts';

/** How many connections a limit allows (null: no limit), and how many of them others use. */
type Room = { limit: string; max: number | null; used: number };

const roomText = `WITH me AS (SELECT * FROM pg_roles WHERE rolname = session_user),
    here AS (SELECT d.datconnlimit, s.numbackends FROM pg_database d JOIN pg_stat_database s ON s.datid = d.oid WHERE d.datname = current_database())
  SELECT 'max_connections of the server, less what is reserved' AS limit, (SELECT sum(numbackends)::int FROM pg_stat_database) - 1 AS used,
      current_setting('max_connections')::int - CASE WHEN me.rolsuper THEN 0 ELSE current_setting('superuser_reserved_connections')::int
        + coalesce(current_setting('reserved_connections', true), '0')::int END AS max FROM me
  UNION ALL SELECT 'the connection limit of the role', (SELECT count(*)::int FROM pg_stat_activity a WHERE a.usesysid = me.oid) - 1,
      CASE WHEN rolsuper THEN NULL ELSE nullif(rolconnlimit, -1) END FROM me
  UNION ALL SELECT 'the connection limit of the database', numbackends - 1,
      CASE WHEN rolsuper THEN NULL ELSE nullif(datconnlimit, -1) END FROM here, me`;

/** The connection that listens for new changes. Without it they are looked for each second. */
const listeners = 1;

/**
 * Throws if the pool alone exceeds a limit. Returns a warning line for each limit that leaves too few connections for the
 * pool and what listens.
 */
async function checkRoom(client: pg.Client, poolMax: number): Promise<string[]> {
  const { rows } = await client.query<Room>(roomText);
  return rows.flatMap(({ limit, max, used }) => {
    if (max === null || used + poolMax + listeners <= max) return [];
    const allowed = `the ${max} that this user may have (${limit})`;
    if (poolMax > max) throw new Error(`DATABASE_POOL_MAX: ${poolMax} connections are more than ${allowed}; lower it`);
    return [
      `DATABASE_POOL_MAX: ${used} connections are in use, and with ${poolMax} of this process and the one that listens they are more than ${allowed}; lower it, or calls will be refused or changes known later`,
    ];
  });
}

const apartMaxS = 30;

/**
 * Returns a warning line if the two clocks are apart. Half of what tokens are accepted early: another instance may be as far
 * off in the other direction. What is due, public or over is judged by the database's clock alone.
 */
async function checkClock(client: pg.Client, clock: Clock): Promise<string[]> {
  const before = clock();
  const { rows } = await client.query<{ ms: number }>(
    'SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms',
  );
  const theirs = rows[0]?.ms ?? before;
  // Between the two moments the server may have answered at any: the nearest one counts.
  const apartMs = Math.max(before - theirs, 0) + Math.min(clock() - theirs, 0);
  const seconds = Math.round(Math.abs(apartMs) / 1000);
  if (seconds < apartMaxS) return [];
  return [
    `The clock of this machine is ${seconds} seconds ${apartMs > 0 ? 'ahead of' : 'behind'} that of the database: instances may refuse each other's access tokens, and receivers what webhooks send; set it right`,
  ];
}

/**
 * Finds at the start what would make calls fail later: text that cannot be kept, sessions that are not ours, and more
 * connections than the server allows. Throws an Error of one line, or returns warning lines for what may still go well.
 * Returns none if the server cannot be reached.
 */
export async function checkServer(config: DatabaseConfig, clock: Clock = Date.now): Promise<string[]> {
  const client = openClient(config);
  try {
    await client.connect();
  } catch (thrown) {
    // A pooler that refuses the settings that sessions ask for.
    if (errorCode(thrown) === '08P01') throw thrown;
    return [];
  }
  try {
    await requireUtf8(client);
    const apart = await checkClock(client, clock);
    if (await isDirect(client)) return [...apart, ...(await checkRoom(client, config.poolMax))];
    await checkPooler(client, config);
    return apart;
  } finally {
    await client.end();
  }
}
