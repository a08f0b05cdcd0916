import { z } from 'zod';
import { dayOrInstant } from '../../http/schema/day.ts';
import { PersonRef } from '../../http/schema/references.ts';
import { id, list, pageOf, paging, shownInstant } from '../../http/schema/values.ts';

const word = () => z.string().regex(/^[a-z]+(\.[a-z-]+)?$/, { error: 'Use a type, as article.published.' });

/** As it was sent or given: an id is looked up as it is and not as a text is cleaned. */
const requestId = () =>
  z.string().regex(/^[\w.:-]{8,128}$/, { error: 'Use a request id: 8 to 128 letters, digits, or any of _ . : -' });

export const eventListQuery = (itemsMax: number) =>
  z.strictObject({
    type: list(word(), 50).optional().meta({ description: 'As `article.published`; a comma list.' }),
    subject: id().optional().meta({ description: 'The id of the thing.' }),
    actor: id().optional().meta({ description: 'The id of the user.' }),
    key: id().optional().meta({ description: 'The id of the access key.' }),
    request: requestId().optional().meta({ description: 'The request id.' }),
    from: dayOrInstant()
      .optional()
      .meta({ description: 'Inclusive. A date means from the start of that day in TIME_ZONE.' }),
    to: dayOrInstant().optional().meta({ description: 'Exclusive. A date means to the end of that day in TIME_ZONE.' }),
    ...paging(itemsMax),
  });
export type EventListQuery = z.output<ReturnType<typeof eventListQuery>>;

const EventView = z
  .object({
    id: z.string().meta({ format: 'uuid' }),
    type: z.string().meta({ example: 'article.published' }),
    subjectType: z.string().meta({ example: 'article' }),
    subjectId: z.string().meta({ format: 'uuid' }),
    version: z.int().meta({ description: 'Of the thing, after it.' }),
    actor: PersonRef.nullable().meta({ description: 'Null for the house itself, and where that user is gone.' }),
    actorId: z.string().nullable().meta({ format: 'uuid' }),
    keyId: z.string().nullable().meta({ format: 'uuid', description: 'The access key, if the actor came with one.' }),
    requestId: z.string().nullable(),
    at: shownInstant(),
    data: z
      .record(z.string(), z.unknown())
      .meta({ description: 'What else there is to say of it, by type. `changed` names fields as answers show them.' }),
  })
  .meta({ id: 'Event' });
export type EventView = z.input<typeof EventView>;

export const EventPage = pageOf(EventView, 'EventPage');
