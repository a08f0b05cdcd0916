/** What sending knows of a webhook. */

/** `webhook`: told of changes. The others are purgers: whatever changes make stale is dropped there by its keys. */
export const hookTypes = ['webhook', 'fastly', 'cloudflare', 'varnish'] as const;
export type HookType = (typeof hookTypes)[number];

/** Which changes it is told, and as whom. Empty lists filter nothing. */
export type Followed = {
  readonly audience: 'public' | 'staff';
  readonly withItem: boolean;
  readonly tagIds: readonly string[];
  readonly sourceIds: readonly string[];
  readonly languages: readonly string[];
};

export type Hook = Followed & {
  readonly id: string;
  readonly type: HookType;
  readonly url: string;
  readonly serviceId: string | null;
  readonly zoneId: string | null;
  /** Sealed. */
  readonly secret: string;
  /** Sealed; null where it does not sign any more. */
  readonly previousSecret: string | null;
};

/** SQL for what is followed, as members of `json_build_object`, of the row `w`. */
export const followedSql = `'audience', w.audience, 'withItem', w.with_item, 'tagIds', w.tag_ids, 'sourceIds', w.source_ids, 'languages', w.languages`;

/** The same for all of a webhook. */
export const hookSql = `json_build_object('id', w.id, 'type', w.type, 'url', w.url, 'serviceId', w.options->>'serviceId', 'zoneId', w.options->>'zoneId',
  'secret', w.secret, 'previousSecret', CASE WHEN w.previous_until > now() THEN w.previous_secret END, ${followedSql})`;

/** SQL: whether the row `w` purges. */
export const isPurger = (w: string): string => `${w}.type <> 'webhook'`;
