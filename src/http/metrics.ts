import type { IncomingMessage, ServerResponse } from 'node:http';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Exchange } from './exchange.ts';

export type PoolState = { total: number; idle: number; waiting: number };

export type Metrics = {
  observe(req: IncomingMessage, res: ServerResponse, exchange: Exchange): void;
  /** The Prometheus text format, version 0.0.4. */
  text(): Promise<string>;
  close(): void;
};

const knownMethods = new Set(['GET', 'HEAD', 'POST', 'PATCH', 'PUT', 'DELETE', 'OPTIONS']);

/** Request durations by route, the state of the pool, the event loop's delay and the process's own numbers. */
export function openMetrics(pool: () => PoolState): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the first byte of a request to the end of its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  });
  new Gauge({
    name: 'db_pool_connections',
    help: 'Connections of the database pool, and callers that wait for one',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      for (const [state, count] of Object.entries(pool())) this.set({ state }, count);
    },
  });
  return {
    observe(req, res, exchange) {
      const began = performance.now();
      res.once('close', () => {
        const method = knownMethods.has(req.method ?? '') ? (req.method ?? '') : 'other';
        const labels = { method, route: exchange.route ?? 'none', status: String(res.statusCode) };
        durations.observe(labels, (performance.now() - began) / 1000);
      });
    },
    text: () => registry.metrics(),
    close: () => registry.clear(),
  };
}
