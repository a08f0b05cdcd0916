import { conflict, Failure, unavailable, unprocessable } from '../core/errors.ts';

/** What a thrown value of `pg`, `@prisma/adapter-pg` or Prisma says of its cause. */
type DatabaseCause = { sqlState: string | undefined; constraint: string | undefined; unreachable: boolean };

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const member = (value: unknown, key: string): unknown => (isObject(value) ? value[key] : undefined);

const socketErrors =
  /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_[A-Z]+|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|ENOENT|EMFILE|ENFILE|EADDRNOTAVAIL)$/;
const unreachableKinds = new Set([
  'DatabaseNotReachable',
  'ConnectionClosed',
  'SocketTimeout',
  'TooManyConnections',
  'TlsConnectionError',
]);
const poolMessages =
  /timeout exceeded when trying to connect|Connection terminated|connection is closed|Query read timeout|Client has encountered a connection error|Cannot use a pool after calling end|not queryable/i;
/** P1001 and P1017: not reachable; P2024 and P2028: no connection, or a transaction that could not begin or had ended. */
const prismaUnreachable = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2037']);

/** Names of constraints are ASCII and end alike, in whatever language the server speaks. */
function constraintOf(adapter: unknown): string | undefined {
  const constraint = member(adapter, 'constraint');
  const message = textOf(member(adapter, 'originalMessage')) ?? '';
  return (
    /\b[a-z_]+_(?:key|pkey|fkey|check|idx)\b/.exec(message)?.[0] ??
    textOf(constraint) ??
    textOf(member(constraint, 'index'))
  );
}

function causeOf(thrown: unknown): DatabaseCause {
  const adapter = member(member(member(thrown, 'meta'), 'driverAdapterError'), 'cause') ?? member(thrown, 'cause');
  const code = textOf(member(thrown, 'code'));
  const kind = textOf(member(adapter, 'kind'));
  const message = textOf(member(thrown, 'message')) ?? '';
  const sqlState = textOf(member(adapter, 'originalCode')) ?? (code && /^[0-9A-Z]{5}$/.test(code) ? code : undefined);
  return {
    sqlState: sqlState?.startsWith('P2') || sqlState?.startsWith('P1') ? undefined : sqlState,
    constraint: textOf(member(thrown, 'constraint')) ?? constraintOf(adapter),
    unreachable:
      (kind !== undefined && unreachableKinds.has(kind)) ||
      (code !== undefined && (socketErrors.test(code) || prismaUnreachable.has(code))) ||
      poolMessages.test(message),
  };
}

/** 42P01 and 42703: a table or a column that a migration brings; 3F000: its schema. P2021 and P2022 are Prisma's words. */
const unmigrated = new Set(['42P01', '42703', '3F000']);
/** 57014 statement timeout, 55P03 lock timeout, 40001 and 40P01 when all tries lost, 25P03 and 25P04 idle too long. */
const busy = new Set(['57014', '55P03', '40001', '40P01', '25P03', '25P04']);

/** 08 connection, 28 and 3D refused at the door, 53 resources, 57P operator intervention, 25006 read-only. */
function outageOf(sqlState: string): Parameters<typeof unavailable>[1] {
  if (sqlState === '25006') return 'readOnly';
  if (busy.has(sqlState)) return 'busy';
  if (unmigrated.has(sqlState)) return 'unmigrated';
  return /^(08|28|3D|53|57P|58030)/.test(sqlState) ? 'unreachable' : undefined;
}

/** What the server said of a failure; null where it said nothing, undefined for what is no failure of the database. */
export function sqlStateOf(thrown: unknown): string | null | undefined {
  const { sqlState, unreachable } = causeOf(thrown);
  return sqlState ?? (unreachable ? null : undefined);
}

/** A deadlock or serialization failure: the whole transaction may be tried again. */
export const isRetryable = (thrown: unknown): boolean => ['40001', '40P01'].includes(causeOf(thrown).sqlState ?? '');

/**
 * Of an error of COMMIT: whether the server may have stored the transaction all the same. It has not when it says why it
 * refused, or when Prisma had given the transaction up before.
 */
export function isOutcomeUnknown(thrown: unknown): boolean {
  const { sqlState, unreachable } = causeOf(thrown);
  return sqlState === undefined ? unreachable && member(thrown, 'code') !== 'P2028' : /^(08|57P)/.test(sqlState);
}

/** The name of the unique index that refused a write, else undefined. */
export function uniqueViolation(thrown: unknown): string | undefined {
  const cause = causeOf(thrown);
  return cause.sqlState === '23505' ? (cause.constraint ?? 'unknown') : undefined;
}

/** The name of the foreign key that refused a write, else undefined. */
export function foreignKeyViolation(thrown: unknown): string | undefined {
  const cause = causeOf(thrown);
  return cause.sqlState === '23503' || cause.sqlState === '23001' ? (cause.constraint ?? 'unknown') : undefined;
}

/** A server that went read-only after a failover: the pool's connections are of no more use. */
export const isReadOnly = (thrown: unknown): boolean => causeOf(thrown).sqlState === '25006';

/** The domain's word for what the database threw; anything that it does not know comes back as it was. */
export function translateDatabaseError(thrown: unknown): unknown {
  if (thrown instanceof Failure) return thrown;
  const { sqlState, constraint, unreachable } = causeOf(thrown);
  const unmigratedModel = ['P2021', 'P2022'].includes(textOf(member(thrown, 'code')) ?? '');
  if (sqlState === undefined && unmigratedModel) return unavailable(thrown, 'unmigrated');
  if (sqlState === undefined) return unreachable ? unavailable(thrown) : thrown;
  const outage = outageOf(sqlState);
  if (outage !== undefined) return unavailable(thrown, outage);
  if (sqlState === '23505')
    return conflict('conflict', `Another thing already has this value (${constraint ?? 'unique'}).`);
  if (sqlState === '23503' || sqlState === '23001')
    return conflict('in-use', 'Something else refers to this, or it refers to what is gone.');
  if (/^(22|23|54)/.test(sqlState)) return unprocessable('unprocessable', 'A value cannot be stored as it was sent.');
  return unreachable ? unavailable(thrown) : thrown;
}
