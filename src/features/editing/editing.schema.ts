import { z } from 'zod';
import { PersonRef } from '../../http/schema/references.ts';
import { shownInstant } from '../../http/schema/values.ts';

/** There is nothing to say: who it is, is known, and how long it lasts is fixed. */
export const EditingBody = z.strictObject({}).meta({ id: 'EditingBody' });

/** Who has an article open. */
export const EditingView = z
  .object({
    data: z.array(
      z.object({
        user: PersonRef,
        since: shownInstant(),
        expiresAt: shownInstant().meta({ description: 'Unless it is renewed before.' }),
      }),
    ),
    leaseS: z.int().meta({ description: 'Seconds that a PUT lasts.', example: 60 }),
  })
  .meta({ id: 'Editing' });
export type EditingView = z.input<typeof EditingView>;
