import { z } from 'zod';
import { ArticleKept } from '../../article/views.ts';
import { PersonRef } from '../../http/schema/references.ts';
import { digits, pageOf, paging, shownInstant } from '../../http/schema/values.ts';

export const revisionListQuery = (itemsMax: number) => z.strictObject(paging(itemsMax));
export type RevisionListQuery = z.output<ReturnType<typeof revisionListQuery>>;

const versionMax = 999_999_999;

export const CompareQuery = z.strictObject({
  with: digits(1, versionMax)
    .optional()
    .meta({ description: 'The version to begin from. The one before when absent.' }),
});
export type CompareQuery = z.output<typeof CompareQuery>;

/** One change: who did what when, without the article as it was afterwards. */
export const Revision = z
  .object({
    version: z.int().meta({ description: 'The version of the article after this change.', example: 3 }),
    step: z.string().meta({
      description: 'What the change was, as `create`, `update`, `publish` or `restore-revision`. New words may come.',
      example: 'update',
    }),
    at: shownInstant('When the change was made.'),
    by: PersonRef.nullable().meta({ description: 'Null when that user is gone.' }),
    note: z.string().nullable().meta({
      description: 'What was said to the newsroom of the change. Null without a note.',
      example: 'দ্বিতীয় অনুচ্ছেদে সংখ্যাটি মিলিয়ে নিন।',
    }),
    changed: z
      .array(z.string())
      .meta({ description: 'The fields that it changed; none of the first version.', example: ['title', 'tags'] }),
  })
  .meta({ id: 'Revision' });
export type Revision = z.input<typeof Revision>;

export const RevisionPage = pageOf(Revision, 'RevisionPage');

export const ArticleRevision = z
  .object({
    ...ArticleKept.shape,
    revision: Revision.meta({ description: 'What the change was that made this version.' }),
  })
  .meta({
    id: 'ArticleRevision',
    description:
      'The article as readers would have seen it after this change, tags and source with the names that they had then. Staff fields are not kept.',
  });
export type ArticleRevision = z.input<typeof ArticleRevision>;

const DiffPart = z
  .object({
    kind: z.enum(['same', 'removed', 'added']).meta({
      description:
        'Whether both texts have it (`same`), only the one before (`removed`), or only the one after (`added`).',
    }),
    text: z.string().meta({ description: 'The words of this part.' }),
  })
  .meta({ id: 'DiffPart' });

const FieldDifference = z
  .object({
    field: z.string().meta({ description: 'The member of the article that differs.', example: 'title' }),
    before: z.unknown().meta({
      description: 'What `with` has, as an article shows it; null where it had none.',
      example: 'নদীর পানি বাড়ছে',
    }),
    after: z.unknown().meta({
      description: 'What this version has, as an article shows it; null where it has none.',
      example: 'নদীর পানি কমছে',
    }),
    parts: z
      .array(DiffPart)
      .optional()
      .meta({
        description:
          'Of title, excerpt, kicker and body, word by word: `same` and `removed` together are the text before, `same` and `added` the text after. ' +
          'A tag of an HTML body is one word. Where very much of a long text changed, paragraph by paragraph.',
        example: [
          { kind: 'same', text: 'নদীর পানি ' },
          { kind: 'removed', text: 'বাড়ছে' },
          { kind: 'added', text: 'কমছে' },
        ],
      }),
  })
  .meta({ id: 'FieldDifference' });

export const RevisionComparison = z
  .object({
    version: z.int().meta({ description: 'The version that the path names.', example: 3 }),
    with: z.int().nullable().meta({
      description: 'The version that it is compared with. Null where there is no version before.',
      example: 2,
    }),
    changes: z
      .array(FieldDifference)
      .meta({ description: 'The members that differ, in the order of an article. Empty where none does.' }),
  })
  .meta({ id: 'RevisionComparison' });
export type RevisionComparison = z.input<typeof RevisionComparison>;
