import { z } from 'zod';
import { ArticleMirrored } from '../../article/views.ts';
import { streamAfter } from '../../http/schema/stream-route.ts';
import {
  cursorExample,
  digits,
  language,
  list,
  paging,
  shownId,
  shownInstant,
  sources,
  tags,
} from '../../http/schema/values.ts';
import { SourceView } from '../sources/sources.schema.ts';
import { TagView } from '../tags/tags.schema.ts';

export const kinds = ['article', 'source', 'tag'] as const;
export type Kind = (typeof kinds)[number];

const audiences = ['public', 'staff'] as const;
export type ChangeAudience = (typeof audiences)[number];

/** The longest time that a call may wait for a change. */
const waitSMax = 30;

const ofArticles = 'Of articles only: tags and sources come whatever is asked for here.';

export const changesQuery = (itemsMax: number) =>
  z.strictObject({
    audience: z
      .enum(audiences, { error: `Use one of ${audiences.join(', ')}.` })
      .default('public')
      .meta({
        description:
          '`staff`: what a viewer sees, drafts among it, and the trash as `remove`. For viewers, editors, admins, and access keys without limits.',
      }),
    kind: list(z.enum(kinds, { error: `Use one of ${kinds.join(', ')}.` }), kinds.length)
      .optional()
      .meta({ description: 'Any of them matches.', example: 'article,tag' }),
    tag: tags().meta({
      description: `Ids, slugs or names of tags. ${ofArticles} Follow a tag by its id: its slug may go.`,
    }),
    source: sources().meta({ description: `Ids, slugs or names of sources. ${ofArticles}` }),
    language: list(language(), 50)
      .optional()
      .meta({ description: `BCP 47 tags in any case. ${ofArticles}` }),
    include: list(z.enum(['item'], { error: 'Use item.' }), 1)
      .optional()
      .meta({ description: '`item` adds what the thing is now to each `upsert`.' }),
    wait: digits(1, waitSMax)
      .optional()
      .meta({ description: 'Seconds to wait for something to come, where there is nothing after the cursor.' }),
    ...paging(itemsMax),
  });
export type ChangesQuery = z.output<ReturnType<typeof changesQuery>>;

/** The same without what pages have. */
export const changeStreamQuery = changesQuery(1).omit({ wait: true, limit: true }).extend({ after: streamAfter() });

export const Change = z
  .object({
    op: z.enum(['upsert', 'remove']).meta({
      description:
        '`upsert`: it is to be seen and matches. `remove`: it is not, or does so no more; what is removed may not have been known.',
      example: 'upsert',
    }),
    kind: z.enum(kinds).meta({ description: 'What kind of thing it is.', example: 'article' }),
    id: shownId('The id of the thing.'),
    slug: z.string().meta({
      description: 'Its slug; of what is removed the one that it had.',
      example: 'নদীর-পানি-বাড়ছে-সতর্ক-থাকার-পরামর্শ',
    }),
    version: z.int().meta({ description: 'Its version, never lower than one that came before.', example: 3 }),
    event: z
      .object({
        id: shownId('The id of the event.'),
        type: z.string().meta({ description: 'What happened. New types may come.', example: 'article.published' }),
        at: shownInstant('When it happened.'),
      })
      .nullable()
      .meta({ description: 'The last that happened to it on this page; null while what there is is walked through.' }),
    position: z.int().nullable().meta({
      description: 'Where that event stands in the order of this audience, which has no gaps. Null where `event` is.',
      example: 1204,
    }),
    keys: z.array(z.string()).meta({
      description: 'What shows it and is stale since, as answers are named for caches.',
      example: ['latest'],
    }),
    item: z
      .union([ArticleMirrored, SourceView, TagView])
      .optional()
      .meta({ description: 'With include=item, of an `upsert`: what it is now, by `kind`.' }),
  })
  .meta({ id: 'Change', description: 'What became of one article, source or tag.' });
export type Change = z.input<typeof Change>;

export const ChangePage = z
  .object({
    data: z.array(Change).meta({ description: 'One entry for each thing, in the order in which they changed last.' }),
    page: z
      .object({
        nextCursor: z.string().meta({
          description: 'Never null: send it as `after` to go on from here, now or tomorrow.',
          example: cursorExample,
        }),
        more: z.boolean().meta({ description: 'Whether there is more to ask for at once.', example: false }),
      })
      .meta({ description: 'What comes after this page.' }),
  })
  .meta({ id: 'ChangePage' });
export type ChangePage = z.input<typeof ChangePage>;
