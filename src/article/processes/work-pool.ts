import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { checkout } from '../../checkout.ts';
import { Failure, type FailureKind, type Fault, unavailable } from '../../core/errors.ts';
import type { RenderedBody } from '../body/render.ts';
import type { BodyFormat } from '../content.ts';
import type { DiffPart, DiffText } from './word-diff.ts';

export type Job =
  | { kind: 'render'; body: string; format: BodyFormat; publicUrl: string }
  | { kind: 'diff'; before: DiffText; after: DiffText };

/** The result of a job, or the failure that refuses it. */
export type Done =
  | { rendered: RenderedBody }
  | { parts: DiffPart[] }
  | { refused: { kind: FailureKind; code: string; message: string; errors: readonly Fault[] } };

type Asked = { caller: string; job: Job; resolve: (done: Done) => void; reject: (thrown: unknown) => void };
type Worker = { child: ChildProcess; asked: Asked | null; limit?: NodeJS.Timeout };

/**
 * Processes for work that takes long. Threads would not do: on Node 20, one large allocation in a thread ends the whole
 * process. They are started when there is work, and end after being idle for a while.
 */
export type WorkPool = {
  /**
   * Both throw 503 if too many jobs wait, or if the job is not done in time. `render` also throws what refuses the body.
   */
  render(caller: string, body: string, format: BodyFormat): Promise<RenderedBody>;
  diff(caller: string, before: DiffText, after: DiffText): Promise<DiffPart[]>;
  close(): void;
};

export type WorkPoolOptions = {
  publicUrl: string;
  onLost: (why: string) => void;
  limitMs?: number;
  idleMs?: number;
  processesMax?: number;
};

const program = join(checkout, 'dist/work-process.js');
const waitingMax = 200;
const heapMegabytes = 512;
/** At least two, since one process always stays free for other callers. */
const processes = () => Math.max(2, Math.min(4, availableParallelism()));

export function openWorkPool(options: WorkPoolOptions): WorkPool {
  const { publicUrl, onLost, limitMs = 60_000, idleMs = 30_000, processesMax = processes() } = options;
  const workers = new Set<Worker>();
  let waiting: Asked[] = [];

  const end = (worker: Worker) => {
    workers.delete(worker);
    worker.child.kill('SIGKILL');
  };

  const finish = (worker: Worker): Asked | null => {
    const { asked } = worker;
    worker.asked = null;
    clearTimeout(worker.limit);
    return asked;
  };

  const start = (): Worker => {
    const execArgv = [`--max-old-space-size=${heapMegabytes}`];
    // Passes no environment variables: some are secrets, and the process parses input that anybody may have sent.
    const child = fork(program, [], { execArgv, env: {}, serialization: 'advanced', stdio: 'ignore', detached: false });
    const worker: Worker = { child, asked: null };
    child.unref();
    child.channel?.unref();
    child.on('message', (text) => {
      finish(worker)?.resolve(JSON.parse(String(text)));
      worker.limit = setTimeout(end, idleMs, worker).unref();
      next();
    });
    const lost = (why: string) => {
      workers.delete(worker);
      const asked = finish(worker);
      if (asked === null) return;
      onLost(why);
      asked.reject(unavailable(undefined, 'working'));
      next();
    };
    child.once('error', (error) => lost(error.message));
    child.once('exit', (code, signal) => lost(`a process for long work ended (${signal ?? code})`));
    workers.add(worker);
    return worker;
  };

  const give = (worker: Worker, asked: Asked) => {
    clearTimeout(worker.limit);
    worker.asked = asked;
    worker.limit = setTimeout(end, limitMs, worker).unref();
    worker.child.send(JSON.stringify(asked.job), (error) => {
      if (error) worker.child.kill('SIGKILL');
    });
  };

  /** The first waiting job whose caller does not yet occupy all processes but one. */
  const nextAsked = (): Asked | undefined => {
    const busy = [...workers].flatMap(({ asked }) => (asked === null ? [] : [asked.caller]));
    const mayStart = ({ caller }: Asked) => busy.filter((other) => other === caller).length < processesMax - 1;
    return busy.length < processesMax ? waiting.find(mayStart) : undefined;
  };

  const next = () => {
    for (let asked = nextAsked(); asked !== undefined; asked = nextAsked()) {
      const taken = asked;
      waiting = waiting.filter((other) => other !== taken);
      give([...workers].find((worker) => worker.asked === null) ?? start(), taken);
    }
  };

  const run = async (caller: string, job: Job) => {
    if (waiting.length >= waitingMax) throw unavailable(undefined, 'working');
    const done = await new Promise<Done>((resolve, reject) => {
      waiting.push({ caller, job, resolve, reject });
      next();
    });
    if (!('refused' in done)) return done;
    const { kind, code, message, errors } = done.refused;
    throw new Failure(kind, code, message, { errors });
  };

  const lost = () => new Error('a process answered another question than it was asked');

  return {
    async render(caller, body, format) {
      const done = await run(caller, { kind: 'render', body, format, publicUrl });
      if ('rendered' in done) return done.rendered;
      throw lost();
    },
    async diff(caller, before, after) {
      const done = await run(caller, { kind: 'diff', before, after });
      if ('parts' in done) return done.parts;
      throw lost();
    },
    close() {
      for (const { reject } of waiting.splice(0)) reject(unavailable(undefined, 'working'));
      for (const worker of [...workers]) end(worker);
    },
  };
}
