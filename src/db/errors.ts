import { conflict, Failure, type Outage, unavailable } from '../core/errors.ts';
import { referenceGone } from './references.ts';

/** What a value thrown by `pg`, `@prisma/adapter-pg` or Prisma says about its cause. */
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
/** P1001, P1017: not reachable. P2024: no connection. P2028: the transaction could not begin or had ended. */
const prismaUnreachable = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2037']);

/** Constraint names are ASCII with known endings, so they are found in messages of any server language. */
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

/** Why the server cannot serve a call, by SQLSTATE or its class. The first match counts. */
const outageStates: readonly (readonly [RegExp, Outage])[] = [
  [/^25006$/, 'readOnly'],
  // A missing table, column or schema, which a migration creates.
  [/^(42P01|42703|3F000)$/, 'unmigrated'],
  // Lock timeout; deadlock or serialization failure after the last try.
  [/^(55P03|40001|40P01)$/, 'busy'],
  [/^57014$/, 'slow'],
  [/^(25P03|25P04)$/, 'tooLong'],
  [/^57P/, 'restarting'],
  [/^53300$/, 'connectionLimit'],
  [/^53100$/, 'diskFull'],
  [/^(53|58030)/, 'failing'],
  [/^28/, 'refused'],
  [/^3D000$/, 'missing'],
  [/^42501$/, 'noRight'],
  [/^(0A000|26000)$/, 'altered'],
  [/^08/, 'unreachable'],
];

const outageOf = (sqlState: string) => outageStates.find(([states]) => states.test(sqlState))?.[1];

/** The SQLSTATE of a failure; null if the server sent none, undefined if it is not a failure of the database. */
export function sqlStateOf(thrown: unknown): string | null | undefined {
  const { sqlState, unreachable } = causeOf(thrown);
  return sqlState ?? (unreachable ? null : undefined);
}

/** A deadlock or serialization failure: the whole transaction may be retried. */
export const isRetryable = (thrown: unknown): boolean => ['40001', '40P01'].includes(causeOf(thrown).sqlState ?? '');

/**
 * For an error of COMMIT: whether the server may have stored the transaction all the same. It has not if it gave a reason
 * for refusing, or if Prisma had already given the transaction up.
 */
export function isOutcomeUnknown(thrown: unknown): boolean {
  const { sqlState, unreachable } = causeOf(thrown);
  return sqlState === undefined ? unreachable && !isGivenUp(thrown) : /^(08|57P)/.test(sqlState);
}

/**
 * For an error of a statement with which COMMIT was sent: whether the server may have stored the transaction. It has not if it
 * answered; that Prisma has given the transaction up says nothing of what had been sent before.
 */
export function isAnswerLost(thrown: unknown): boolean {
  const { sqlState, unreachable } = causeOf(thrown);
  return sqlState === undefined && unreachable;
}

/** The name of the unique index that refused a write, else undefined. */
export function uniqueViolation(thrown: unknown): string | undefined {
  const cause = causeOf(thrown);
  return cause.sqlState === '23505' ? (cause.constraint ?? 'unknown') : undefined;
}

/**
 * A prepared statement that no longer fits the schema (0A000) or that the session no longer has (26000). It may be retried
 * on a new connection.
 */
export const isStalePlan = (thrown: unknown): boolean => ['0A000', '26000'].includes(causeOf(thrown).sqlState ?? '');

/** The pool's own error for a caller who waited too long, whether for a connection in use or for a new one. */
export const isPoolTimeout = (thrown: unknown): boolean =>
  /timeout exceeded when trying to connect/.test(textOf(member(thrown, 'message')) ?? '');

/** Prisma's error for a transaction that could not begin in time or that had been given up. */
export const isGivenUp = (thrown: unknown): boolean => member(thrown, 'code') === 'P2028';

/** A server that is read-only after a failover: the pool's connections are no longer of use. */
export const isReadOnly = (thrown: unknown): boolean => causeOf(thrown).sqlState === '25006';

/** Translates a database error to a `Failure`; anything unknown is returned unchanged. */
export function translateDatabaseError(thrown: unknown): unknown {
  if (thrown instanceof Failure) return thrown;
  const { sqlState, constraint, unreachable } = causeOf(thrown);
  const unmigratedModel = ['P2021', 'P2022'].includes(textOf(member(thrown, 'code')) ?? '');
  if (sqlState === undefined && unmigratedModel) return unavailable(thrown, 'unmigrated');
  if (isGivenUp(thrown)) return unavailable(thrown, 'tooLong');
  if (sqlState === undefined) return unreachable ? unavailable(thrown) : thrown;
  const outage = outageOf(sqlState);
  if (outage !== undefined) return unavailable(thrown, outage);
  if (sqlState === '23505')
    return conflict('conflict', `Another thing already has this value (${constraint ?? 'unique'}).`);
  if (sqlState === '23503') return referenceGone(constraint);
  if (sqlState === '23001') return conflict('in-use', 'Something else refers to this.');
  // A constraint that validation should have kept: the answer is the same, but the fault is ours and is logged.
  if (/^(22|23|54)/.test(sqlState))
    return new Failure('Unprocessable', 'unprocessable', 'A value cannot be stored as it was sent.', { cause: thrown });
  return unreachable ? unavailable(thrown) : thrown;
}
