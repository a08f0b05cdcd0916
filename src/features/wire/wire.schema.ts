import { z } from 'zod';
import { pick } from '../../article/fields.ts';
import { type ArticleBodies, wireNames } from '../../article/inputs.ts';
import { text } from '../../http/schema/values.ts';

/** What a wire sends: the fields of an article, or the notice that it must not be used. */
export const wireItem = ({ create }: ArticleBodies) => {
  const members = pick(create.shape, wireNames);
  return z
    .strictObject({
      ...members,
      title: members.title.optional().meta({ description: 'The headline. Needed where the item is new.' }),
      bodyFormat: members.bodyFormat.meta({ description: 'Of the body that comes with it: `html` when absent.' }),
      status: members.status.meta({
        description:
          'Of a new item: `published` when absent and the caller may publish, else `draft`. Of a later version only `published` counts.',
        example: 'published',
      }),
      itemVersion: z
        .int()
        .min(1)
        .max(1_000_000_000)
        .meta({ description: 'Only a higher one than the last is taken, or the same with `kill`.', example: 2 }),
      kill: z
        .strictObject({
          reason: text({ max: 2_000, multiline: true }).meta({
            description: 'Why, for the desk.',
            example: 'ভুল তথ্য; সংশোধিত প্রতিবেদন আসছে।',
          }),
        })
        .optional()
        .meta({
          description:
            'Takes the item back from readers, also under the number of the version that it kills; nothing else of the body counts.',
        }),
    })
    .meta({ id: 'WireItem' });
};
export type WireItem = z.output<ReturnType<typeof wireItem>>;
