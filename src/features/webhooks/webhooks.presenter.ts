import { type Answer, answer, jsonMadeBySql, pageJson } from '../../http/json.ts';
import type { WebhookRow } from './webhooks.repository.ts';
import type { WebhookMade, WebhookView } from './webhooks.schema.ts';
import type { MadeWebhook, WebhookService } from './webhooks.service.ts';

export const presentWebhook = ({ json, version }: WebhookRow): Answer<WebhookView> =>
  answer(jsonMadeBySql<WebhookView>(json), { version });

/** With the secret, which no other answer has. */
export const presentMade = ({ json, version, secret }: MadeWebhook): Answer<WebhookMade> =>
  answer(jsonMadeBySql<WebhookMade>(`${json.slice(0, -1)},"secret":${JSON.stringify(secret)}}`), { version });

export const presentNew = (made: MadeWebhook): Answer<WebhookMade> => ({
  ...presentMade(made),
  location: `/v1/webhooks/${made.id}`,
});

export const presentPage = ({ rows, nextCursor }: Awaited<ReturnType<WebhookService['list']>>) =>
  pageJson<WebhookView>(`[${rows.map(({ json }) => json).join(',')}]`, nextCursor);
