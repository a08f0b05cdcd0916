import { z } from 'zod';
import { id, list, pageOf, paging, shownId, shownInstant, shownInstantOrNull } from '../../http/schema/values.ts';

const states = ['waiting', 'done', 'dead', 'skipped'] as const;
export type DeliveryState = (typeof states)[number];

const purposes = ['change', 'purge', 'ping'] as const;
const deliveredKinds = ['article', 'source', 'tag', 'settings', 'webhook'] as const;

const oneOf = <const Words extends readonly [string, ...string[]]>(words: Words) =>
  z.enum(words, { error: `Use one of ${words.join(', ')}.` });

const stateText =
  '`waiting`: to be sent, perhaps again. `done`: the receiver took it. `dead`: every attempt failed. `skipped`: an admin gave it up.';

export const deliveryListQuery = (itemsMax: number) =>
  z.strictObject({
    state: list(oneOf(states), states.length).optional().meta({ description: stateText, example: 'waiting,dead' }),
    kind: list(oneOf(deliveredKinds), deliveredKinds.length).optional().meta({
      description: 'What it is about. `settings`: a purge of everything. `webhook`: a ping.',
      example: 'article',
    }),
    subject: id().optional().meta({ description: 'Deliveries about the thing with this id.' }),
    ...paging(itemsMax),
  });
export type DeliveryListQuery = z.output<ReturnType<typeof deliveryListQuery>>;

const shown = {
  id: shownId('The id of the delivery: the `webhook-id` of all its attempts.'),
  purpose: z.enum(purposes).meta({
    description: '`change`: tells of a change. `purge`: purges what it made stale. `ping`: a test.',
    example: 'change',
  }),
  state: z.enum(states).meta({ description: stateText, example: 'dead' }),
  eventId: z.string().nullable().meta({ format: 'uuid', description: 'The id of the event that it tells of.' }),
  eventType: z.string().meta({ description: 'What happened. New types may come.', example: 'article.published' }),
  position: z.int().nullable().meta({
    description: 'Where the event stands in the order of all changes. Null of a ping.',
    example: 1204,
  }),
  kind: z.enum(deliveredKinds).meta({
    description: 'What kind of thing it is about. `settings`: a purge of everything. `webhook`: a ping.',
    example: 'article',
  }),
  subjectId: shownId('The id of that thing.'),
  attemptsMade: z.int().meta({
    description: 'How often it was tried, since it was last sent anew by hand.',
    example: 12,
  }),
  dueAt: shownInstantOrNull('When it is tried next, at the earliest. Null where it waits no more.'),
  createdAt: shownInstant('When it was made.'),
  endedAt: shownInstantOrNull('When it was done, dead or skipped. Null while it waits.'),
};

export const DeliveryView = z.object(shown).meta({ id: 'Delivery' });
export type DeliveryView = z.input<typeof DeliveryView>;

export const DeliveryPage = pageOf(DeliveryView, 'DeliveryPage');

const AttemptView = z
  .object({
    id: shownId('The id of the attempt.'),
    at: shownInstant('When it began.'),
    tookMs: z.int().meta({ description: 'How long it took, in milliseconds.', example: 184 }),
    status: z.int().nullable().meta({
      description: 'The status that the receiver answered. Null where no answer came.',
      example: 503,
    }),
    failure: z.string().nullable().meta({
      description: 'Why it counts as failed. Null where it does not.',
      example: 'The receiver answered 503.',
    }),
    answer: z.string().nullable().meta({
      description: 'The first kilobyte of what the receiver answered. Null where no answer came.',
      example: 'upstream is away',
    }),
  })
  .meta({ id: 'DeliveryAttempt' });

export const attemptsShown = 100;

export const DeliveryWithAttempts = z
  .object({
    ...shown,
    attempts: z.array(AttemptView).meta({
      description: `The newest ${attemptsShown} attempts of the last 30 days, newest first; those before it was sent anew are among them.`,
    }),
  })
  .meta({ id: 'DeliveryWithAttempts' });
export type DeliveryWithAttempts = z.input<typeof DeliveryWithAttempts>;

export const Redelivered = z
  .object({
    redelivered: z.int().meta({ description: 'How many deliveries are sent anew.', example: 12 }),
    more: z.boolean().meta({ description: 'Whether there are more dead ones: repeat the call.', example: false }),
  })
  .meta({ id: 'Redelivered' });
export type Redelivered = z.input<typeof Redelivered>;
