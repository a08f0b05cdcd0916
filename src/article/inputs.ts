import { z } from 'zod';
import { bounded, instant, itemId, language, ref, slug, text, url } from '../http/schema/values.ts';
import { storedMax } from './body/budget.ts';

export const writableStatuses = ['draft', 'review', 'published'] as const;
export const shownStatuses = ['draft', 'review', 'scheduled', 'published', 'expired', 'archived'] as const;
export const bodyFormats = ['html', 'markdown', 'text'] as const;

/** Whole numbers are stored in four bytes. */
export const wholeMax = 2_147_483_647;

/** Of a body as it is sent: what the sanitiser takes out of it is not stored. */
export const bodySentMax = 1_048_576;
export const tagsMax = 50;

/** An optional text: an empty one is the same as null. */
const optionalText = (max: number, multiline = false) =>
  text({ max, min: 0, multiline })
    .transform((value) => (value === '' ? null : value))
    .nullable()
    .optional();

const coverMembers = (publicUrl: string) => ({
  url: url(publicUrl),
  alt: text({ max: 1_000, min: 0 }).meta({ example: 'ভোরের আলোয় নদীর ঘাট' }),
  caption: optionalText(1_000),
  credit: optionalText(300),
  width: z.int().min(1).max(100_000).nullable().optional(),
  height: z.int().min(1).max(100_000).nullable().optional(),
});

const members = (publicUrl: string) => ({
  language: language().optional(),
  slug: slug().optional(),
  kicker: optionalText(200).meta({ example: 'বন্যা' }),
  excerpt: optionalText(1_000, true),
  bodyFormat: z.enum(bodyFormats).optional().meta({
    description:
      '`html` for a new article where it is absent. Another one of a body that is there needs that body in it, in the same call.',
  }),
  byline: optionalText(300).meta({ example: 'নিজস্ব প্রতিবেদক' }),
  deskInitials: optionalText(50).meta({ example: 'রআ/নহ' }),
  source: ref().nullable().optional(),
  sourceUrl: url(publicUrl).nullable().optional(),
  sourceItemId: itemId().nullable().optional().meta({
    description:
      "The source's own id of the story; unique for a source. It is a key: canonically equivalent spellings are one, and what a text would lose in cleaning is 400.",
  }),
  tags: bounded(tagsMax, z.array(ref()).max(tagsMax, { error: `Give at most ${tagsMax} tags.` }))
    .optional()
    .meta({ description: 'Ids or slugs in order; the first is the section. A repeat counts once.' }),
  expiresAt: instant().nullable().optional(),
});

const title = () => text({ max: 300 }).meta({ example: 'নদীর পানি বাড়ছে, সতর্ক থাকার পরামর্শ' });
const body = () =>
  text({ max: bodySentMax, min: 0, multiline: true, bytesMax: bodySentMax }).meta({
    description: `At most ${storedMax.characters.toLocaleString('en')} characters as it is stored. 400 \`body-too-costly\` for one of which too much is made; see "HTML".`,
  });
const note = () => text({ max: 2_000, multiline: true }).meta({ example: 'নামের বানান মিলিয়ে দেখা হয়েছে।' });

/** What readers are told of the change. */
const readerNotes = () => ({
  correction: text({ max: 1_000, multiline: true }).optional().meta({
    description: 'Added to `corrections`; sets `modifiedAt`. 422 `never-public` for what readers never saw.',
    example: 'আগের প্রতিবেদনে নদীর নাম ভুল ছিল।',
  }),
  modified: z
    .literal(true)
    .optional()
    .meta({ description: 'Sets `modifiedAt` without a correction. 422 `never-public` for what readers never saw.' }),
});

const makeBodies = (publicUrl: string) => ({
  create: z
    .strictObject({
      title: title(),
      body: body().optional(),
      ...members(publicUrl),
      cover: z.strictObject(coverMembers(publicUrl)).nullable().optional(),
      status: z
        .enum(writableStatuses)
        .optional()
        .meta({ description: '`draft` when absent. Only editors may send `published`.' }),
      publishedAt: instant().nullable().optional(),
    })
    .meta({ id: 'ArticleCreate' }),
  patch: z
    .strictObject({
      title: title().optional(),
      body: body().optional(),
      ...members(publicUrl),
      cover: z.strictObject(coverMembers(publicUrl)).partial().nullable().optional(),
      publishedAt: instant().nullable().optional(),
      ...readerNotes(),
      correctionAt: instant().optional().meta({
        description:
          'The `at` of a correction that is there: `correction` takes the place of its words, to mend a typing slip. Sets no date.',
      }),
    })
    .meta({ id: 'ArticlePatch' }),
});

let made: { publicUrl: string; bodies: ReturnType<typeof makeBodies> } | undefined;

/** The bodies by which articles are written, where addresses below the public one are ours; the same for every feature. */
export function articleBodies(publicUrl: string): ReturnType<typeof makeBodies> {
  made = made?.publicUrl === publicUrl ? made : { publicUrl, bodies: makeBodies(publicUrl) };
  return made.bodies;
}
export type ArticleCreate = z.output<ReturnType<typeof articleBodies>['create']>;
export type ArticlePatch = z.output<ReturnType<typeof articleBodies>['patch']>;

export const PublishBody = z
  .strictObject({
    at: instant()
      .optional()
      .meta({ description: 'When it becomes public; past times too. Absent: see the operation.' }),
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
