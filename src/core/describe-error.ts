import { types } from 'node:util';
import { Failure } from './errors.ts';

/** What helps to find the cause of an error. */
export type DescribedError = {
  type: string;
  /** For a `Failure`: its sentence, and the reason if something is unavailable. */
  detail?: string;
  outage?: string;
  code?: string;
  sqlState?: string;
  /** For a network error: the system call and the peer. */
  syscall?: string;
  address?: string;
  port?: number;
  /** Stack frames, innermost first. */
  at?: string[];
  cause?: DescribedError;
};

/** Also true for an error of another realm, which a module loader may make. */
const isError = (thrown: unknown): thrown is Error => thrown instanceof Error || types.isNativeError(thrown);

const causesMax = 3;
const framesMax = 12;

const members = (value: unknown): Record<string, unknown> => ({ ...Object(value) });
const text = (name: string, value: unknown) => (typeof value === 'string' && value !== '' ? { [name]: value } : {});
/** Our codes and those of Node, PostgreSQL and Prisma are all single words. */
const word = (name: string, value: unknown) =>
  typeof value === 'string' && /^\w{1,60}$/.test(value) ? { [name]: value } : {};

/** Prisma's own codes have the same shape, so they are excluded. */
const isSqlState = (code: unknown) =>
  typeof code === 'string' && /^(?!P[12]\d{3})[0-9A-Z]{5}$/.test(code) && /\d/.test(code);

const frame = /^\s+at .*(?::\d+:\d+\)?|\((?:<anonymous>|native|index \d+)\))$/;

/** Takes the frames from the end of the stack. The message comes before them, and its lines may look like anything. */
function framesOf({ stack = '', message }: Error): string[] {
  const end = stack.lastIndexOf(message);
  const lines = (end < 0 ? stack : stack.slice(end + message.length)).split('\n');
  const others = lines.findLastIndex((line) => !frame.test(line));
  return lines.slice(others + 1, others + 1 + framesMax).map((line) => line.trim().replace(/^at /, ''));
}

/** Prisma keeps the driver's error inside its own. */
const driverOf = (error: unknown) =>
  members(members(members(error).meta).driverAdapterError).cause ?? members(error).cause;

/**
 * What may be logged about an error. The message is included only for a `Failure`: Prisma's message contains everything
 * that was to be stored, V8's quotes what it could not parse, and PostgreSQL's quotes rows, as do `detail`, `hint` and
 * `where`.
 */
export function describeError(error: unknown, depth = 0): DescribedError {
  if (!isError(error)) return { type: typeof error };
  const { code, syscall, address, port } = members(error);
  const { originalCode } = members(driverOf(error));
  const frames = depth === 0 ? framesOf(error) : [];
  return {
    type: error.constructor.name,
    ...(error instanceof Failure ? { ...text('detail', error.message), ...text('outage', error.extras.outage) } : {}),
    ...word('code', code),
    ...word('sqlState', originalCode ?? (isSqlState(code) ? code : undefined)),
    ...word('syscall', syscall),
    ...(syscall === undefined ? {} : text('address', address)),
    ...(syscall !== undefined && typeof port === 'number' ? { port } : {}),
    ...(frames.length > 0 ? { at: frames } : {}),
    ...(isError(error.cause) && depth < causesMax ? { cause: describeError(error.cause, depth + 1) } : {}),
  };
}
