import { setPriority } from 'node:os';
import { Failure } from '../../core/errors.ts';
import { renderBody } from '../body/render.ts';
import { wordDiff } from './word-diff.ts';
import type { Done, Job } from './work-pool.ts';

/** A separate process for work that takes long. It does one job after another until its parent process is gone. */

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

// If cores are scarce, answering calls has priority.
setPriority(5);
// Ctrl-C signals the whole process group. Only the parent reacts: it lets the calls under way finish.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
process.on('disconnect', () => process.exit(0));
process.on('message', (text) => process.send?.(JSON.stringify(work(JSON.parse(String(text))))));
