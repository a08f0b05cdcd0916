import { setPriority } from 'node:os';
import { Failure } from '../../core/errors.ts';
import { renderBody } from '../body/render.ts';
import { wordDiff } from './word-diff.ts';
import type { Done, Job } from './work-pool.ts';

/** A process of its own for work that takes long: it does one job after another until the one that started it is gone. */

function work(job: Job): Done {
  try {
    return job.kind === 'render'
      ? { rendered: renderBody(job.body, job.format, { publicUrl: job.publicUrl }) }
      : { parts: wordDiff(job.before, job.after) };
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    const { kind, code, message, extras } = thrown;
    return { refused: { kind, code, message, errors: extras.errors ?? [] } };
  }
}

// Calls that are being answered go before it, where there are fewer cores than work.
setPriority(5);
// A signal to the whole group, as Ctrl-C is, is for the one that started it, which lets the calls under way be answered.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
process.on('disconnect', () => process.exit(0));
process.on('message', (text) => process.send?.(JSON.stringify(work(JSON.parse(String(text))))));
