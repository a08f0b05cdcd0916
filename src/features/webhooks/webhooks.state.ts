import type { LabelTable } from '../../article/read/label-names.ts';
import type { LabelRef } from '../../core/label-ref.ts';
import type { Tx } from '../../db/tx.ts';
import { findNamed, idsNamed } from '../../labels/references.ts';
import type { WebhookState } from './webhooks.repository.ts';
import type { WebhookPatch } from './webhooks.schema.ts';

/** What a webhook is before its first call has set anything. */
export const unset: Omit<WebhookState, 'name' | 'url'> = {
  ...{ serviceId: null, zoneId: null, audience: 'public', withItem: false, kinds: [], events: [] },
  ...{ tagIds: [], sourceIds: [], languages: [], enabled: true },
};

export type Labels = Pick<WebhookState, 'tagIds' | 'sourceIds'>;

type Sent = Omit<WebhookPatch, 'token' | 'url' | 'tags' | 'sources'>;

/** What a webhook is after a call: absent leaves alone, null clears. */
export const patched = (
  before: WebhookState,
  sent: Sent,
  url: string,
  { tagIds, sourceIds }: Labels,
): WebhookState => ({
  name: sent.name ?? before.name,
  url,
  serviceId: sent.serviceId ?? before.serviceId,
  zoneId: sent.zoneId ?? before.zoneId,
  audience: sent.audience ?? before.audience,
  withItem: sent.include === undefined ? before.withItem : sent.include !== null && sent.include.length > 0,
  kinds: sent.kinds === undefined ? before.kinds : (sent.kinds ?? []),
  events: sent.events === undefined ? before.events : (sent.events ?? []),
  tagIds,
  sourceIds,
  languages: sent.languages === undefined ? before.languages : (sent.languages ?? []),
  enabled: sent.enabled ?? before.enabled,
});

/** Members by the names of answers. */
const shownNames = {
  ...{ name: 'name', url: 'url', serviceId: 'serviceId', zoneId: 'zoneId', audience: 'audience', withItem: 'include' },
  ...{ kinds: 'kinds', events: 'events', tagIds: 'tags', sourceIds: 'sources', languages: 'languages' },
} as const satisfies Record<Exclude<keyof WebhookState, 'enabled'>, string>;

const stateNames = [
  ...(['name', 'url', 'serviceId', 'zoneId', 'audience', 'withItem'] as const),
  ...(['kinds', 'events', 'tagIds', 'sourceIds', 'languages'] as const),
];

/** Which members differ, as answers name them; `enabled` has events of its own. */
export const changedMembers = (before: WebhookState, after: WebhookState): string[] =>
  stateNames
    .filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
    .map((name) => shownNames[name]);

/** The ids of labels, once each. One that the webhook has already may be gone meanwhile. Throws 422 naming unknown ones. */
async function labelIds(
  tx: Tx,
  member: LabelTable,
  refs: readonly LabelRef[] | null | undefined,
  before: readonly string[],
): Promise<readonly string[]> {
  if (refs === undefined) return before;
  if (refs === null || refs.length === 0) return [];
  const found = await findNamed(tx.read, member, refs);
  return idsNamed(member, refs, new Map([...found, ...before.map((id) => [id, { id }] as const)]));
}

export const labelsOf = async (
  tx: Tx,
  { tags, sources }: Pick<WebhookPatch, 'tags' | 'sources'>,
  before: Labels,
): Promise<Labels> => ({
  tagIds: await labelIds(tx, 'tags', tags, before.tagIds),
  sourceIds: await labelIds(tx, 'sources', sources, before.sourceIds),
});
