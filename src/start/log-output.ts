import { once } from 'node:events';
import { write, writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { errorCode } from '../core/error-code.ts';

/** Where log lines go. Writing never blocks: lines that cannot be written are dropped and counted. */
export type LogOutput = {
  write(line: string): void;
  /** The number of lines dropped until now. */
  dropped(): number;
  /** Writes the lines that are left, within the time limit. */
  close(limitMs: number): Promise<void>;
};

/** Each write takes a thread and several calls of the system: ten times the work of the lines in eight kilobytes. */
const writeAtBytes = 65_536;
const writeEveryMs = 100;
/** The buffer for a reader that has stopped reading. */
const waitingBytesMax = 4 * 1024 * 1024;
const retryMs = 50;

/** True for a full pipe, which is retried. After any other error (a full disk, a closed pipe) the lines are dropped. */
function isFull(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'EAGAIN' || code === 'EBUSY';
}

/** Writes lines to a descriptor, one call at a time. Returns how many of them were lost. */
function lineWriter(fd: number): (lines: readonly string[]) => Promise<number> {
  /** The last write ended in the middle of a line. The next one begins with a line break, or it would continue that line. */
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
    // If no byte was written, the state at the end of the output has not changed.
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

/** Waits for the work, at most `limitMs`. `late` aborts at that time. */
async function atMost(limitMs: number, work: (late: AbortSignal) => Promise<void>): Promise<void> {
  const late = new AbortController();
  const limit = setTimeout(() => late.abort(), limitMs);
  await Promise.race([work(late.signal), once(late.signal, 'abort')]);
  clearTimeout(limit);
}

/**
 * Writes log lines to a descriptor in few large writes, one at a time. When lines can be written again, `resumed` is called
 * with the number of lines dropped before.
 */
export function openLogOutput(fd: number, resumed: (lines: number) => void = () => {}): LogOutput {
  const writeOut = lineWriter(fd);
  let waiting: string[] = [];
  let waitingBytes = 0;
  let writing: Promise<void> | null = null;
  let dropped = 0;
  let reported = 0;

  const writeNext = async () => {
    const lines = waiting;
    waiting = [];
    waitingBytes = 0;
    const lost = await writeOut(lines);
    dropped += lost;
    if (lost === 0 && dropped > reported) {
      const unreported = dropped - reported;
      reported = dropped;
      resumed(unreported);
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

/** The last lines of a process that is exiting: one synchronous try, because nothing can be awaited any more. */
function writeOnce(fd: number, text: string): void {
  try {
    writeSync(fd, text);
  } catch {
    // The process is exiting, and there is nowhere left to report this.
  }
}
