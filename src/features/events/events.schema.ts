import { z } from 'zod';
import { dayOrInstant } from '../../http/schema/day.ts';
import { PersonRef } from '../../http/schema/references.ts';
import { id, list, pageOf, paging, shownId, shownInstant } from '../../http/schema/values.ts';

const requestExample = '3f0c4f0e-6f0f-4a52-9a57-0d1c3b1f7a20';

const word = () => z.string().regex(/^[a-z]+(\.[a-z-]+)?$/, { error: 'Use a type, as article.published.' });

/** A request id as it was sent or given. Ids are looked up exactly, without the cleaning of texts. */
const requestId = () =>
  z.string().regex(/^[\w.:-]{8,128}$/, { error: 'Use a request id: 8 to 128 letters, digits, or any of _ . : -' });

export const eventListQuery = (itemsMax: number) =>
  z.strictObject({
    type: list(word(), 50).optional().meta({
      description: 'The type of the event, as `article.published`.',
      example: 'article.published,article.unpublished',
    }),
    subject: id()
      .optional()
      .meta({ description: 'Events of the thing with this id: an article, source, tag, user, access key or webhook.' }),
    actor: id().optional().meta({ description: 'Events that the user with this id caused.' }),
    key: id().optional().meta({ description: 'Events that were caused with the access key of this id.' }),
    request: requestId().optional().meta({
      description: 'Events of one call: its `X-Request-Id`, 8 to 128 characters.',
      example: requestExample,
    }),
    from: dayOrInstant()
      .optional()
      .meta({ description: 'Inclusive. A date means from the start of that day in TIME_ZONE.' }),
    to: dayOrInstant().optional().meta({ description: 'Exclusive. A date means to the end of that day in TIME_ZONE.' }),
    ...paging(itemsMax),
  });
export type EventListQuery = z.output<ReturnType<typeof eventListQuery>>;

const PublicSide = z
  .object({
    slug: z.string().meta({ description: 'The slug by which strangers had it.', example: 'হাওরে-নতুন-সেতু' }),
    tags: z
      .array(z.string().meta({ format: 'uuid' }))
      .optional()
      .meta({ description: 'Ids, in order. Of articles, as what follows.' }),
    source: z
      .string()
      .nullable()
      .optional()
      .meta({ format: 'uuid', description: 'The id of the source; null without one.' }),
    language: z.string().optional().meta({ description: 'A BCP 47 tag.', example: 'bn' }),
  })
  .meta({ id: 'PublicSide' });

const EventView = z
  .object({
    id: shownId('The id of the event.'),
    type: z.string().meta({
      description: 'What happened, as `<subject>.<what>`. New types may come.',
      example: 'article.published',
    }),
    subjectType: z.string().meta({
      description: 'What kind of thing it happened to: `article`, `source`, `tag`, `user`, `key` or `webhook`.',
      example: 'article',
    }),
    subjectId: shownId('The id of the thing that it happened to. The thing may be gone by now.'),
    version: z.int().meta({ description: 'The version of the thing after it.', example: 4 }),
    actor: PersonRef.nullable().meta({
      description: 'Null for what nobody asked for over HTTP, and where that user is gone.',
    }),
    actorId: z.string().nullable().meta({
      format: 'uuid',
      description:
        'The id of the user who caused it, also once that user is gone. Null for what nobody asked for over HTTP.',
    }),
    keyId: z
      .string()
      .nullable()
      .meta({ format: 'uuid', description: 'The access key, if the actor came with one.', example: null }),
    requestId: z.string().nullable().meta({
      description: 'The `X-Request-Id` of the call. Null for what no call caused.',
      example: requestExample,
    }),
    at: shownInstant('When it happened: when it was written, or the instant at which time did it.'),
    data: z.record(z.string(), z.unknown()).meta({
      description: 'What else there is to say of it, by type. `changed` names fields as answers show them.',
      example: { changed: ['status', 'publishedAt'] },
    }),
    isPublic: z.boolean().meta({ description: 'Whether strangers see another thing since.', example: true }),
    publicBefore: PublicSide.nullable().meta({ description: 'What strangers saw before; null for nothing.' }),
    publicAfter: PublicSide.nullable().meta({ description: 'What they see since; null for nothing.' }),
  })
  .meta({ id: 'Event' });
export type EventView = z.input<typeof EventView>;

export const EventPage = pageOf(EventView, 'EventPage');
