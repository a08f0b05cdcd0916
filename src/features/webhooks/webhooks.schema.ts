import { z } from 'zod';
import { isHost } from '../../core/webhook-target.ts';
import { hookTypes } from '../../delivery/webhooks.ts';
import { labelRef } from '../../http/schema/refs.ts';
import {
  bounded,
  language,
  pageOf,
  paging,
  shownId,
  shownInstant,
  shownInstantOrNull,
  shownVersion,
  text,
} from '../../http/schema/values.ts';
import { thingEventsText, thingEventTypes } from '../../outbox/event-types.ts';
import { kinds } from '../changes/changes.schema.ts';

const audiences = ['public', 'staff'] as const;
const parts = ['item'] as const;

const listMax = 50;
export const urlMax = 2_000;

const oneOf = <const Words extends readonly string[]>(words: Words) =>
  z.enum(words, { error: `Use one of ${words.join(', ')}.` });

/** A list whose repeats count once. Null or empty: no such filter. */
const list = <Output>(item: z.ZodType<Output, string>, max = listMax) =>
  bounded(max, z.array(item).max(max, { error: `Give at most ${max}.` }))
    .transform((values) => [...new Set(values)])
    .nullable()
    .optional();

const url = () =>
  z
    .string()
    .max(urlMax, { error: `Use at most ${urlMax} characters.`, abort: true })
    .refine((value) => value.isWellFormed() && !/[\u0000-\u0020\u007f]/.test(value) && URL.canParse(value), {
      error: 'Use a whole address without blanks, as https://paper.example/hooks/khobor.',
      abort: true,
    })
    .refine((value) => isHost(new URL(value).hostname), {
      error: 'Name a host that can be one: 1 to 63 characters between dots, and 253 in all.',
    })
    .meta({ format: 'iri', maxLength: urlMax, example: 'https://paper.example/hooks/khobor' });

const matching = (pattern: RegExp, error: string, example: string) =>
  z.string().regex(pattern, { error }).meta({ example });

/** One word of a provider, as people copy it from its pages. */
const token = () =>
  matching(/^[\x21-\x7e]{1,500}$/, 'Use 1 to 500 visible ASCII characters.', 'an-api-token-of-the-cdn').meta({
    description:
      'Of the types `fastly` and `cloudflare`: the API token with which answers are purged. It is stored sealed and shown nowhere, so that another `url` needs it again.',
  });

const what = {
  name: 'What the webhook is for, so that admins know it again.',
  type: '`webhook`: told of changes. `fastly`, `cloudflare`, `varnish`: purges, by their keys, the answers that changes make stale.',
  url: 'Where deliveries are sent: https, on port 443, 80, 8080 or 8443, to a public address; anything within the networks of WEBHOOK_ALLOW_NETWORKS. Without user, password and fragment. With `fastly` and `cloudflare`, where their API is, which is known when absent.',
  serviceId: 'Of the type `fastly`: the id of the service.',
  zoneId: 'Of the type `cloudflare`: the id of the zone.',
  audience:
    'Whose changes: `public`, what anybody may see; `staff`, what a viewer sees, drafts among it. As of `GET /v1/changes`.',
  include: '`item` adds what the thing is now, as in `GET /v1/changes`.',
  kinds: 'Kinds of things. Empty: all.',
  events: 'Types of events. Empty: all.',
  tags: 'Tags of articles. Empty: all articles, with and without tags. Of articles only: tags and sources come whatever is asked for here.',
  sources: 'Sources of articles. Empty: all articles, with and without a source. Of articles only.',
  languages: 'BCP 47 tags. Empty: all. Of articles only.',
  enabled: 'Whether deliveries are sent.',
} as const;

/** Added to what is said of a list in requests; answers have no null here. */
const nullToo = 'Null is as empty.';

const members = {
  serviceId: matching(/^[A-Za-z0-9]{1,64}$/, 'Use up to 64 Latin letters and digits.', 'SU1Z0isxPaozGVKXdv0eY')
    .optional()
    .meta({ description: what.serviceId }),
  zoneId: matching(/^[0-9a-f]{32}$/, 'Use 32 hexadecimal digits in lower case.', '023e105f4ecef8ad9ca31a8372d0c353')
    .optional()
    .meta({ description: what.zoneId }),
  token: token().optional(),
  audience: oneOf(audiences)
    .optional()
    .meta({ description: `${what.audience} \`public\` when absent.` }),
  include: list(oneOf(parts), parts.length).meta({ description: `${what.include} ${nullToo}` }),
  kinds: list(oneOf(kinds), kinds.length).meta({ description: `${what.kinds} ${nullToo}`, example: ['article'] }),
  events: list(oneOf(thingEventTypes)).meta({
    description: `${what.events} ${nullToo}\n\n${thingEventsText}`,
    example: ['article.published'],
  }),
  tags: list(labelRef()).meta({ description: `Ids, slugs or names. ${what.tags} ${nullToo}`, example: ['কৃষি'] }),
  sources: list(labelRef()).meta({
    description: `Ids, slugs or names. ${what.sources} ${nullToo}`,
    example: ['reuters'],
  }),
  languages: list(language()).meta({ description: `${what.languages} ${nullToo}`, example: ['bn'] }),
  enabled: z
    .boolean({ error: 'Use true or false.' })
    .optional()
    .meta({ description: `${what.enabled} Changes made meanwhile are sent once it is enabled.` }),
};

const name = () => text({ max: 200 }).meta({ description: what.name, example: 'সহযোগী পত্রিকার ওয়েবসাইট' });

export const WebhookCreate = z
  .strictObject({
    name: name(),
    type: oneOf(hookTypes)
      .optional()
      .meta({ description: `${what.type} \`webhook\` when absent.` }),
    url: url().optional().meta({ description: what.url }),
    ...members,
  })
  .meta({ id: 'WebhookCreate' });
export type WebhookCreate = z.output<typeof WebhookCreate>;

export const WebhookPatch = z
  .strictObject({ name: name().optional(), url: url().optional().meta({ description: what.url }), ...members })
  .meta({ id: 'WebhookPatch' });
export type WebhookPatch = z.output<typeof WebhookPatch>;

export const webhookListQuery = (itemsMax: number) => z.strictObject(paging(itemsMax));
export type WebhookListQuery = z.output<ReturnType<typeof webhookListQuery>>;

const ids = (description: string) => z.array(z.string().meta({ format: 'uuid' })).meta({ description });
const optionOf = (description: string) => z.string().nullable().meta({ description, example: null });

const shown = {
  id: shownId('The id of the webhook.'),
  type: z.enum(hookTypes).meta({ description: what.type, example: 'webhook' }),
  name: z.string().meta({ description: what.name, example: 'সহযোগী পত্রিকার ওয়েবসাইট' }),
  url: z.string().meta({ description: 'Where deliveries are sent.', example: 'https://paper.example/hooks/khobor' }),
  serviceId: optionOf(`${what.serviceId} Null for others.`),
  zoneId: optionOf(`${what.zoneId} Null for others.`),
  audience: z.enum(audiences).meta({ description: what.audience, example: 'public' }),
  include: z.array(z.enum(parts)).meta({ description: what.include, example: ['item'] }),
  kinds: z.array(z.enum(kinds)).meta({ description: what.kinds, example: ['article'] }),
  events: z.array(z.string()).meta({ description: what.events, example: ['article.published'] }),
  tags: ids(`Ids. ${what.tags}`),
  sources: ids(`Ids. ${what.sources}`),
  languages: z.array(z.string()).meta({ description: what.languages, example: ['bn'] }),
  enabled: z.boolean().meta({ description: what.enabled, example: true }),
  disabledReason: z.string().nullable().meta({
    description:
      'Why it was disabled where no admin did it. `gone`: the receiver answered 410. `failing`: nothing but failures for three days. `secret-lost`: its secret cannot be read with the JWT_SECRET of now. Null otherwise.',
    example: null,
  }),
  failures: z.int().meta({ description: 'Attempts that failed since the last one that did not.', example: 0 }),
  failingSince: shownInstantOrNull('When the first of them failed. Null without any.'),
  nextProbeAt: shownInstantOrNull(
    'When the next delivery is tried, alone, to see whether the receiver is there again. Null while deliveries go out.',
  ),
  succeededAt: shownInstantOrNull('When a delivery was last taken. Null before the first.'),
  previousSecretUntil: shownInstantOrNull(
    'Until when the secret before the last rotation signs too. Null where it does not.',
  ),
  version: shownVersion(),
  createdBy: z
    .string()
    .nullable()
    .meta({ format: 'uuid', description: 'The user who made it. Null once that user is gone.' }),
  createdAt: shownInstant('When it was made. Changes of before are not sent.'),
  updatedAt: shownInstant('When it was last changed.'),
};

/** A webhook as admins see it. Its secret is shown once: by the call that made it. */
export const WebhookView = z.object(shown).meta({ id: 'Webhook' });
export type WebhookView = z.input<typeof WebhookView>;

export const WebhookMade = z
  .object({
    ...shown,
    secret: z.string().nullable().meta({
      description:
        'What signs every delivery (Standard Webhooks): the key is what follows `whsec_`, in base64. It is not shown again. Null for purgers, which sign nothing.',
      example: 'whsec_bm90aGluZywgb25seSBhbiBleGFtcGxlIG9mIDMyIGI=',
    }),
  })
  .meta({ id: 'WebhookMade' });
export type WebhookMade = z.input<typeof WebhookMade>;

export const WebhookPage = pageOf(WebhookView, 'WebhookPage');
