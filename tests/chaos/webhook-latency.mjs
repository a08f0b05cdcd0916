import { familyMs } from '../bench/processes.mjs';
import { administer, freePort } from './house.mjs';
import { makeHook, removeHooks, share, startSink, startWorker, untilDrained, writeEvenly } from './webhook-house.mjs';

// Whether a dead endpoint delays another. Short turns in many rounds, since the machine is not the same from one minute to the
// next. Those beside have a sink of their own, so that it does not delay the one that is measured. A worker yields to whatever
// else the machine does: `chrt -r 1` before the command keeps other work away on Linux.

const settlingS = 0.5;
const turnS = 3;
const perSecond = 20;

const alone = 'alone';
const living = 'beside two that answer';
const dead = 'beside two dead ones';

/** The webhooks beside, by the case in which they are enabled: of the dead one refuses connections, one never answers. */
async function makeOthers(world, others, waiting) {
  const make = (path, members) => makeHook({ ...world, sink: others }, path, members);
  const found = {
    [alone]: [],
    [living]: [await make('/1'), await make('/2')],
    [dead]: [
      await make('/refuses', { url: `http://127.0.0.1:${await freePort()}/` }),
      await make('/silent', { silent: true }),
    ],
  };
  await administer(world.adminUrl, 'UPDATE webhooks SET enabled = FALSE');
  await writeEvenly(world, { seconds: 1, perSecond });
  for (const { id } of found[dead]) await administer(world.adminUrl, [backlogSql, [id, waiting]]);
  // A backlog takes hours to grow, in which PostgreSQL counts it again and again.
  await administer(world.adminUrl, 'ANALYZE webhook_deliveries');
  return Object.fromEntries(Object.entries(found).map(([name, hooks]) => [name, hooks.map(({ id }) => id)]));
}

const backlogSql = `INSERT INTO webhook_deliveries (id, webhook_id, purpose, position, event_id, event_type, kind, subject_id)
  SELECT gen_random_uuid(), $1, 'change', -n, e.id, e.type, e.subject_type, gen_random_uuid()
  FROM generate_series(1, $2::int) n CROSS JOIN (SELECT * FROM events WHERE subject_type = 'article' ORDER BY seq DESC LIMIT 1) e`;

/** From now on they are told of changes, and those that are dead die anew: first eight at once, then one at a time. */
const enableSql = `UPDATE webhooks w SET enabled = w.id = ANY ($1::uuid[]), failures = 0, failing_since = NULL, probe_at = NULL,
  position = h.position FROM changes_head h WHERE w.id <> $2`;

/** From the commit by PostgreSQL's clock to the first time that it came, in milliseconds. */
async function lagsOf({ adminUrl, sink }, hook) {
  const { came } = await sink.take(hook.path);
  const first = new Map();
  for (const { event, at } of came) if (!first.has(event)) first.set(event, at);
  const rows = await administer(adminUrl, [
    `SELECT e.id::text, (extract(epoch FROM pg_xact_commit_timestamp(e.xmin)) * 1000)::float8 AS at FROM events e WHERE e.id = ANY($1::uuid[])`,
    [[...first.keys()]],
  ]);
  return rows.map(({ id, at }) => first.get(id) - at);
}

async function measure(world, hook, beside, pids) {
  const { adminUrl, sink } = world;
  await administer(adminUrl, [enableSql, [beside, hook.id]]);
  await writeEvenly(world, { seconds: settlingS, perSecond });
  await untilDrained(adminUrl, hook);
  await sink.answer(hook.path, { came: [] });
  const read = () => Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, familyMs(pid)]));
  const [began, before] = [performance.now(), read()];
  await writeEvenly(world, { seconds: turnS, perSecond });
  const [tookMs, after] = [performance.now() - began, read()];
  await untilDrained(adminUrl, hook);
  const cpu = Object.fromEntries(
    Object.keys(pids).map((name) => [name, (100 * (after[name] - before[name])) / tookMs]),
  );
  return { lags: await lagsOf(world, hook), cpu };
}

const median = (numbers) => share(numbers, 0.5);
const ms = (number) => `${number.toFixed(0)} ms`;
const spread = (numbers) =>
  `${ms(median(numbers))} (half of them ${ms(share(numbers, 0.25))} to ${ms(share(numbers, 0.75))})`;

const wanted = {
  [alone]: { want: 'p99 <= 500 ms', isGood: ({ p99 }) => p99 <= 500 },
  [living]: { want: 'printed', isGood: () => true },
  [dead]: { want: 'p99 as alone', isGood: ({ ratio }) => ratio <= 1.2 },
};

/** 20 writes a second, to a sink alone and beside others. */
export async function latency(world, { turns, waiting }) {
  const { adminUrl, sink, env } = world;
  const others = await startSink();
  const beside = await makeOthers(world, others, waiting);
  const hook = await makeHook(world, '/measured');
  const worker = startWorker(env);
  await worker.ready;
  const pids = {
    ...{ api: world.apiPid(), worker: worker.pid, postgres: world.house.postmaster() },
    ...{ sink: sink.pid, 'their sink': others.pid, writers: process.pid },
  };
  const names = Object.keys(wanted);
  for (const name of names) await measure(world, hook, beside[name], pids);
  const found = Object.fromEntries(names.map((name) => [name, []]));
  for (let turn = 0; turn < turns; turn += 1)
    for (const name of turn % 2 === 0 ? names : names.toReversed())
      found[name].push(await measure(world, hook, beside[name], pids));
  await worker.stop();
  others.stop();
  await removeHooks(adminUrl);
  const p99s = Object.fromEntries(names.map((name) => [name, found[name].map(({ lags }) => share(lags, 0.99))]));
  return names.map((name) => {
    const { want, isGood } = wanted[name];
    const ratio = median(p99s[name]) / median(p99s[alone]);
    const lags = found[name].flatMap((one) => one.lags);
    const cpu = Object.keys(pids).map((who) => `${who} ${median(found[name].map((one) => one.cpu[who])).toFixed(0)}`);
    return {
      what: `commit to received, 20 writes a second, ${name}`,
      want,
      got: `p50 ${ms(median(lags))}, p99 ${spread(p99s[name])} of ${turns} turns, ${ms(share(lags, 0.99))} of all ${lags.length}; ${ratio.toFixed(2)} times that alone; % of a core: ${cpu.join(', ')}`,
      good: isGood({ p99: median(p99s[name]), ratio }),
    };
  });
}
