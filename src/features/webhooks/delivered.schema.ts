import type { JsonSchema } from '../../http/openapi/json-schema.ts';

/** What a receiver gets, for the document: the requests that come from us. */

const header = (name: string, description: string, example: string): JsonSchema => ({
  in: 'header',
  name,
  required: true,
  description,
  schema: { type: 'string' },
  example,
});

const id = '019abc3e-7a41-7d3f-9c55-0f6e4d1b2a90';

const parameters = [
  header('webhook-id', 'The id of the delivery, the same at each attempt: what you have taken you may drop.', id),
  header('webhook-timestamp', 'When this attempt was signed, in seconds since 1970. Refuse what is old.', '1796000000'),
  header(
    'webhook-signature',
    'As Standard Webhooks says: `v1,` and the base64 HMAC-SHA-256 of `<webhook-id>.<webhook-timestamp>.<body>`, with what is behind `whsec_` in the secret, read as base64, as the key. For 24 hours after a rotation there are two, with a space between.',
    'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=',
  ),
];

const description = `Sent to the \`url\` of a webhook for each change that it is told of. The body is the entry of \`GET /v1/changes\`, made when it is sent: a repeat says what is true by then. Above 256 KB it comes without \`item\`.

- Any 2xx within 10 seconds takes it; no redirect is followed. Otherwise it is sent again after 1, 5 and 30 seconds, 2, 10 and 30 minutes, 1, 2, 4, 6 and 8 hours, each a fifth more or less, or later where \`Retry-After\` asks for it (a day at most), and then is dead. 410 disables the webhook (not where a ping gets it), and so do three days of nothing but failures.
- Changes of one thing come in their order: the next waits until the one before is taken, dead or skipped. Those of several things come side by side, at most 8 at once. After 5 failures in a row one is tried at a time.
- It may come twice; the \`webhook-id\` tells.`;

const ping: JsonSchema = {
  type: 'object',
  description: 'What a ping sends.',
  required: ['op', 'kind', 'id'],
  properties: {
    op: { type: 'string', const: 'ping', description: 'That it is a ping.' },
    kind: { type: 'string', const: 'webhook', description: 'What it is about.' },
    id: { type: 'string', format: 'uuid', description: 'The id of the webhook.' },
  },
};

/** The section `webhooks` of the document. */
export const deliveredRequests: Readonly<Record<string, JsonSchema>> = {
  change: {
    post: {
      operationId: 'tellChange',
      summary: 'Tell a receiver of a change',
      description,
      tags: ['Webhooks'],
      security: [],
      parameters,
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: { oneOf: [{ $ref: '#/components/schemas/Change' }, ping] },
          },
        },
      },
      responses: {
        '2XX': { description: 'It was taken. What you answer is kept in the log of attempts, up to a kilobyte.' },
        '410': { description: 'Nobody listens here any more: the webhook is disabled.' },
        default: { description: 'It was not taken, and is sent again.' },
      },
    },
  },
};
