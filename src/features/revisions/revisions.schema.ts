import { z } from 'zod';
import { ArticleKept } from '../../article/views.ts';
import { PersonRef } from '../../http/schema/references.ts';
import { digits, pageOf, paging, shownInstant } from '../../http/schema/values.ts';

export const revisionListQuery = (itemsMax: number) => z.strictObject(paging(itemsMax));
export type RevisionListQuery = z.output<ReturnType<typeof revisionListQuery>>;

export const versionMax = 999_999_999;

export const CompareQuery = z.strictObject({
  with: digits(1, versionMax)
    .optional()
    .meta({ description: 'The version to begin from. The one before when absent.' }),
});
export type CompareQuery = z.output<typeof CompareQuery>;

/** What one change was: who did what when, without what the article was afterwards. */
export const Revision = z
  .object({
    version: z.int().meta({ example: 3 }),
    step: z.string().meta({ description: 'What the change was: create, update, publish, …', example: 'update' }),
    at: shownInstant(),
    by: PersonRef.nullable().meta({ description: 'Null when that user is gone.' }),
    note: z.string().nullable().meta({ example: 'দ্বিতীয় অনুচ্ছেদে সংখ্যাটি মিলিয়ে নিন।' }),
    changed: z
      .array(z.string())
      .meta({ description: 'The fields that it changed; none of the first version.', example: ['title', 'tags'] }),
  })
  .meta({ id: 'Revision' });
export type Revision = z.input<typeof Revision>;

export const RevisionPage = pageOf(Revision, 'RevisionPage');

export const ArticleRevision = z.object({ ...ArticleKept.shape, revision: Revision }).meta({
  id: 'ArticleRevision',
  description:
    'The article as readers would have seen it after this change, tags and source with the names that they had then. Staff fields are not kept.',
});
export type ArticleRevision = z.input<typeof ArticleRevision>;

const DiffPart = z.object({ kind: z.enum(['same', 'removed', 'added']), text: z.string() }).meta({ id: 'DiffPart' });

const FieldDifference = z
  .object({
    field: z.string().meta({ example: 'title' }),
    before: z.unknown().meta({ description: 'As the view shows it; null where it had none.' }),
    after: z.unknown(),
    parts: z
      .array(DiffPart)
      .optional()
      .meta({
        description:
          'Of title, excerpt, kicker and body, word by word: `same` and `removed` together are the text before, `same` and `added` the text after. ' +
          'A tag of an HTML body is one word. Where very much of a long text changed, paragraph by paragraph.',
      }),
  })
  .meta({ id: 'FieldDifference' });

export const RevisionComparison = z
  .object({
    version: z.int().meta({ example: 3 }),
    with: z.int().nullable().meta({ description: 'Null where there is no version before.', example: 2 }),
    changes: z.array(FieldDifference),
  })
  .meta({ id: 'RevisionComparison' });
export type RevisionComparison = z.input<typeof RevisionComparison>;
