import { z } from 'zod';
import { PersonRef, SourceRef, TagRef } from '../http/schema/references.ts';
import { pageOf, shownId, shownInstant, shownInstantOrNull, shownVersion } from '../http/schema/values.ts';
import {
  draftFields,
  keptFields,
  laterKeptFields,
  ownFieldsOfStaff,
  publicArticleFields,
  staffArticleFields,
} from './field-lists.ts';
import {
  type ArticleField,
  fields,
  isPlain,
  type MadeName,
  type PlainContent,
  type PlainName,
  pick,
  recordOf,
} from './fields.ts';
import { shownStatuses } from './lifecycle.ts';
import { warningCodes } from './warnings.ts';

/**
 * The schemas of articles as they are shown. The SQL of `read/view-sql.ts` makes the JSON; the tests check that the two
 * agree.
 */

const exampleSlug = 'নদীর-পানি-বাড়ছে-সতর্ক-থাকার-পরামর্শ';
const exampleHtml = '<p>উজানের ঢলে নদীর পানি বাড়ছে।</p>';

const personOrNull = (description: string) => PersonRef.nullable().meta({ description });

/** The picture above an article. */
const CoverView = z
  .object({
    url: z.string().meta({
      format: 'uri',
      description: 'The full address of the picture.',
      example: 'https://news.example/media/nodi.jpg',
    }),
    alt: z.string().meta({
      description: 'What the picture shows, for who does not see it; empty where it only adorns.',
      example: 'ভোরের আলোয় নদীর ঘাট',
    }),
    caption: z
      .string()
      .nullable()
      .meta({ description: 'The line below the picture.', example: 'সদরঘাটে সকালের ভিড়। আজ ভোরে' }),
    credit: z.string().nullable().meta({ description: 'Who has made the picture.', example: 'ছবি : সুমন দাস' }),
    width: z.int().nullable().meta({ description: 'Its width in pixels, where it is known.', example: 1_600 }),
    height: z.int().nullable().meta({ description: 'Its height in pixels, where it is known.', example: 900 }),
  })
  .meta({ id: 'Cover' });

const Correction = z
  .object({
    at: shownInstant('When it was made; `correctionAt` names it by this.'),
    text: z.string().meta({ description: 'What was put right.', example: 'আগের প্রতিবেদনে নদীর নাম ভুল ছিল।' }),
  })
  .meta({ id: 'Correction' });

const Translation = z
  .object({
    language: z.string().meta({ description: 'The language of that edition.', example: 'en' }),
    id: shownId('The id of that article.'),
    slug: z.string().meta({ description: 'The slug of that article.', example: 'river-rises-again' }),
    title: z.string().meta({ description: 'The title of that article.', example: 'River rises again' }),
  })
  .meta({ id: 'Translation', description: 'Another edition of the same story.' });

const Note = z
  .object({
    at: shownInstant('When it was written.'),
    step: z.string().meta({ description: 'With which change it was written.', example: 'return' }),
    text: z.string().meta({ description: 'What it says.', example: 'দ্বিতীয় অনুচ্ছেদে সংখ্যাটি মিলিয়ে নিন।' }),
    by: personOrNull('Who has written it; null when that user is gone.'),
  })
  .meta({ id: 'Note', description: 'What somebody of the desk wrote with a change.' });

const made = {
  id: shownId('Never changes.'),
  slug: z.string().meta({ description: 'The last part of its address.', example: exampleSlug }),
  body: z.string().meta({
    description: 'The text in its own format: HTML sanitised, Markdown and text as they were written. Show `bodyHtml`.',
    example: exampleHtml,
  }),
  bodyFormat: z.enum(['html', 'markdown', 'text']).meta({ description: 'What `body` is.', example: 'html' }),
  bodyHtml: z.string().meta({ description: 'What to show, whatever the format.', example: exampleHtml }),
  cover: CoverView.nullable().meta({ description: 'The picture above the article.' }),
  source: SourceRef.nullable().meta({ description: 'Where the story comes from; null for what is ours.' }),
  tags: z.array(TagRef).meta({ description: 'In order; the first is the section.' }),
  status: z.enum(shownStatuses).meta({ description: 'What is true now.', example: 'published' }),
  publishedAt: shownInstant().nullable().meta({ description: 'Since when readers have it, or from when on.' }),
  expiresAt: shownInstantOrNull('From when on readers have it no more; null for never.'),
  firstPublishedAt: shownInstant()
    .nullable()
    .meta({ description: 'When readers had it first. Never changes once it has passed.' }),
  modifiedAt: shownInstantOrNull('The date of change that readers see.'),
  corrections: z.array(Correction).meta({ description: 'What was put right, oldest first.' }),
  storyId: shownId('The same for every edition of one story.'),
  translations: z.array(Translation).meta({ description: 'The other editions of the story that the caller may see.' }),
  version: shownVersion(),
  createdBy: personOrNull('Who has made it; null when that user is gone.'),
  createdAt: shownInstant('When it was made.'),
  updatedBy: personOrNull('Who has changed it last; null when that user is gone.'),
  updatedAt: shownInstant('When it was changed last, which readers do not see.'),
  deletedAt: shownInstantOrNull('Since when it is in the trash.'),
  notes: z.array(Note).meta({ description: 'What the desk has noted of it, oldest first.' }),
} satisfies Record<MadeName & ArticleField, z.ZodType>;

type ShownPlain<Name extends PlainName> = z.ZodType<PlainContent[Name], PlainContent[Name]>;
type Shown = {
  [N in ArticleField]: N extends PlainName ? ShownPlain<N> : N extends keyof typeof made ? (typeof made)[N] : never;
};

function plainShown(name: PlainName) {
  const { kind, nullable, description, example } = fields[name];
  const plain = kind === 'address' ? z.string().meta({ format: 'uri' }) : z.string();
  return (nullable ? plain.nullable() : plain).meta({ description, example });
}

const shown = recordOf<Shown>(staffArticleFields, (name) => (isPlain(name) ? plainShown(name) : made[name]));

const forReaders = pick(shown, publicArticleFields);
const forStaff = pick(shown, ownFieldsOfStaff);
const whereStaff = z.object(forStaff).partial().shape;
const bodies = z.object(pick(shown, ['body', 'bodyHtml'])).partial().shape;

/** Goes with every list of required members: a schema of the narrowed answer would have to make every member optional. */
const narrows = 'With `fields` the answer is narrowed to what was named and `id`, whatever is required here.';

/** An article in a list. `body` and `bodyHtml` come only if `fields` names them; members for the newsroom only to staff. */
export const ArticleItem = z.object({ ...forReaders, ...bodies, ...whereStaff }).meta({
  id: 'ArticleItem',
  description: `\`body\` and \`bodyHtml\` are there when \`fields\` names them; what is not required besides is for staff. ${narrows}`,
});
export type ArticleItem = z.input<typeof ArticleItem>;

export const ArticleItemPage = pageOf(ArticleItem, 'ArticleItemPage');

/** One item of the latest list: what a sidebar shows. */
export const LatestItem = z
  .object({
    ...pick(shown, ['id', 'slug', 'title', 'kicker', 'excerpt', 'cover', 'source', 'tags', 'language']),
    publishedAt: shownInstant('Since when readers have it.'),
  })
  .meta({ id: 'LatestItem' });
export type LatestItem = z.input<typeof LatestItem>;

/** What readers see of one article. */
export const readersPage = {
  ...forReaders,
  redirectedFrom: z.string().optional().meta({
    description: 'The old slug that was asked for, with redirects=false.',
    example: 'নদীর-পানি-বাড়ছে',
  }),
};

export const ArticlePage = z
  .object({
    ...forReaders,
    ...whereStaff,
    redirectedFrom: readersPage.redirectedFrom,
    latest: z
      .object({ data: z.array(LatestItem).meta({ description: 'Newest first, without the article itself.' }) })
      .optional()
      .meta({ description: 'With include=latest.' }),
  })
  .meta({
    id: 'ArticlePage',
    description: `What is not required is for staff, or comes as the call asks for it. ${narrows}`,
  });
export type ArticlePage = z.input<typeof ArticlePage>;

const later = recordOf<Record<(typeof laterKeptFields)[number], true>>(laterKeptFields, () => true);

/** What a revision keeps of an article. Revisions of older releases lack the later members. */
export const ArticleKept = z.object(pick(shown, keptFields)).partial(later);

/**
 * An article for followers who keep a copy of everything. Tags and source are only ids, since they have entries of their
 * own.
 */
export const ArticleMirrored = z
  .object({
    ...pick(shown, keptFields),
    source: z.string().nullable().meta({ format: 'uuid', description: 'The id of its source; null for what is ours.' }),
    tags: z
      .array(z.string().meta({ format: 'uuid' }))
      .meta({ description: 'The ids of its tags, in order; the first is the section.' }),
  })
  .meta({ id: 'ArticleMirrored', description: 'As readers see it, without other editions, which are articles.' });

/** What a working draft shows of its article. */
export const draftShown = pick(shown, draftFields);

/** What there is to know about a write that was done. */
export const Warning = z
  .object({
    code: z.enum(warningCodes).meta({ description: 'See the table under "Warnings".', example: 'removed-element' }),
    detail: z.string().meta({ description: 'What it is about, as the table says.', example: 'script' }),
    count: z.int().meta({ description: 'How often.', example: 1 }),
  })
  .meta({ id: 'Warning' });

const countOf = (description: string, example: number) => z.int().meta({ description, example });

/** The number of articles in each state. */
export const ArticleCounts = z
  .object({
    draft: countOf('Being written.', 7),
    review: countOf('Waiting for an editor.', 2),
    scheduled: countOf('Published with a time ahead.', 1),
    published: countOf('What readers see.', 240),
    expired: countOf('Published, and past their `expiresAt`.', 3),
    archived: countOf('Withdrawn.', 12),
    trash: countOf('Deleted. Zero for who may not see the trash.', 4),
  })
  .meta({ id: 'ArticleCounts' });

export const ArticleWritten = z
  .object({
    ...forReaders,
    ...forStaff,
    warnings: z.array(Warning).meta({
      description: 'What the sanitiser took out of the body of this call, and what else there is to know of it.',
    }),
  })
  .meta({ id: 'ArticleWritten' });
export type ArticleWritten = z.input<typeof ArticleWritten>;

/** What a wire is answered about its item. Staff members come to editors, and to the caller who made the article. */
export const ArticleTaken = ArticleWritten.extend(whereStaff).meta({
  id: 'ArticleTaken',
  description: "As `ArticleWritten`; what is the staff's is absent where another person made the article.",
});
export type ArticleTaken = z.input<typeof ArticleTaken>;
