import { z } from 'zod';
import { roles } from '../../core/actor.ts';
import { labelRef } from '../../http/schema/refs.ts';
import { instant, pageOf, paging, shownInstant, shownInstantOrNull, text } from '../../http/schema/values.ts';

const limitMax = 50;

const limitedTo = (what: string) =>
  z
    .array(labelRef())
    .min(1, { error: 'Name at least one, or leave it out for a key without such a limit.' })
    .max(limitMax, { error: `Give at most ${limitMax}.` })
    .optional()
    .meta({
      description: `Ids, slugs or names: the key writes only articles of these ${what}. Absent: no such limit.`,
    });

export const KeyCreate = z
  .strictObject({
    name: text({ max: 200 }).meta({
      description: 'What the key is for, so that admins know it again.',
      example: 'রয়টার্সের তার',
    }),
    role: z.enum(roles, { error: `Use one of ${roles.join(', ')}.` }).meta({
      description: 'What the key may do at most: it acts with the lower of this role and that of the account.',
      example: 'editor',
    }),
    readOnly: z
      .boolean({ error: 'Use true or false.' })
      .optional()
      .meta({ description: '`true`: the key only reads, whatever its role. `false` when absent.' }),
    sources: limitedTo('sources'),
    tags: limitedTo('tags'),
    expiresAt: instant().nullable().optional().meta({
      description:
        'When the key ends. Null or absent: not until it is revoked, or the server gives up the secret that signed its token.',
      example: '2027-03-01T06:00:00+06:00',
    }),
  })
  .meta({ id: 'KeyCreate' });
export type KeyCreate = z.output<typeof KeyCreate>;

export const keyListQuery = (itemsMax: number) => z.strictObject(paging(itemsMax));
export type KeyListQuery = z.output<ReturnType<typeof keyListQuery>>;

const limits = (what: string) =>
  z.array(z.string().meta({ format: 'uuid' })).meta({
    description: `Ids of the ${what} whose articles the key may write. Empty: not limited to ${what}, or \`dead\`.`,
  });

const shown = {
  id: z.string().meta({ format: 'uuid', description: 'The `jti` of the token.' }),
  name: z.string().meta({ description: 'What the key is for.', example: 'রয়টার্সের তার' }),
  role: z.enum(roles).meta({ description: 'What the key may do at most.', example: 'editor' }),
  readOnly: z.boolean().meta({ description: 'Whether the key only reads, whatever its role.', example: false }),
  sources: limits('sources'),
  tags: limits('tags'),
  dead: z.boolean().meta({
    description:
      'Whether all the sources or all the tags of its limits are gone, so that it can write nothing any more: its writes are 403 `dead-key`.',
  }),
  suspended: z.boolean().meta({
    description: 'Whether it is refused for now, though it has not ended: the account for which it acts is disabled.',
  }),
  user: z.string().meta({ format: 'uuid', description: 'For whom it acts: who made it.' }),
  createdAt: shownInstant('When the key was made.'),
  expiresAt: shownInstantOrNull(
    'When the key ends. Null: not until it is revoked, or the server gives up the secret that signed its token, which is not shown here.',
  ),
  lastUsedAt: shownInstantOrNull('When the key was last used, to the minute. Null before its first use.'),
  revokedAt: shownInstantOrNull('When the key was revoked. Null where it was not.'),
};

/** An access key as admins see it. Its token is shown once, in the answer that made the key. */
export const KeyView = z.object(shown).meta({ id: 'Key' });
export type KeyView = z.input<typeof KeyView>;

export const KeyMade = z
  .object({
    ...shown,
    token: z.string().meta({
      description: 'Send it as `Authorization: Bearer …`. It is not shown again.',
      example: 'eyJhbGciOiJIUzI1NiIsInR5cCI6ImtleStqd3QifQ.eyJzdWIiOiIuLi4ifQ.b3BlbnMgbm90aGluZw',
    }),
  })
  .meta({ id: 'KeyMade' });
export type KeyMade = z.input<typeof KeyMade>;

export const KeyPage = pageOf(KeyView, 'KeyPage');
