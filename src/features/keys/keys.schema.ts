import { z } from 'zod';
import { roles } from '../../core/actor.ts';
import { instant, pageOf, paging, ref, shownInstant, text } from '../../http/schema/values.ts';

const limitMax = 50;

const limitedTo = (what: string) =>
  z
    .array(ref())
    .min(1, { error: 'Name at least one, or leave it out for a key without such a limit.' })
    .max(limitMax, { error: `Give at most ${limitMax}.` })
    .optional()
    .meta({ description: `Ids or slugs: the key writes only articles of these ${what}. Absent: no such limit.` });

export const KeyCreate = z
  .strictObject({
    name: text({ max: 200 }).meta({ example: 'রয়টার্সের তার' }),
    role: z.enum(roles, { error: `Use one of ${roles.join(', ')}.` }),
    readOnly: z.boolean({ error: 'Use true or false.' }).optional(),
    sources: limitedTo('sources'),
    tags: limitedTo('tags'),
    expiresAt: instant().nullable().optional().meta({ description: 'Null or absent: until it is revoked.' }),
  })
  .meta({ id: 'KeyCreate' });
export type KeyCreate = z.output<typeof KeyCreate>;

export const keyListQuery = (itemsMax: number) => z.strictObject(paging(itemsMax));
export type KeyListQuery = z.output<ReturnType<typeof keyListQuery>>;

const limits = (what: string) =>
  z.array(z.string().meta({ format: 'uuid' })).meta({ description: `Empty: not limited to ${what}.` });

const shown = {
  id: z.string().meta({ format: 'uuid', description: 'The `jti` of the token.' }),
  name: z.string().meta({ example: 'রয়টার্সের তার' }),
  role: z.enum(roles),
  readOnly: z.boolean(),
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
  createdAt: shownInstant(),
  expiresAt: shownInstant().nullable(),
  lastUsedAt: shownInstant().nullable().meta({ description: 'To the minute.' }),
  revokedAt: shownInstant().nullable(),
};

/** An access key as admins see it; its token is shown once, in the answer that made it. */
export const KeyView = z.object(shown).meta({ id: 'Key' });
export type KeyView = z.input<typeof KeyView>;

export const KeyMade = z
  .object({
    ...shown,
    token: z.string().meta({ description: 'Send it as `Authorization: Bearer …`. It is not shown again.' }),
  })
  .meta({ id: 'KeyMade' });
export type KeyMade = z.input<typeof KeyMade>;

export const KeyPage = pageOf(KeyView, 'KeyPage');
