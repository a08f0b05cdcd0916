import type { Bodies } from '../../article/body/bodies.ts';
import type { ArticleBodies } from '../../article/inputs.ts';
import { publishedForStaff } from '../../article/samples.ts';
import { type Endpoint, post } from '../../http/endpoint.ts';
import { presentOutcomes } from './bulk.presenter.ts';
import { BulkView, bulkBody } from './bulk.schema.ts';
import { type BulkService, writtenIn } from './bulk.service.ts';
import { bulkText } from './bulk.texts.ts';

export const bulkRoutes = (
  bulk: BulkService,
  options: { bodies: ArticleBodies; prepare: Bodies['prepare'] },
): Endpoint[] => [
  post(
    '/articles/bulk',
    {
      id: 'changeArticles',
      summary: 'Change many articles in one call',
      description: bulkText,
      access: 'author',
      body: bulkBody(options.bodies),
      bodyKeysMax: 5_000,
      costly: true,
      reply: BulkView,
      codes: ['bulk-failed'],
      replyExample: {
        results: [
          { article: publishedForStaff },
          {
            ...{ index: 1, status: 404, etag: null, id: null, article: null },
            problem: { code: 'not-found', detail: 'There is nothing here.' },
          },
        ],
      },
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
