import { randomBytes } from 'node:crypto';
import { noCause } from '../../core/actor.ts';
import { openSeals } from '../../core/sealed.ts';
import type { Db } from '../../db/client.ts';
import type { Tx } from '../../db/tx.ts';
import { recordEvent } from '../../outbox/record.ts';
import * as repository from './webhooks.repository.ts';

/** What signs deliveries, and the API tokens of purgers, as they are stored: sealed. */
export type WebhookSecrets = {
  /** An empty secret, of a purger that needs none, is stored as it is. */
  seal(secret: string): string;
  /** Null if no known secret of the program sealed it. */
  open(sealed: string): string | null;
  /**
   * Seals with the newest secret of the program what an older one has sealed, so that it can be read once the older one is
   * gone. A webhook whose secret cannot be opened is disabled as `secret-lost`, and enabled again once it can be. Writes
   * nothing if there is nothing to do.
   */
  sealAnew(db: Pick<Db, 'read' | 'transaction'>): Promise<SealedAnew>;
};

/** The ids of the webhooks whose secrets were sealed anew, are lost, and can be opened again. */
export type SealedAnew = { readonly sealed: string[]; readonly lost: string[]; readonly found: string[] };

export const secretLost = 'secret-lost';

const secretBytes = 32;

/** A new secret as Standard Webhooks writes it. */
export const newSecret = (): string => `whsec_${randomBytes(secretBytes).toString('base64')}`;

const turnAll = async (tx: Tx, ids: readonly string[], enabled: boolean): Promise<void> => {
  const turned = await repository.turn(tx, ids, { enabled, reason: enabled ? null : secretLost });
  for (const { id, version } of turned)
    await recordEvent(tx, {
      ...noCause,
      ...{ type: enabled ? 'webhook.enabled' : 'webhook.disabled', subjectType: 'webhook', subjectId: id, version },
      ...{ keys: [], data: { reason: secretLost } },
    });
};

/** `keys`: derived from the secrets of the program, newest first. */
export function openWebhookSecrets(keys: readonly [string, ...string[]]): WebhookSecrets {
  const newest = openSeals([keys[0]]);
  const all = openSeals(keys);
  const seal = (secret: string) => (secret === '' ? '' : all.seal(secret));
  const open = (sealed: string) => (sealed === '' ? '' : all.open(sealed));

  /** The same secret under the newest seal; null if it cannot be opened. */
  const anew = (sealed: string): string | null => {
    if (sealed === '' || newest.open(sealed) !== null) return sealed;
    const secret = open(sealed);
    return secret === null ? null : seal(secret);
  };
  const planOf = ({ id, secret, previousSecret, enabled, disabledReason }: repository.SecretRow) => {
    const now = { secret: anew(secret), previousSecret: previousSecret === null ? null : anew(previousSecret) };
    return {
      id,
      now,
      lost: now.secret === null && enabled,
      found: now.secret !== null && disabledReason === secretLost,
      seals: now.secret !== null && (now.secret !== secret || now.previousSecret !== previousSecret),
    };
  };

  return {
    seal,
    open,
    async sealAnew(db) {
      const isIdle = ({ lost, found, seals }: ReturnType<typeof planOf>) => !lost && !found && !seals;
      if ((await repository.readSecrets(db.read)).map(planOf).every(isIdle)) return { sealed: [], lost: [], found: [] };
      return db.transaction(async (tx) => {
        const plans = (await repository.readSecrets(tx.read, 'FOR NO KEY UPDATE')).map(planOf);
        const sealed = plans.flatMap(({ id, now, seals }) =>
          seals && now.secret !== null ? [{ id, secret: now.secret, previousSecret: now.previousSecret }] : [],
        );
        for (const secrets of sealed) await repository.storeSecrets(tx, secrets);
        const lost = plans.flatMap((plan) => (plan.lost ? [plan.id] : []));
        const found = plans.flatMap((plan) => (plan.found ? [plan.id] : []));
        await turnAll(tx, lost, false);
        await turnAll(tx, found, true);
        return { sealed: sealed.map(({ id }) => id), lost, found };
      });
    },
  };
}
