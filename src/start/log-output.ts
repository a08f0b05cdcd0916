import { once } from 'node:events';
import { write, writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** Where log lines go. Whatever becomes of them, nobody waits: what cannot be written is dropped and counted. */
export type LogOutput = {
  write(line: string): void;
  /** How many lines were dropped until now. */
  dropped(): number;
  /** Writes what is left, as far as that goes within the time. */
  close(limitMs: number): Promise<void>;
};

const writeAtBytes = 8_192;
const writeEveryMs = 100;
/** So much may wait for a reader that has stopped reading. */
const waitingBytesMax = 4 * 1024 * 1024;
const retryMs = 50;

/** A pipe that is full for now; every other error, as of a full disk or a closed pipe, costs the lines that met it. */
function isFull(error: unknown): boolean {
  const { code }: { code?: unknown } = Object(error);
  return code === 'EAGAIN' || code === 'EBUSY';
}

/** Writes lines to a descriptor, one call after another; gives how many of them were lost. */
function lineWriter(fd: number): (lines: readonly string[]) => Promise<number> {
  /** The last write ended within a line: what follows must not be read as the rest of it. */
  let torn = false;
  const put = (bytes: Buffer, offset: number): Promise<number> =>
    new Promise((resolve, reject) => {
      write(fd, bytes, offset, (error, count) => (error ? reject(error) : resolve(count)));
    });
  return async (lines) => {
    const lead = torn ? '\n' : '';
    const bytes = Buffer.from(lead + lines.join(''));
    let offset = 0;
    while (offset < bytes.length) {
      try {
        offset += await put(bytes, offset);
      } catch (error) {
        if (!isFull(error)) break;
        await pause(retryMs, undefined, { ref: false });
      }
    }
    // Without a byte of it, nothing has changed for what follows.
    if (offset > 0) torn = bytes[offset - 1] !== newline;
    return offset === bytes.length ? 0 : lines.length - linesIn(bytes.subarray(lead.length, offset));
  };
}

const newline = 10;

function linesIn(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(newline); at !== -1; at = bytes.indexOf(newline, at + 1)) lines += 1;
  return lines;
}

/** Waits for the work, but no longer than that. */
async function atMost(limitMs: number, work: (late: AbortSignal) => Promise<void>): Promise<void> {
  const late = new AbortController();
  const limit = setTimeout(() => late.abort(), limitMs);
  await Promise.race([work(late.signal), once(late.signal, 'abort')]);
  clearTimeout(limit);
}

/**
 * Log lines in few and large writes to a descriptor, each write begun when the one before has ended. `resumed` hears, once
 * lines can be written again, how many were dropped before.
 */
export function openLogOutput(fd: number, resumed: (lines: number) => void = () => {}): LogOutput {
  const writeOut = lineWriter(fd);
  let waiting: string[] = [];
  let waitingBytes = 0;
  let writing: Promise<void> | null = null;
  let dropped = 0;
  let told = 0;

  const writeNext = async () => {
    const lines = waiting;
    waiting = [];
    waitingBytes = 0;
    const lost = await writeOut(lines);
    dropped += lost;
    if (lost === 0 && dropped > told) {
      const untold = dropped - told;
      told = dropped;
      resumed(untold);
    }
  };
  const flush = (): Promise<void> => {
    if (writing !== null || waiting.length === 0) return writing ?? Promise.resolve();
    writing = writeNext().finally(() => {
      writing = null;
      if (waitingBytes >= writeAtBytes) void flush();
    });
    return writing;
  };

  const timer = setInterval(() => void flush(), writeEveryMs).unref();
  const lastWords = () => {
    if (writing === null && waiting.length > 0) writeOnce(fd, waiting.join(''));
  };
  process.once('exit', lastWords);

  return {
    write(line) {
      const bytes = Buffer.byteLength(line);
      if (waitingBytes + bytes > waitingBytesMax) {
        dropped += 1;
        return;
      }
      waiting.push(line);
      waitingBytes += bytes;
      if (waitingBytes >= writeAtBytes) void flush();
    },
    dropped: () => dropped,
    async close(limitMs) {
      clearInterval(timer);
      await atMost(limitMs, async (late) => {
        while (!late.aborted && (writing !== null || waiting.length > 0)) await flush();
      });
      process.off('exit', lastWords);
    },
  };
}

/** The last words of a process that ends by a fault: one try, since nothing can be waited for any more. */
function writeOnce(fd: number, text: string): void {
  try {
    writeSync(fd, text);
  } catch {
    // The process ends, and its exit code says what there is to say.
  }
}
