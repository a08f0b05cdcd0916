import { z } from 'zod';
import { pick } from '../../article/fields.ts';
import { type ArticleBodies, draftCreateNames, draftPatchNames, wholeMax } from '../../article/inputs.ts';
import { draftShown, Warning } from '../../article/views.ts';
import { PersonRef } from '../../http/schema/references.ts';
import { shownInstant } from '../../http/schema/values.ts';

const base = () => ({
  baseVersion: z.int().min(1).max(wholeMax).optional().meta({
    description:
      'The version of the article now: rebases the draft on it. What the draft changed stays, all else follows the live article. Another version is 409.',
    example: 3,
  }),
});

export const draftBodies = ({ create, patch }: ArticleBodies) => ({
  put: z.strictObject(pick(create.shape, draftCreateNames)).partial().extend(base()).meta({ id: 'DraftPut' }),
  patch: z.strictObject(pick(patch.shape, draftPatchNames)).extend(base()).meta({ id: 'DraftPatch' }),
});
export type DraftPut = z.output<ReturnType<typeof draftBodies>['put']>;
export type DraftPatch = z.output<ReturnType<typeof draftBodies>['patch']>;

export const blockedBy = () =>
  z.array(z.string()).meta({
    description:
      'The codes with which publishing it now would be refused, in their order: `draft-behind`, `slug-taken`, `source-item-taken`, `edition-taken` and others; none where nothing stops it.',
    example: ['slug-taken'],
  });

const DraftChange = z
  .object({
    field: z.string().meta({ description: 'A field of the article.', example: 'title' }),
    live: z.unknown().meta({ description: 'What the live article has.', example: 'নদীর পানি বাড়ছে' }),
    draft: z.unknown().meta({ description: 'What the draft has.', example: 'নদীর পানি বিপৎসীমা ছাড়িয়েছে' }),
  })
  .meta({ id: 'DraftChange' });

export const DraftView = z
  .object({
    id: z.string().meta({ format: 'uuid', description: "The article's id." }),
    ...draftShown,
    version: z.int().meta({
      description:
        "The draft's own: a million or more, and never one of the article. Publishing takes it as `draftVersion`.",
      example: 240_117_365,
    }),
    baseVersion: z.int().meta({
      description: 'The version of the article that the draft began from or was rebased on.',
      example: 3,
    }),
    articleVersion: z
      .int()
      .meta({ description: "The article's version now: publishing needs it as If-Match.", example: 3 }),
    behind: z.boolean().meta({
      description: 'Publishing would undo a change of the live article, and is 409.',
      example: false,
    }),
    blockedBy: blockedBy(),
    updatedAt: shownInstant().meta({ description: 'When the draft was changed last.' }),
    updatedBy: PersonRef.nullable().meta({ description: 'Who has changed it last; null when that user is gone.' }),
    changes: z.array(DraftChange).meta({ description: 'What publishing would change.' }),
    warnings: z.array(Warning).meta({
      description:
        '`removed-tag` and `removed-source` for what the draft names and is there no longer; of a write also what the sanitiser took out of its body.',
    }),
  })
  .meta({ id: 'Draft' });
export type DraftView = z.input<typeof DraftView>;
