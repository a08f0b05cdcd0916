import { z } from 'zod';
import { itemSenders } from '../../core/item-sender.ts';
import { labelRef } from '../../http/schema/refs.ts';
import { addressText, language, pageOf, paging, shownId, shownVersion, slug, url } from '../../http/schema/values.ts';
import { clearable, labelName, uniqueName } from '../../labels/schema.ts';

export const sourceListQuery = (itemsMax: number) => z.strictObject(paging(itemsMax));

const members = (publicUrl: string) => ({
  slug: slug().optional().meta({ example: 'reuters' }),
  url: url(publicUrl)
    .nullable()
    .optional()
    .meta({ description: `The front page of the source. ${addressText}` }),
  creditLine: clearable(300).meta({
    description: 'What readers are shown as the source, as it was written. Null or empty: none.',
    example: 'সূত্র : রয়টার্স',
  }),
  licence: clearable(300).meta({
    description: 'Under which terms its stories are used. Null or empty: nothing is known.',
    example: 'গ্রাহক চুক্তি',
  }),
  logoUrl: url(publicUrl)
    .nullable()
    .optional()
    .meta({ description: `The picture of its logo. ${addressText}` }),
  language: language()
    .nullable()
    .optional()
    .meta({ description: 'The language in which the source writes, a BCP 47 tag.', example: 'en' }),
  itemsFrom: z
    .enum(itemSenders, { error: `Use one of ${itemSenders.join(', ')}.` })
    .optional()
    .meta({
      description:
        'Who may send its items: every author (`authors`, as for a new source without it), or only editors and access keys whose limits name the source (`keys`). With `keys`, which is what a wire should have, nobody else can take the number of an item before it comes, and its key sees and kills its items in every state.',
      example: 'keys',
    }),
});
const name = () => labelName().meta({ description: uniqueName, example: 'রয়টার্স' });

export const sourceBodies = (publicUrl: string) => ({
  create: z.strictObject({ name: name(), ...members(publicUrl) }).meta({ id: 'SourceCreate' }),
  patch: z.strictObject({ name: name().optional(), ...members(publicUrl) }).meta({ id: 'SourcePatch' }),
});
export type SourceCreate = z.output<ReturnType<typeof sourceBodies>['create']>;
export type SourcePatch = z.output<ReturnType<typeof sourceBodies>['patch']>;

export const SourceDeleteQuery = z.strictObject({
  reassignTo: labelRef()
    .optional()
    .meta({ description: 'The source, by id, slug or name, that the articles get in its place.' }),
});

export const SourceView = z
  .object({
    id: shownId('The id of the source.'),
    slug: z.string().meta({ description: 'The slug of the source, for addresses and filters.', example: 'reuters' }),
    name: z.string().meta({ description: 'What the source is called.', example: 'রয়টার্স' }),
    url: z
      .string()
      .nullable()
      .meta({ format: 'uri', description: 'The front page of the source.', example: 'https://www.reuters.com/' }),
    creditLine: z.string().nullable().meta({
      description: 'What readers are shown as the source, as it was written.',
      example: 'সূত্র : রয়টার্স',
    }),
    licence: z
      .string()
      .nullable()
      .meta({ description: 'Under which terms its stories are used.', example: 'গ্রাহক চুক্তি' }),
    logoUrl: z.string().nullable().meta({
      format: 'uri',
      description: 'The picture of its logo.',
      example: 'https://news.example/media/reuters.svg',
    }),
    language: z
      .string()
      .nullable()
      .meta({ description: 'The language in which the source writes, a BCP 47 tag.', example: 'en' }),
    itemsFrom: z.enum(itemSenders).meta({
      description: 'Who may send its items: every author (`authors`), or editors and its own access keys (`keys`).',
      example: 'keys',
    }),
    version: shownVersion(),
  })
  .meta({ id: 'Source' });
export type SourceView = z.input<typeof SourceView>;

export const SourcePageView = pageOf(SourceView, 'SourcePage');
