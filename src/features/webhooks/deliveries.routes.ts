import { type Endpoint, get, post } from '../../http/endpoint.ts';
import { answer, jsonMadeBySql, pageJson, toJson } from '../../http/json.ts';
import type { DeliveryRow } from './deliveries.repository.ts';
import {
  DeliveryPage,
  type DeliveryView,
  DeliveryWithAttempts,
  deliveryListQuery,
  Redelivered,
} from './deliveries.schema.ts';
import type { DeliveryService } from './deliveries.service.ts';
import { pingText, redeliverDeadText, redeliverText, skipText } from './webhooks.texts.ts';

const presentDelivery = ({ json }: DeliveryRow) => answer(jsonMadeBySql<DeliveryWithAttempts>(json));

const admin = { access: 'admin', keys: false } as const;

export function deliveryRoutes(deliveries: DeliveryService, limits: { itemsMax: number }): Endpoint[] {
  return [
    get(
      '/webhooks/{id}/deliveries',
      {
        ...admin,
        id: 'listDeliveries',
        summary: 'What a webhook is told, newest first',
        description: 'What has ended is kept for 30 days. All filters must hold.',
        order: 'newest first, then by id; no two are equal',
        query: deliveryListQuery(limits.itemsMax),
        reply: DeliveryPage,
      },
      async ({ params, query }) => {
        const { rows, nextCursor } = await deliveries.list(params.id, query);
        return pageJson<DeliveryView>(`[${rows.map(({ json }) => json).join(',')}]`, nextCursor);
      },
    ),
    get(
      '/webhooks/{id}/deliveries/{deliveryId}',
      { ...admin, id: 'getDelivery', summary: 'A delivery and what came of its attempts', reply: DeliveryWithAttempts },
      async ({ params }) => presentDelivery(await deliveries.get(params.id, params.deliveryId)),
    ),
    ...sendings(deliveries),
  ];
}

function sendings(deliveries: DeliveryService): Endpoint[] {
  return [
    post(
      '/webhooks/{id}/ping',
      {
        ...admin,
        id: 'pingWebhook',
        summary: 'Send a test delivery',
        description: pingText,
        reply: DeliveryWithAttempts,
        status: 201,
        unversioned: true,
        location: '/v1/webhooks/{subjectId}/deliveries/{id}',
        replyExample: {
          ...{ purpose: 'ping', state: 'waiting', eventId: null, eventType: 'webhook.ping', position: null },
          ...{ kind: 'webhook', attemptsMade: 0, dueAt: '2026-03-01T00:00:00.000Z', attempts: [] },
        },
      },
      async ({ actor, params, ifMatch, call }) => {
        const made = await deliveries.ping({ actor, id: params.id, ifMatch, call });
        return { ...presentDelivery(made), location: `/v1/webhooks/${params.id}/deliveries/${made.id}` };
      },
    ),
    post(
      '/webhooks/{id}/redeliver',
      {
        ...admin,
        id: 'redeliverDead',
        summary: 'Send every dead delivery anew',
        description: redeliverDeadText,
        reply: Redelivered,
      },
      async ({ actor, params, ifMatch, call }) =>
        answer(toJson(await deliveries.redeliverDead({ actor, id: params.id, ifMatch, call }))),
    ),
    post(
      '/webhooks/{id}/deliveries/{deliveryId}/redeliver',
      {
        ...admin,
        id: 'redeliver',
        summary: 'Send a delivery anew, or a waiting one without its pause',
        description: redeliverText,
        reply: DeliveryWithAttempts,
      },
      async ({ actor, params, ifMatch, call }) =>
        presentDelivery(await deliveries.redeliver({ actor, ...params, ifMatch, call })),
    ),
    post(
      '/webhooks/{id}/deliveries/{deliveryId}/skip',
      {
        ...admin,
        id: 'skipDelivery',
        summary: 'Give up a delivery',
        description: skipText,
        reply: DeliveryWithAttempts,
        codes: ['delivered'],
      },
      async ({ actor, params, ifMatch, call }) =>
        presentDelivery(await deliveries.skip({ actor, ...params, ifMatch, call })),
    ),
  ];
}
