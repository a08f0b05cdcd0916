import { types } from 'node:util';
import { Failure } from './errors.ts';

/** Of an error what finds its cause. */
export type DescribedError = {
  type: string;
  /** The sentence of a failure of ours, and the reason where something is unavailable. */
  detail?: string;
  outage?: string;
  code?: string;
  sqlState?: string;
  /** Of an error of the network: what was done, and with whom. */
  syscall?: string;
  address?: string;
  port?: number;
  /** Where in the code. */
  at?: string[];
  cause?: DescribedError;
};

/** Also one of another realm, as a module loader may make. */
const isError = (thrown: unknown): thrown is Error => thrown instanceof Error || types.isNativeError(thrown);

const causesMax = 3;
const framesMax = 12;

const members = (value: unknown): Record<string, unknown> => ({ ...Object(value) });
const text = (name: string, value: unknown) => (typeof value === 'string' && value !== '' ? { [name]: value } : {});
/** Codes are words: of ours, of Node, of PostgreSQL, of Prisma. */
const word = (name: string, value: unknown) =>
  typeof value === 'string' && /^\w{1,60}$/.test(value) ? { [name]: value } : {};

/** Prisma's own codes have the same shape. */
const isSqlState = (code: unknown) =>
  typeof code === 'string' && /^(?!P[12]\d{3})[0-9A-Z]{5}$/.test(code) && /\d/.test(code);

const frame = /^\s+at .*(?::\d+:\d+\)?|\((?:<anonymous>|native|index \d+)\))$/;

/** The last lines of the stack: before them stands the message, which may have lines of any kind. */
function framesOf({ stack = '', message }: Error): string[] {
  const end = stack.lastIndexOf(message);
  const lines = (end < 0 ? stack : stack.slice(end + message.length)).split('\n');
  const others = lines.findLastIndex((line) => !frame.test(line));
  return lines.slice(others + 1, others + 1 + framesMax).map((line) => line.trim().replace(/^at /, ''));
}

/** Prisma keeps what the driver said within. */
const driverOf = (error: unknown) =>
  members(members(members(error).meta).driverAdapterError).cause ?? members(error).cause;

/**
 * An error as it may be written down. Its message only where it is a failure of ours: Prisma's holds all that was to be
 * stored, V8's quotes what it could not parse, and PostgreSQL's and its `detail`, `hint` and `where` quote rows.
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
