import { z } from 'zod';
import { ProblemView } from '../../http/openapi-answers.ts';
import { bounded } from '../../http/schema.ts';
import { articleBodies, PublishBody, ReturnBody, StepBody } from '../articles/articles.schema.ts';
import { ArticleWritten } from '../articles/articles.views.ts';

export const operationsMax = 100;

const segment = () => z.string().min(1).max(400).meta({ description: 'The id or the slug of the article.' });
const ifMatch = () =>
  z
    .string()
    .max(4_000)
    .optional()
    .meta({ description: 'As the header: without it the operation is 428.', example: '"3"' });

/** 1 to 100 operations, each as its own call would have it. */
export const bulkBody = (publicUrl: string) => {
  const bodies = articleBodies(publicUrl);
  const on = { id: segment(), ifMatch: ifMatch() };
  const operation = z.discriminatedUnion('op', [
    z.strictObject({ op: z.literal('create'), body: bodies.create }).meta({ id: 'BulkCreate' }),
    z.strictObject({ op: z.literal('update'), ...on, body: bodies.patch }).meta({ id: 'BulkUpdate' }),
    z.strictObject({ op: z.literal('publish'), ...on, body: PublishBody.optional() }).meta({ id: 'BulkPublish' }),
    z.strictObject({ op: z.literal('return'), ...on, body: ReturnBody }).meta({ id: 'BulkReturn' }),
    z
      .strictObject({
        op: z.enum(['submit', 'unpublish', 'archive', 'trash', 'restore']),
        ...on,
        body: StepBody.optional(),
      })
      .meta({ id: 'BulkStep' }),
  ]);
  return z
    .strictObject({
      operations: bounded(
        operationsMax,
        z
          .array(operation)
          .min(1, { error: 'Give at least one operation.' })
          .max(operationsMax, { error: `Give at most ${operationsMax} operations.` }),
      ),
      atomic: z
        .boolean({ error: 'Use true or false.' })
        .optional()
        .meta({ description: 'All or nothing: the first that fails takes back the others.' }),
    })
    .meta({ id: 'BulkBody' });
};
export type BulkBody = z.output<ReturnType<typeof bulkBody>>;
export type BulkOperation = BulkBody['operations'][number];

/** The problem that the call alone would have answered, without what is of the whole answer. */
const Failed = ProblemView.omit({ type: true, title: true, status: true, requestId: true }).meta({ id: 'BulkFailure' });

export const BulkView = z
  .object({
    results: z.array(
      z.object({
        index: z.int(),
        status: z.int().meta({ description: 'What the call alone would have answered.', example: 200 }),
        etag: z.string().nullable(),
        id: z.string().nullable().meta({ description: 'Of the article; null where the operation failed.' }),
        article: ArticleWritten.nullable().meta({
          description:
            'Null where the operation failed, and where the answer would have more than 4 MB with it: read it by its id.',
        }),
        problem: Failed.nullable(),
      }),
    ),
  })
  .meta({ id: 'BulkResults' });
export type BulkView = z.input<typeof BulkView>;
