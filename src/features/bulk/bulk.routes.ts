import type { Bodies } from '../../article/body/bodies.ts';
import { type Endpoint, post } from '../../http/endpoint.ts';
import { presentOutcomes } from './bulk.presenter.ts';
import { BulkView, bulkBody } from './bulk.schema.ts';
import { type BulkService, writtenIn } from './bulk.service.ts';

const description =
  'One to 100 operations in order, each with the outcome that its own call would have; a fault within an operation is its own 400. With `atomic` it is all or nothing: ' +
  'the first that fails is named in a 422 and nothing is left of the others; two articles may swap their slugs. ' +
  'Without `atomic` each operation is a change of its own. While none is done, an outage is the answer to all, 503, and the call may be repeated. ' +
  'Once one is done, an operation that cannot be served is 503 (or 500) in its place, and unless it was only waited for in vain the rest are 503 `not-tried`. ' +
  'With an `Idempotency-Key` all are one change: lost whole or answered whole. Such an answer is kept if at least one operation was done; otherwise the repeat runs anew. ' +
  'An answer has 4 MB of articles at most; of those beyond, `id`, `status` and `etag`. ' +
  'A publish may apply a working draft: name the one that was read as `draftVersion`, as in the call of its own.';

export const bulkRoutes = (
  bulk: BulkService,
  options: { publicUrl: string; prepare: Bodies['prepare'] },
): Endpoint[] => [
  post(
    '/articles/bulk',
    {
      id: 'changeArticles',
      summary: 'Change many articles in one call',
      description,
      access: 'author',
      body: bulkBody(options.publicUrl),
      bodyKeysMax: 5_000,
      costly: true,
      reply: BulkView,
      failures: ['Unprocessable'],
      bodyExample: {
        atomic: true,
        operations: [
          { op: 'update', id: 'নদীই-এবার-পাঠশালা-হাওরে-ভাসল-বইভর্তি-পাঁচ-নৌকা', ifMatch: '"1"', body: { kicker: 'হাওরের পাঠাগার' } },
          { op: 'publish', id: 'নদীই-এবার-পাঠশালা-হাওরে-ভাসল-বইভর্তি-পাঁচ-নৌকা', ifMatch: '"2"' },
        ],
      },
    },
    async ({ actor, body, call }) => presentOutcomes(await bulk.run(actor, body, call)),
    ({ actor, body }) => options.prepare(actor, body.operations.flatMap(writtenIn)),
  ),
];
