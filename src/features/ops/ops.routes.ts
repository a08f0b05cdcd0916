import { z } from 'zod';
import { type Endpoint, get } from '../../http/endpoint.ts';
import { answer, toJson } from '../../http/json.ts';
import type { Metrics } from '../../http/metrics.ts';
import { checkReady, type OpsParts } from './ops.service.ts';

const HealthView = z
  .object({ status: z.literal('ok').meta({ description: 'Always `ok`: otherwise the answer is 503.' }) })
  .meta({ id: 'Health' });
const ReadinessView = HealthView.extend({
  changes: z.enum(['notify', 'polling']).meta({
    description:
      'What tells this server of new changes: messages of PostgreSQL, or looking each second alone. It is ready with either.',
  }),
}).meta({ id: 'Readiness' });
const ok = answer(toJson({ status: 'ok' as const }));

const metricsType = 'text/plain; version=0.0.4; charset=utf-8';

export function opsRoutes(parts: OpsParts & { metrics: Metrics }): Endpoint[] {
  return [
    get(
      '/livez',
      {
        id: 'getLiveness',
        summary: 'Whether the process lives',
        access: 'public',
        token: 'ignored',
        reply: HealthView,
      },
      async () => ok,
    ),
    get(
      '/readyz',
      {
        id: 'getReadiness',
        summary: 'Whether calls can be served',
        description: 'The database answers and its migrations are applied. Off as soon as the process begins to stop.',
        access: 'public',
        token: 'ignored',
        reply: ReadinessView,
      },
      async () => {
        await checkReady(parts);
        return answer(toJson({ status: 'ok' as const, changes: parts.outbox.carrier }));
      },
    ),
    get(
      '/metrics',
      {
        id: 'getMetrics',
        summary: 'Metrics for Prometheus',
        access: 'public',
        token: 'ignored',
        reply: null,
        tagless: true,
        mediaType: metricsType,
      },
      async () => ({ body: { text: await parts.metrics.text() } }),
    ),
  ];
}
