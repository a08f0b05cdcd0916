import { z } from 'zod';
import { labelRef } from '../http/schema/refs.ts';
import { bounded, instant, itemId, language, slug, text, url } from '../http/schema/values.ts';
import { storedMax } from './body/budget.ts';
import { yearsAheadMax } from './checks.ts';
import { isOfDrafts, isOfWires } from './field-lists.ts';
import {
  type FieldName,
  fieldNames,
  fields,
  isPlain,
  type NamesWhere,
  type PlainContent,
  type PlainName,
  type PlainRow,
  recordOf,
} from './fields.ts';

const writableStatuses = ['draft', 'review', 'published'] as const;
const bodyFormats = ['html', 'markdown', 'text'] as const;

/** Integers are stored in four bytes. */
export const wholeMax = 2_147_483_647;

/** The limit for a body as it is sent. The sanitiser takes out some of it before it is stored. */
const bodySentMax = 1_048_576;
const tagsMax = 50;

/** The schema of a plain member: the schema of its kind, within the limits of its row. */
function schemaOf(row: PlainRow, publicUrl: string): z.ZodType<string, string> {
  switch (row.kind) {
    case 'text':
      return text({ max: row.max, min: row.nullable ? 0 : 1, multiline: row.lines });
    case 'language':
      return language();
    case 'address':
      return url(publicUrl);
    case 'item-id':
      return itemId();
  }
}

/** What a caller must know about a member in addition to its description. */
function rulesOf({ kind, nullable, whenAbsent }: PlainRow): string[] {
  const absent = whenAbsent === undefined ? [] : [`\`${whenAbsent}\` for a new article where it is absent.`];
  if (kind === 'text' && nullable) return ['Empty is null.'];
  if (kind !== 'item-id') return absent;
  return [
    'It is a key: canonically equivalent spellings are one, and what a text would lose in cleaning is 400.',
    ...absent,
  ];
}

/** An optional text that is empty becomes null. */
function plainSent(row: PlainRow, publicUrl: string) {
  const value = schemaOf(row, publicUrl);
  const about = { description: [row.description, ...rulesOf(row)].join(' '), example: row.example };
  if (row.nullable) return emptyAsNull(row, value).nullable().optional().meta(about);
  return row.whenAbsent === undefined ? value.meta(about) : value.optional().meta(about);
}

const emptyAsNull = ({ kind }: PlainRow, value: z.ZodType<string, string>): z.ZodType<string | null, string> =>
  kind === 'text' ? value.transform((sent) => (sent === '' ? null : sent)) : value;

const optionalText = (max: number, description: string, example: string) =>
  text({ max, min: 0 })
    .transform((value) => (value === '' ? null : value))
    .nullable()
    .optional()
    .meta({ description, example });

const pixels = (description: string, example: number) =>
  z.int().min(1).max(100_000).nullable().optional().meta({ description, example });

const coverMembers = (publicUrl: string) => ({
  url: url(publicUrl),
  alt: text({ max: 1_000, min: 0 }).meta({
    description: 'What the picture shows, for who does not see it; empty where it only adorns.',
    example: 'ভোরের আলোয় নদীর ঘাট',
  }),
  caption: optionalText(1_000, 'The line below the picture.', 'সদরঘাটে সকালের ভিড়। আজ ভোরে'),
  credit: optionalText(300, 'Who has made the picture.', 'ছবি : সুমন দাস'),
  width: pixels('Its width in pixels.', 1_600),
  height: pixels('Its height in pixels.', 900),
});

const madeMembers = (publicUrl: string) => ({
  slug: slug().optional(),
  body: text({ max: bodySentMax, min: 0, multiline: true, bytesMax: bodySentMax })
    .optional()
    .meta({
      description: `The text; empty for a new article where it is absent. At most ${storedMax.characters.toLocaleString('en')} characters as it is stored. 400 \`body-too-costly\` for one of which too much is made; see "HTML".`,
      example: '<p>উজানের ঢলে নদীর পানি বাড়ছে।</p>',
    }),
  bodyFormat: z.enum(bodyFormats).optional().meta({
    description:
      '`html` for a new article where it is absent. Another one of a body that is there needs that body in it, in the same call.',
    example: 'html',
  }),
  source: labelRef().nullable().optional().meta({
    description: 'Where the story comes from: the id, the slug or the name of a source. Null for what is ours.',
    example: 'reuters',
  }),
  tags: bounded(tagsMax, z.array(labelRef()).max(tagsMax, { error: `Give at most ${tagsMax} tags.` }))
    .optional()
    .meta({
      description: 'Ids, slugs or names in order; the first is the section. A repeat counts once.',
      example: ['কৃষি', 'নৌপথ'],
    }),
  expiresAt: instant().nullable().optional().meta({
    description:
      'From when on readers have it no more, after `publishedAt` (else 422); null for never. Only editors may send one.',
    example: '2026-04-01T00:00:00+06:00',
  }),
  cover: z
    .strictObject(coverMembers(publicUrl))
    .meta({ id: 'CoverCreate' })
    .nullable()
    .optional()
    .meta({ description: 'The picture above the article.' }),
  status: z
    .enum(writableStatuses)
    .optional()
    .meta({ description: '`draft` when absent. Only editors may send `published`.', example: 'review' }),
  publishedAt: instant()
    .nullable()
    .optional()
    .meta({
      description: `Since when readers have it, or from when on, at most ${yearsAheadMax} years ahead (else 422); now for a new article that is published where it is absent. Only editors may send one.`,
      example: '2026-03-01T06:00:00+06:00',
    }),
});

type MadeMembers = ReturnType<typeof madeMembers>;
type Sent<Name extends PlainName> = null extends PlainContent[Name]
  ? z.ZodOptional<z.ZodType<string | null, string | null>>
  : Name extends NamesWhere<{ whenAbsent: string }>
    ? z.ZodOptional<z.ZodType<string, string>>
    : z.ZodType<string, string>;
type CreateShape = MadeMembers & { [N in PlainName]: Sent<N> };

/**
 * Faults are reported in this order: title and body, then the others as views show them, and at the end the names given
 * here.
 */
const inOrder = <Last extends FieldName>(...last: readonly Last[]) => [
  ...new Set(['title', 'body', ...fieldNames.filter(isBetween), ...last] as const),
];
const isBetween = (name: FieldName): name is PlainName | 'slug' | 'bodyFormat' | 'source' | 'tags' | 'expiresAt' =>
  isPlain(name) || ['slug', 'bodyFormat', 'source', 'tags', 'expiresAt'].includes(name);

const createNames = inOrder('cover', 'status', 'publishedAt');
/** Does not compile while a member of the shape is missing in the order: no request would have it. */
const everyName: Exclude<keyof CreateShape, (typeof createNames)[number]> extends never ? typeof createNames : never =
  createNames;
const patchNames = inOrder('cover', 'publishedAt');

function createShape(publicUrl: string): CreateShape {
  const made = madeMembers(publicUrl);
  return recordOf<CreateShape>(everyName, (name) => (isPlain(name) ? plainSent(fields[name], publicUrl) : made[name]));
}

type CoverPatch = z.ZodOptional<z.ZodNullable<ReturnType<typeof coverPatch>>>;
type PatchShape = Omit<MadeMembers, 'cover' | 'status'> & { cover: CoverPatch } & {
  [N in PlainName]: z.ZodOptional<Sent<N>>;
};

const coverPatch = (publicUrl: string) =>
  z.strictObject(coverMembers(publicUrl)).partial().meta({ id: 'CoverPatch', description: 'What is absent stays.' });

function patchShape(publicUrl: string): PatchShape {
  const cover = coverPatch(publicUrl)
    .nullable()
    .optional()
    .meta({ description: 'The picture above the article; null takes it away.' });
  const made = { ...madeMembers(publicUrl), cover };
  return recordOf<PatchShape>(patchNames, (name) =>
    isPlain(name) ? plainSent(fields[name], publicUrl).optional() : made[name],
  );
}

const note = () =>
  text({ max: 2_000, multiline: true }).meta({
    description: 'A word to the desk, kept in `notes`.',
    example: 'নামের বানান মিলিয়ে দেখা হয়েছে।',
  });

/** What readers are told of the change. */
const readerNotes = () => ({
  correction: text({ max: 1_000, multiline: true }).optional().meta({
    description: 'Added to `corrections`; sets `modifiedAt`. 422 `never-public` for what readers never saw.',
    example: 'আগের প্রতিবেদনে নদীর নাম ভুল ছিল।',
  }),
  modified: z.literal(true).optional().meta({
    description: 'Sets `modifiedAt` without a correction. 422 `never-public` for what readers never saw.',
    example: true,
  }),
});

/** What requests may set in a working draft, and what a wire's item may contain. */
export const draftCreateNames = createNames.filter(isOfDrafts);
export const draftPatchNames = patchNames.filter(isOfDrafts);
export const wireNames = createNames.filter(isOfWires);

/** The request bodies for writing articles, made once for all routes; addresses below `publicUrl` count as ours. */
export const articleBodies = (publicUrl: string) => ({
  create: z.strictObject(createShape(publicUrl)).meta({ id: 'ArticleCreate' }),
  patch: z
    .strictObject({
      ...patchShape(publicUrl),
      ...readerNotes(),
      correctionAt: instant().optional().meta({
        description:
          'The `at` of a correction that is there: `correction` takes the place of its words, to mend a typing slip. Sets no date.',
        example: '2026-03-01T06:00:00.000Z',
      }),
    })
    .meta({ id: 'ArticlePatch' }),
});

export type ArticleBodies = ReturnType<typeof articleBodies>;
export type ArticleCreate = z.output<ArticleBodies['create']>;
export type ArticlePatch = z.output<ArticleBodies['patch']>;

export const PublishBody = z
  .strictObject({
    at: instant()
      .optional()
      .meta({
        description: `When it becomes public; past times too, and at most ${yearsAheadMax} years ahead (else 422). Absent: see the operation.`,
        example: '2026-03-01T06:00:00+06:00',
      }),
    draftVersion: z.int().min(0).max(wholeMax).optional().meta({
      description:
        'The version of the working draft that you have read, so that no other is published: 412 where it has changed since or is gone. `0` publishes the live text and leaves a draft as it is. Absent: whatever draft there is.',
      example: 240_117_365,
    }),
    note: note().optional(),
    ...readerNotes(),
  })
  .meta({ id: 'PublishBody' });
export const ReturnBody = z
  .strictObject({ note: note().meta({ example: 'দ্বিতীয় অনুচ্ছেদে সংখ্যাটি মিলিয়ে নিন।' }) })
  .meta({ id: 'ReturnBody' });
export const StepBody = z.strictObject({ note: note().optional() }).meta({ id: 'StepBody' });
