import { z } from 'zod';
import { labelRef } from '../../http/schema/refs.ts';
import { pageOf, paging, shownId, shownVersion, slug } from '../../http/schema/values.ts';
import { clearable, labelName, uniqueName } from '../../labels/schema.ts';

export const tagListQuery = (itemsMax: number) => z.strictObject(paging(itemsMax));

const members = {
  slug: slug().optional(),
  description: clearable(2_000, true).meta({
    description: 'What the tag takes in, for its own page. Null or empty: none.',
    example: 'ফসল, মাছ ও খামারের খবর।',
  }),
};
const name = () => labelName().meta({ description: uniqueName, example: 'কৃষি' });

export const TagCreate = z.strictObject({ name: name(), ...members }).meta({ id: 'TagCreate' });
export type TagCreate = z.output<typeof TagCreate>;

export const TagPatch = z.strictObject({ name: name().optional(), ...members }).meta({ id: 'TagPatch' });
export type TagPatch = z.output<typeof TagPatch>;

export const TagDeleteQuery = z.strictObject({
  reassignTo: labelRef()
    .optional()
    .meta({ description: 'The tag, by id, slug or name, that the articles get in its place.' }),
});

export const TagMerge = z
  .strictObject({
    into: labelRef().meta({ description: 'The tag that stays, by id, slug or name.', example: 'কৃষি' }),
  })
  .meta({ id: 'TagMerge' });

export const TagView = z
  .object({
    id: shownId('The id of the tag.'),
    slug: z.string().meta({ description: 'The slug of the tag, for addresses and filters.', example: 'কৃষি' }),
    name: z.string().meta({ description: 'What the tag is called.', example: 'কৃষি' }),
    description: z.string().nullable().meta({
      description: 'What the tag takes in, for its own page.',
      example: 'ফসল, মাছ ও খামারের খবর।',
    }),
    version: shownVersion(),
  })
  .meta({ id: 'Tag' });
export type TagView = z.input<typeof TagView>;

export const TagPageView = pageOf(TagView, 'TagPage');
