import { del, type Endpoint, get, patch, post } from '../../http/endpoint.ts';
import { noContent } from '../../http/json.ts';
import { presentMade, presentNew, presentPage, presentWebhook } from './webhooks.presenter.ts';
import {
  WebhookCreate,
  WebhookMade,
  WebhookPage,
  WebhookPatch,
  WebhookView,
  webhookListQuery,
} from './webhooks.schema.ts';
import type { WebhookService } from './webhooks.service.ts';
import { createText, deleteText, patchText, rotateText } from './webhooks.texts.ts';

const createExample = {
  name: 'সহযোগী পত্রিকার ওয়েবসাইট',
  url: 'https://paper.example/hooks/khobor',
  kinds: ['article'],
  include: ['item'],
};

/** For admins who logged in: no access key reaches them. */
export function webhookRoutes(webhooks: WebhookService, limits: { itemsMax: number }): Endpoint[] {
  const admin = { access: 'admin', keys: false } as const;
  return [
    get(
      '/webhooks',
      {
        ...admin,
        id: 'listWebhooks',
        summary: 'List webhooks, newest first',
        order: 'newest first; their ids begin with the time when they were made, so that no two are equal',
        query: webhookListQuery(limits.itemsMax),
        reply: WebhookPage,
      },
      async ({ query }) => presentPage(await webhooks.list(query)),
    ),
    post(
      '/webhooks',
      {
        ...admin,
        id: 'createWebhook',
        summary: 'Make a webhook',
        description: createText,
        body: WebhookCreate,
        reply: WebhookMade,
        status: 201,
        codes: ['too-many-webhooks', 'refused-target', 'unfit-webhook', 'unknown-source', 'unknown-tag'],
        bodyExample: createExample,
      },
      async ({ actor, body, call }) => presentNew(await webhooks.create(actor, body, call)),
    ),
    get(
      '/webhooks/{id}',
      { ...admin, id: 'getWebhook', summary: 'Read a webhook, without its secret', reply: WebhookView },
      async ({ params }) => presentWebhook(await webhooks.get(params.id)),
    ),
    patch(
      '/webhooks/{id}',
      {
        ...admin,
        id: 'updateWebhook',
        summary: 'Change a webhook, disable or enable it',
        description: patchText,
        body: WebhookPatch,
        ifMatch: true,
        reply: WebhookView,
        codes: ['secret-lost', 'refused-target', 'unfit-webhook', 'unknown-source', 'unknown-tag'],
        bodyExample: { name: 'সহযোগী পত্রিকার নতুন ওয়েবসাইট', enabled: true },
      },
      async ({ actor, params, body, ifMatch, call }) =>
        presentWebhook(await webhooks.update({ actor, id: params.id, ifMatch, call }, body)),
    ),
    del(
      '/webhooks/{id}',
      {
        ...admin,
        id: 'deleteWebhook',
        summary: 'Delete a webhook and its deliveries',
        description: deleteText,
        ifMatch: true,
        reply: null,
      },
      async ({ actor, params, ifMatch, call }) => {
        await webhooks.remove({ actor, id: params.id, ifMatch, call });
        return noContent;
      },
    ),
    post(
      '/webhooks/{id}/rotate-secret',
      {
        ...admin,
        id: 'rotateWebhookSecret',
        summary: 'Give a webhook a new secret',
        description: rotateText,
        ifMatch: true,
        reply: WebhookMade,
        codes: ['signs-nothing'],
      },
      async ({ actor, params, ifMatch, call }) =>
        presentMade(await webhooks.rotate({ actor, id: params.id, ifMatch, call })),
    ),
  ];
}
