import { createHmac } from 'node:crypto';
import { noCause } from '../core/actor.ts';
import { cacheKeys } from '../core/cache-keys.ts';
import { version } from '../core/version.ts';
import type { Deps } from '../deps.ts';
import { recordEvent } from '../outbox/record.ts';

type Used = Pick<Deps, 'db' | 'config' | 'signingKeys'>;

/** It is no thing with an id. */
const subjectId = '00000000-0000-0000-0000-000000000000';

/** What every answer depends on: its form, its addresses, where days begin, its cursors and the keys that are published. */
function settingsOf({ config, signingKeys }: Used): Record<string, string> {
  const kids = signingKeys.accepted.map(({ kid }) => kid);
  const keys = createHmac('sha256', config.JWT_SECRET)
    .update(`khobor keys ${kids.join(' ')}`)
    .digest('base64url');
  return {
    version,
    PUBLIC_URL: config.PUBLIC_URL,
    TIME_ZONE: config.TIME_ZONE,
    PAGE_ITEMS_MAX: String(config.PAGE_ITEMS_MAX),
    'signing keys': keys,
  };
}

/**
 * Where settings on which every answer depends are others than at the last start, by whichever process, all answers are to
 * be forgotten: `settings.changed` says which. Of instances that start together one records it.
 */
export async function recordSettingsChange(used: Used): Promise<string[]> {
  const settings = settingsOf(used);
  // Mostly nothing has changed, and to begin a transaction makes Prisma's compiler, a tenth of the time of a start.
  const stored = await used.db.read<{ name: string; value: string }>({
    text: 'SELECT s.name, s.value FROM @settings s',
  });
  const known = new Map(stored.map(({ name, value }) => [name, value]));
  if (Object.entries(settings).every(([name, value]) => known.get(name) === value)) return [];
  const text = `WITH last AS (SELECT s.name FROM @settings s)
    INSERT INTO @settings AS s (name, value) SELECT u.name, u.value FROM unnest($1::text[], $2::text[]) u (name, value) ORDER BY u.name
    ON CONFLICT (name) DO UPDATE SET value = EXCLUDED.value WHERE s.value <> EXCLUDED.value
    RETURNING s.name, s.name IN (SELECT l.name FROM last l) AS known`;
  return used.db.transaction(async (tx) => {
    const values = [Object.keys(settings), Object.values(settings)];
    const stored = await tx.read<{ name: string; known: boolean }>({ text }, values);
    const changed = stored.flatMap(({ name, known }) => (known ? [name] : []));
    const event = { type: 'settings.changed', subjectType: 'settings', subjectId, version: 1 } as const;
    if (changed.length > 0) await recordEvent(tx, { ...event, ...noCause, keys: [cacheKeys.all], data: { changed } });
    return changed;
  });
}
