import type { IncomingMessage, ServerResponse } from 'node:http';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { type CacheSources, describeCache } from './cache-metrics.ts';
import { type DeliveryMetrics, type DeliverySources, openDeliveryMetrics } from './delivery-metrics.ts';
import { openDurations } from './durations.ts';
import type { StreamEnd } from './event-stream.ts';
import type { Exchange } from './exchange.ts';
import { failureOf } from './problem.ts';

export type PoolState = { total: number; idle: number; waiting: number };

/** What the process itself knows. */
export type MetricsSources = CacheSources &
  DeliverySources & {
    readonly version: string;
    readonly pool: () => PoolState;
    /** The number of lines that the log could not write. */
    readonly droppedLines: () => number;
    /** How this process learns of new positions of events. */
    readonly carrier: () => 'notify' | 'polling';
  };

export type Metrics = DeliveryMetrics & {
  /** Counts a request that has ended, `ms` after it began. */
  observe(req: IncomingMessage, res: ServerResponse, exchange: Exchange, ms: number): void;
  /** Reported by the database client. */
  readonly database: {
    /** A caller waited this long for a connection, whether it got one or not. */
    waited(ms: number): void;
    /** A statement or a transaction failed; null if the server sent no SQLSTATE. */
    failed(sqlState: string | null): void;
    /** A transaction is retried. */
    retried(): void;
  };
  /** A sweep removed this many expired rows, or failed. */
  swept(what: string, rows: number): void;
  sweepFailed(what: string): void;
  /** A stream of this route began. Returns what is called when it ends. */
  streamBegan(route: string): (why: StreamEnd) => void;
  /** This process gave positions to this many events, or could not. */
  numbered(count: number): void;
  numberingFailed(what: string): void;
  /** The Prometheus text format, version 0.0.4. */
  text(): Promise<string>;
  close(): void;
};

const knownMethods = new Set(['GET', 'HEAD', 'POST', 'PATCH', 'PUT', 'DELETE', 'OPTIONS']);

/** Gauges with the name of a counter, which Prometheus's own linter refuses. */
const misnamed = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

/** The metrics of the process, and constants of the build. */
function describeProcess(register: Registry, { version, droppedLines }: MetricsSources): void {
  collectDefaultMetrics({ register });
  for (const name of misnamed) register.removeSingleMetric(name);
  new Gauge({
    name: 'khobor_build_info',
    help: 'Always 1; the labels say which program this is',
    labelNames: ['version', 'node'],
    registers: [register],
  }).set({ version, node: process.versions.node }, 1);
  let counted = 0;
  new Counter({
    name: 'log_lines_dropped_total',
    help: 'Lines of the log that standard output did not take',
    registers: [register],
    collect() {
      const dropped = droppedLines();
      this.inc(dropped - counted);
      counted = dropped;
    },
  });
}

function openDatabaseMetrics(register: Registry, pool: () => PoolState): Metrics['database'] {
  new Gauge({
    name: 'db_pool_connections',
    help: 'Connections of the database pool, and callers that wait for one',
    labelNames: ['state'],
    registers: [register],
    collect() {
      for (const [state, count] of Object.entries(pool())) this.set({ state }, count);
    },
  });
  const waits = new Histogram({
    name: 'db_pool_wait_seconds',
    help: 'Time that callers waited for a connection of the pool, whether one came or not',
    buckets: [0.001, 0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [register],
  });
  const failures = new Counter({
    name: 'db_failures_total',
    help: 'Statements and transactions that failed, by SQLSTATE; none where the server said nothing',
    labelNames: ['sqlstate'],
    registers: [register],
  });
  const retries = new Counter({
    name: 'db_transaction_retries_total',
    help: 'Transactions that were tried again',
    registers: [register],
  });
  return {
    waited: (ms) => waits.observe(ms / 1000),
    failed: (sqlState) => failures.inc({ sqlstate: sqlState ?? 'none' }),
    retried: () => retries.inc(),
  };
}

function openSweepMetrics(register: Registry): Pick<Metrics, 'swept' | 'sweepFailed'> {
  const labelNames = ['what'];
  const registers = [register];
  const rows = new Counter({
    name: 'sweep_rows_total',
    help: 'Rows that were removed because their time was over',
    labelNames,
    registers,
  });
  const failures = new Counter({
    name: 'sweep_failures_total',
    help: 'Sweeps that failed and are tried again at their next time',
    labelNames,
    registers,
  });
  const times = new Gauge({
    name: 'sweep_last_success_timestamp_seconds',
    help: 'When a sweep last came to its end',
    labelNames,
    registers,
  });
  return {
    swept(what, removed) {
      rows.inc({ what }, removed);
      failures.inc({ what }, 0);
      times.setToCurrentTime({ what });
    },
    sweepFailed: (what) => failures.inc({ what }),
  };
}

function openOutboxMetrics(
  register: Registry,
  carrier: MetricsSources['carrier'],
): Pick<Metrics, 'numbered' | 'numberingFailed'> {
  const registers = [register];
  const numbered = new Counter({
    name: 'outbox_numbered_total',
    help: 'Events that this process gave their positions',
    registers,
  });
  new Gauge({
    name: 'outbox_carrier',
    help: 'What tells of new positions: 1 for messages of PostgreSQL or for polling alone',
    labelNames: ['by'],
    registers,
    collect() {
      for (const by of ['notify', 'polling']) this.set({ by }, by === carrier() ? 1 : 0);
    },
  });
  const failures = new Counter({
    name: 'outbox_failures_total',
    help: 'Times that events began to wait for their positions because something failed',
    labelNames: ['what'],
    registers,
  });
  return {
    numbered: (count) => numbered.inc(count),
    numberingFailed: (what) => failures.inc({ what }),
  };
}

/** A stream lasts as long as its reader likes, so it is counted here and not among the durations. */
function openStreamMetrics(register: Registry): Pick<Metrics, 'streamBegan'> {
  const registers = [register];
  const open = new Gauge({ name: 'streams_open', help: 'Streams that are open', labelNames: ['route'], registers });
  const opened = new Counter({
    name: 'streams_opened_total',
    help: 'Streams that were opened',
    labelNames: ['route'],
    registers,
  });
  const ended = new Counter({
    name: 'streams_ended_total',
    help: 'Streams that ended, by reason: their readers left or were slow, lost their access, or the server ended them',
    labelNames: ['route', 'reason'],
    registers,
  });
  return {
    streamBegan(route) {
      open.inc({ route });
      opened.inc({ route });
      return (reason) => {
        open.dec({ route });
        ended.inc({ route, reason });
      };
    },
  };
}

/** Requests by route, failures by code, the database, sweeps and the process's own numbers. */
export function openMetrics(sources: MetricsSources): Metrics {
  const register = new Registry();
  describeProcess(register, sources);
  describeCache(register, sources);
  const durations = openDurations();
  const problems = new Counter({
    name: 'http_problems_total',
    help: 'Calls that failed, by the code of the problem, refused log-ins and writes among them',
    labelNames: ['route', 'code'],
    registers: [register],
  });
  const outages = new Counter({
    name: 'http_outages_total',
    help: 'Calls that were answered 503, by what was out of order',
    labelNames: ['kind'],
    registers: [register],
  });
  return {
    observe({ method = '' }, { statusCode }, { route = 'none', error, ended }, ms) {
      const call = { method: knownMethods.has(method) ? method : 'other', route, status: statusCode };
      if (ended === undefined) durations.observe(call, ms / 1_000);
      if (error === undefined) return;
      const failure = failureOf(error);
      problems.inc({ route, code: failure?.code ?? 'internal' });
      if (failure?.kind === 'Unavailable') outages.inc({ kind: failure.extras.outage ?? failure.code });
    },
    database: openDatabaseMetrics(register, sources.pool),
    ...openSweepMetrics(register),
    ...openStreamMetrics(register),
    ...openOutboxMetrics(register, sources.carrier),
    ...openDeliveryMetrics(register, sources),
    text: async () => `${await register.metrics()}\n${durations.text()}`,
    close: () => register.clear(),
  };
}
