import { z } from 'zod';
import { CoverView, LatestItem, PersonRef, SourceRef, TagRef } from '../http/schema/references.ts';
import { pageOf, shownInstant } from '../http/schema/values.ts';
import { warningCodes } from './warnings.ts';

/** What is shown of an article. The SQL of db/article-sql.ts makes it; the test suite holds the two together. */

const statuses = ['draft', 'review', 'scheduled', 'published', 'expired', 'archived'] as const;

const shown = {
  language: z.string().meta({ example: 'bn' }),
  slug: z.string().meta({ example: 'নদীর-পানি-বাড়ছে-সতর্ক-থাকার-পরামর্শ' }),
  kicker: z.string().nullable().meta({ example: 'বন্যা' }),
  title: z.string().meta({ example: 'নদীর পানি বাড়ছে, সতর্ক থাকার পরামর্শ' }),
  excerpt: z.string().nullable().meta({ example: 'উজানের ঢলে নদীর পানি বিপৎসীমার কাছে।' }),
  body: z.string().meta({ example: '<p>উজানের ঢলে নদীর পানি বাড়ছে।</p>' }),
  bodyFormat: z.enum(['html', 'markdown', 'text']),
  bodyHtml: z
    .string()
    .meta({ description: 'What to show, whatever the format.', example: '<p>উজানের ঢলে নদীর পানি বাড়ছে।</p>' }),
  cover: CoverView.nullable(),
  byline: z.string().nullable().meta({ example: 'নিজস্ব প্রতিবেদক' }),
  deskInitials: z.string().nullable().meta({ example: 'রআ/নহ' }),
  source: SourceRef.nullable(),
  sourceUrl: z.string().nullable().meta({ format: 'uri' }),
  sourceItemId: z.string().nullable(),
  tags: z.array(TagRef).meta({ description: 'In order; the first is the section.' }),
  status: z.enum(statuses).meta({ description: 'What is true now.' }),
  publishedAt: shownInstant().nullable(),
  expiresAt: shownInstant().nullable(),
  firstPublishedAt: shownInstant().nullable().meta({ description: 'Never changes once it has passed.' }),
  modifiedAt: shownInstant().nullable().meta({ description: 'The date of change that readers see.' }),
  corrections: z
    .array(z.object({ at: shownInstant(), text: z.string() }))
    .meta({ description: 'What was put right, oldest first.' }),
  storyId: z.string().meta({ format: 'uuid', description: 'The same for every edition of one story.' }),
  translations: z
    .array(
      z.object({ language: z.string(), id: z.string().meta({ format: 'uuid' }), slug: z.string(), title: z.string() }),
    )
    .meta({ description: 'The other editions of the story that the caller may see.' }),
  version: z.int().meta({ example: 3 }),
};

const staff = {
  createdBy: PersonRef.nullable().meta({ description: 'Null when that user is gone.' }),
  createdAt: shownInstant(),
  updatedBy: PersonRef.nullable(),
  updatedAt: shownInstant(),
  deletedAt: shownInstant().nullable(),
  notes: z.array(z.object({ at: shownInstant(), step: z.string(), text: z.string(), by: PersonRef.nullable() })),
};

const identity = { id: z.string().meta({ format: 'uuid' }) };

const forStaff = z.object(staff).partial().shape;
const bodies = z.object(shown).pick({ body: true, bodyHtml: true }).partial().shape;

/** Said of what is required: a document of a narrowed answer would make every member one that may be absent. */
const narrows = 'With `fields` the answer is narrowed to what was named and `id`, whatever is required here.';

/** An article in a list: body and bodyHtml only when named, what is of the newsroom for staff. */
const ArticleItem = z.object({ ...identity, ...shown, ...bodies, ...forStaff }).meta({
  id: 'ArticleItem',
  description: `\`body\` and \`bodyHtml\` are there when \`fields\` names them; what is not required besides is for staff. ${narrows}`,
});
export type ArticleItem = z.input<typeof ArticleItem>;

export const ArticleItemPage = pageOf(ArticleItem, 'ArticleItemPage');

export const ArticlePage = z
  .object({
    ...identity,
    ...shown,
    ...forStaff,
    redirectedFrom: z
      .string()
      .optional()
      .meta({ description: 'The old slug that was asked for, with redirects=false.' }),
    latest: z
      .object({ data: z.array(LatestItem) })
      .optional()
      .meta({ description: 'With include=latest.' }),
  })
  .meta({
    id: 'ArticlePage',
    description: `What is not required is for staff, or comes as the call asks for it. ${narrows}`,
  });
export type ArticlePage = z.input<typeof ArticlePage>;

const { translations: _, ...ownMembers } = shown;
const later = { modifiedAt: true, corrections: true, storyId: true } as const;

/** What a revision keeps of an article: what readers are shown, without what lies beside it. The oldest know less. */
export const ArticleKept = z.object({ ...identity, ...ownMembers }).partial(later);

/** That a write was done, and what there is to know about it. */
const Warning = z
  .object({
    code: z.enum(warningCodes).meta({ description: 'See the table under "Warnings".', example: 'removed-element' }),
    detail: z.string().meta({ description: 'What it is about, as the table says.', example: 'script' }),
    count: z.int().meta({ description: 'How often.', example: 1 }),
  })
  .meta({ id: 'Warning' });

/** How many articles of each state. */
export const ArticleCounts = z
  .object({
    draft: z.int(),
    review: z.int(),
    scheduled: z.int(),
    published: z.int(),
    expired: z.int(),
    archived: z.int(),
    trash: z.int().meta({ description: 'Zero for who may not see the trash.' }),
  })
  .meta({ id: 'ArticleCounts' });

export const ArticleWritten = z
  .object({
    ...identity,
    ...shown,
    ...staff,
    warnings: z.array(Warning).meta({
      description: 'What the sanitiser took out of the body of this call, and what else there is to know of it.',
    }),
  })
  .meta({ id: 'ArticleWritten' });
export type ArticleWritten = z.input<typeof ArticleWritten>;

/** What a wire gets of its item: staff members where the article is one that the caller made, or for editors. */
export const ArticleTaken = ArticleWritten.extend(z.object(staff).partial().shape).meta({
  id: 'ArticleTaken',
  description: "As `ArticleWritten`; what is the staff's is absent where another person made the article.",
});
export type ArticleTaken = z.input<typeof ArticleTaken>;
