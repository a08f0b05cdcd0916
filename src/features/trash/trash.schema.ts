import { z } from 'zod';

export const PurgeBody = z
  .strictObject({
    forgetItem: z.literal(true).optional().meta({
      description:
        "Forgets the wire's item of the article too, as if its source had never sent it: any version of it makes a new article then.",
    }),
  })
  .meta({ id: 'PurgeBody' });
export type PurgeBody = z.output<typeof PurgeBody>;
