import { z } from 'zod';
import { PersonRef } from '../../http/schema/references.ts';
import { shownInstant } from '../../http/schema/values.ts';

/** Empty: the caller is known, and the length of the lease is fixed. */
export const EditingBody = z.strictObject({}).meta({ id: 'EditingBody' });

/** Who has an article open. */
export const EditingView = z
  .object({
    data: z
      .array(
        z.object({
          user: PersonRef.meta({ description: 'Who has the article open.' }),
          since: shownInstant('Since when, without a gap.'),
          expiresAt: shownInstant('When it ends, unless it is renewed before.').meta({
            example: '2026-03-01T00:01:00.000Z',
          }),
        }),
      )
      .meta({ description: 'Everybody who has the article open, who came first first. Empty where nobody has.' }),
    leaseS: z.int().meta({ description: 'Seconds that a PUT lasts.', example: 60 }),
  })
  .meta({ id: 'Editing' });
export type EditingView = z.input<typeof EditingView>;
