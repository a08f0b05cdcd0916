import type { RequestListener } from 'node:http';
import type { Config } from '../config.ts';
import type { Metrics } from '../http/metrics.ts';
import { listen } from '../http/server/server.ts';

/** The metrics of a process that has no API, at the path at which the API has its own. */

const metricsType = 'text/plain; version=0.0.4; charset=utf-8';

/** A scrape is over at once, so that the end of the process need not wait for one. */
const closeMs = 1_000;

const answering =
  (metrics: Pick<Metrics, 'text'>): RequestListener =>
  ({ method = '', url = '' }, res) => {
    const refuse = (status: number, headers: Record<string, string> = {}) => void res.writeHead(status, headers).end();
    if (!/^\/metrics(?:\?|$)/.test(url)) return refuse(404);
    if (method !== 'GET' && method !== 'HEAD') return refuse(405, { Allow: 'GET, HEAD' });
    metrics.text().then(
      (text) => res.writeHead(200, { 'Content-Type': metricsType, 'Cache-Control': 'no-store' }).end(text),
      () => refuse(503),
    );
  };

/** Serves them on HOST and WORKER_METRICS_PORT, if that is set. Returns the function that ends it. */
export async function serveMetrics(
  { HOST, WORKER_METRICS_PORT }: Pick<Config, 'HOST' | 'WORKER_METRICS_PORT'>,
  metrics: Pick<Metrics, 'text'>,
): Promise<() => Promise<void>> {
  if (WORKER_METRICS_PORT === 0) return async () => {};
  const { close } = await listen(answering(metrics), { port: WORKER_METRICS_PORT, host: HOST });
  return () => close(closeMs);
}
