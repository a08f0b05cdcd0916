import { z } from 'zod';
import { type ArticleBodies, PublishBody, ReturnBody, StepBody } from '../../article/inputs.ts';
import { type Step, steps } from '../../article/lifecycle.ts';
import { ArticleWritten } from '../../article/views.ts';
import type { Fault } from '../../core/errors.ts';
import { ProblemView } from '../../http/openapi/problem-view.ts';
import { faultsOf } from '../../http/parse.ts';
import { bounded } from '../../http/schema/values.ts';

const operationsMax = 100;

const segment = () =>
  z.string().min(1).max(400).meta({ description: 'The id or the slug of the article.', example: 'হাওরে-নতুন-সেতু' });
const ifMatch = () =>
  z
    .string()
    .max(4_000)
    .optional()
    .meta({ description: 'As the header `If-Match`: without it the operation is 428.', example: '"3"' });

const op = <const Word extends string>(word: Word) => z.literal(word).meta({ description: 'Which operation it is.' });

/** The operation that a value asks for, if it says so. */
const opOf = (value: unknown): string =>
  typeof value === 'object' && value !== null && 'op' in value && typeof value.op === 'string' ? value.op : '';

/** The steps that take nothing but a note. */
const takesNote = (step: Step): step is Exclude<Step, 'publish' | 'return'> => step !== 'publish' && step !== 'return';

/** 1 to 100 operations, each with the body of its own call. Faults of one operation do not affect the others. */
export const bulkBody = (bodies: ArticleBodies) => {
  const on = { id: segment(), ifMatch: ifMatch() };
  const operation = z.discriminatedUnion('op', [
    z
      .strictObject({ op: op('create'), body: bodies.create.meta({ description: 'As createArticle takes it.' }) })
      .meta({ id: 'BulkCreate' }),
    z
      .strictObject({ op: op('update'), ...on, body: bodies.patch.meta({ description: 'As updateArticle takes it.' }) })
      .meta({ id: 'BulkUpdate' }),
    z
      .strictObject({
        op: op('publish'),
        ...on,
        body: PublishBody.optional().meta({ description: 'As publishArticle takes it.' }),
      })
      .meta({ id: 'BulkPublish' }),
    z
      .strictObject({ op: op('return'), ...on, body: ReturnBody.meta({ description: 'As returnArticle takes it.' }) })
      .meta({ id: 'BulkReturn' }),
    z
      .strictObject({
        op: z.enum(steps.filter(takesNote)).meta({ description: 'The step to take; `trash` is what DELETE does.' }),
        ...on,
        body: StepBody.optional().meta({ description: 'As the call of this step takes it.' }),
      })
      .meta({ id: 'BulkStep' }),
  ]);
  type Faulty = { readonly faults: readonly Fault[]; readonly op: string };
  type Element = { readonly operation: z.output<typeof operation> } | Faulty;
  const element = operation
    .transform((sent): Element => ({ operation: sent }))
    // There are no issues when the generator of the document asks for a default value.
    .catch((sent): Element => ({ faults: faultsOf('body', sent?.error.issues ?? []), op: opOf(sent?.value) }));
  return z
    .strictObject({
      operations: bounded(
        operationsMax,
        z
          .array(element)
          .min(1, { error: 'Give at least one operation.' })
          .max(operationsMax, { error: `Give at most ${operationsMax} operations.` }),
      ).meta({ description: `1 to ${operationsMax} operations, done in this order.` }),
      atomic: z
        .boolean({ error: 'Use true or false.' })
        .optional()
        .meta({ description: 'All or nothing: the first that fails takes back the others.' }),
    })
    .meta({ id: 'BulkBody' });
};
export type BulkBody = z.output<ReturnType<typeof bulkBody>>;
export type BulkElement = BulkBody['operations'][number];
export type BulkOperation = Extract<BulkElement, { operation: unknown }>['operation'];

/**
 * The problem that the single call would have answered, without the members about the answer as a whole. Pointers are into
 * the body of the bulk.
 */
const Failed = ProblemView.omit({ type: true, title: true, status: true, requestId: true }).meta({ id: 'BulkFailure' });

const BulkOutcome = z
  .object({
    index: z.int().meta({ description: 'The place of the operation in `operations`, from 0.', example: 0 }),
    status: z.int().meta({ description: 'What the call alone would have answered.', example: 200 }),
    etag: z.string().nullable().meta({
      description: 'The ETag that the next change needs. Null where the operation failed.',
      example: '"4-8mDkZq0oV1nXcR2sTfYwLg"',
    }),
    id: z
      .string()
      .nullable()
      .meta({ format: 'uuid', description: 'The id of the article. Null where the operation failed.' }),
    article: ArticleWritten.nullable().meta({
      description:
        'Null where the operation failed, with 204, of the trash, and where the answer would have more than 4 MB with it: read it by its id.',
    }),
    problem: Failed.nullable().meta({
      description: 'Why the operation failed. Null where it was done.',
      example: null,
    }),
  })
  .meta({ id: 'BulkOutcome' });

export const BulkView = z
  .object({
    results: z.array(BulkOutcome).meta({ description: 'What became of each operation, in their order.' }),
  })
  .meta({ id: 'BulkResults' });
export type BulkView = z.input<typeof BulkView>;
