import { z } from 'zod';
import { pageOf, paging, ref, slug } from '../../http/schema/values.ts';
import { clearable, labelName, uniqueName } from '../../labels/schema.ts';

export const tagListQuery = (itemsMax: number) => z.strictObject(paging(itemsMax));
export type TagListQuery = z.output<ReturnType<typeof tagListQuery>>;

const members = {
  slug: slug().optional(),
  description: clearable(2_000, true).meta({ example: 'ফসল, মাছ ও খামারের খবর।' }),
};
const name = () => labelName().meta({ description: uniqueName, example: 'কৃষি' });

export const TagCreate = z.strictObject({ name: name(), ...members }).meta({ id: 'TagCreate' });
export type TagCreate = z.output<typeof TagCreate>;

export const TagPatch = z.strictObject({ name: name().optional(), ...members }).meta({ id: 'TagPatch' });
export type TagPatch = z.output<typeof TagPatch>;

export const TagDeleteQuery = z.strictObject({
  reassignTo: ref().optional().meta({ description: 'The tag, by id or slug, that the articles get in its place.' }),
});

export const TagMerge = z.strictObject({ into: ref() }).meta({ id: 'TagMerge' });

export const TagView = z
  .object({
    id: z.string().meta({ format: 'uuid' }),
    slug: z.string().meta({ example: 'কৃষি' }),
    name: z.string().meta({ example: 'কৃষি' }),
    description: z.string().nullable().meta({ example: 'ফসল, মাছ ও খামারের খবর।' }),
    version: z.int().meta({ example: 1 }),
  })
  .meta({ id: 'Tag' });
export type TagView = z.input<typeof TagView>;

export const TagPageView = pageOf(TagView, 'TagPage');
