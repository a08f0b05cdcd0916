import { z } from 'zod';
import { ref } from '../../http/schema/refs.ts';

export const StoryBody = z
  .strictObject({
    with: ref().meta({
      description: 'An article of the story, by id or slug, also by one that it had.',
      example: 'a-new-bridge-for-the-haor',
    }),
  })
  .meta({ id: 'StoryBody' });
export type StoryBody = z.output<typeof StoryBody>;
