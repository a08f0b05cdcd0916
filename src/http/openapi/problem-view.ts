import { z } from 'zod';

/** A member that differs between two versions of an article. */
const FieldChange = z
  .object({
    field: z.string().meta({ description: 'The member of the article that differs.', example: 'title' }),
    before: z.unknown().meta({
      description: 'What it was, as an article shows it; null where there was none.',
      example: 'নদীর পানি বাড়ছে',
    }),
    after: z.unknown().meta({
      description: 'What it became, as an article shows it; null where there is none.',
      example: 'নদীর পানি কমছে',
    }),
  })
  .meta({ id: 'FieldChange' });

/** One fault of what was sent. */
const FaultView = z
  .object({
    in: z.enum(['body', 'query', 'path', 'header']).meta({ description: 'The part of the request that it is in.' }),
    pointer: z.string().meta({ description: 'RFC 6901, within that part.', example: '/title' }),
    detail: z.string().meta({ description: 'What to change.', example: 'Use at most 300 characters.' }),
  })
  .meta({ id: 'Fault' });

const changesView = (description: string) => z.array(FieldChange).optional().meta({ description });

/** What every failure looks like (RFC 9457). */
export const ProblemView = z
  .object({
    type: z.string().meta({
      format: 'uri',
      description: 'The code as a URN, the same wherever the API is served.',
      example: 'urn:khobor:problem:invalid-input',
    }),
    title: z.string().meta({ description: 'What the status is called.', example: 'Bad Request' }),
    status: z.int().meta({ description: 'The status of the answer.', example: 400 }),
    code: z.string().meta({ description: 'Stable; decide by this.', example: 'invalid-input' }),
    detail: z.string().meta({
      description: 'What to change, in a sentence that may be shown.',
      example: 'The request has faults; see errors.',
    }),
    requestId: z.string().meta({
      description: 'The id of this call, as in the log and in `X-Request-Id`.',
      example: '3f0c4f0e-6f0f-4a52-9a57-0d1c3b1f7a20',
    }),
    errors: z
      .array(FaultView)
      .optional()
      .meta({ description: 'Every fault of the query and the body at once, at most 100.' }),
    currentVersion: z.int().optional().meta({ description: 'With 412 `stale`: the version that is there now.' }),
    changes: changesView(
      'With 412 of an article: what changed since the version that was sent. Absent where that is not known.',
    ),
    articleVersion: z
      .int()
      .optional()
      .meta({ description: 'With a 409 of a draft: the version to name as baseVersion.' }),
    liveChanges: changesView('With a 409 of a draft: what changed in the live article since the draft began.'),
    draftChanges: changesView('With a 409 or 412 of a draft: what the draft changed since it began.'),
    bytesMax: z.int().optional().meta({ description: 'With 413: how many bytes a body may have.' }),
    articles: z.int().optional().meta({ description: 'With a 409 of a thing in use: how many articles use it.' }),
    slug: z.string().optional().meta({ description: 'With a 409 of a slug that is taken.' }),
    source: z.string().nullable().optional().meta({ description: 'With `source-item-taken`: the id of the source.' }),
    sourceItemId: z.string().nullable().optional().meta({ description: 'With `source-item-taken`: the item.' }),
    operation: z
      .object({
        index: z.int().meta({ description: 'The place of the operation in `operations`, from 0.' }),
        code: z.string().meta({ description: 'The code of its failure.' }),
        detail: z.string().meta({ description: 'The sentence of its failure.' }),
      })
      .optional()
      .meta({ description: 'With `bulk-failed`: which operation failed, and what it alone would have said.' }),
    place: z.string().optional().meta({
      description:
        'With a 409 of a step: where the article is, its status or `trash`. With 412, where it is in the trash.',
      example: 'review',
    }),
    itemVersion: z
      .int()
      .optional()
      .meta({ description: 'With `item-purged` and `item-killed`: the highest version that was taken of the item.' }),
    existing: z.string().optional().meta({
      description:
        'With `name-taken`, `slug-taken`, `source-item-taken` and `edition-taken`: the id of the thing that has it, where the caller may see it.',
    }),
  })
  .meta({ id: 'Problem' });
