import { type Actor, causeOf } from '../../core/actor.ts';
import type { Call } from '../../core/call.ts';
import { bodyFault, conflict, notFound, unprocessable } from '../../core/errors.ts';
import { isId, newId } from '../../core/ids.ts';
import type { Cursors } from '../../core/page.ts';
import { checkPrecondition } from '../../core/precondition.ts';
import { judgeTarget } from '../../core/webhook-target.ts';
import type { Db } from '../../db/client.ts';
import { recordEvent } from '../../outbox/record.ts';
import { settleHead } from '../../outbox/settled-head.ts';
import { sendSoon } from './deliveries.repository.ts';
import { lockFound, type WebhookOf } from './webhooks.found.ts';
import { checkFit, defaultUrl, isPurger } from './webhooks.purgers.ts';
import type { LockedWebhook, WebhookRow } from './webhooks.repository.ts';
import * as repository from './webhooks.repository.ts';
import { urlMax, type WebhookCreate, type WebhookListQuery, type WebhookPatch } from './webhooks.schema.ts';
import { newSecret, secretLost, type WebhookSecrets } from './webhooks.secrets.ts';
import { changedMembers, labelsOf, patched, unset } from './webhooks.state.ts';

/** A webhook with the secret that its call has made; null for a purger. */
export type MadeWebhook = WebhookRow & { secret: string | null };

export type WebhookService = {
  list(query: WebhookListQuery): Promise<{ rows: WebhookRow[]; nextCursor: string | null }>;
  get(id: string): Promise<WebhookRow>;
  /** The secret is returned only here and by `rotate`. */
  create(actor: Actor, body: WebhookCreate, call: Call): Promise<MadeWebhook>;
  update(of: WebhookOf, patch: WebhookPatch): Promise<WebhookRow>;
  remove(of: WebhookOf): Promise<void>;
  rotate(of: WebhookOf): Promise<MadeWebhook>;
};

export type WebhookParts = {
  db: Pick<Db, 'read' | 'transaction' | 'schema'>;
  cursors: Cursors;
  secrets: Pick<WebhookSecrets, 'seal' | 'open'>;
  /** Networks of the operator, to which anything may be sent. */
  allowNetworks: readonly string[];
};

const listName = 'webhooks';

/** Each change makes up to this many deliveries. */
const webhooksMax = 100;

const tooMany = () =>
  conflict('too-many-webhooks', `There are ${webhooksMax} webhooks, and there may be no more; delete one first.`);

const refusedTarget = (sentence: string) =>
  unprocessable('refused-target', 'Nothing is sent to this address.', [bodyFault('/url', sentence)]);

/** The URL as it is sent to. Throws 422 where nothing may be sent. */
function targetOf(url: string, allowNetworks: readonly string[]): string {
  const fault = judgeTarget(url, allowNetworks);
  if (fault !== null) throw refusedTarget(fault);
  const { href } = new URL(url);
  if (href.length > urlMax) throw refusedTarget(`Use at most ${urlMax} characters, percent-encoded.`);
  return href;
}

const eventOf = (what: string, id: string, version: number) =>
  ({ type: `webhook.${what}`, subjectType: 'webhook', subjectId: id, version, keys: [] }) as const;

export function webhookService({ db, cursors, secrets, allowNetworks }: WebhookParts): WebhookService {
  const get = async (read: Db['read'], id: string): Promise<WebhookRow> => {
    const row = isId(id) ? await repository.findWebhook(read, id) : null;
    if (row === null) throw notFound();
    return row;
  };

  return {
    async list({ limit, after }) {
      const from = after === undefined ? null : (cursors.open(listName, after)[0] ?? null);
      const found = await repository.listWebhooks(db.read, from, limit + 1);
      const rows = found.slice(0, limit);
      const last = found.length > limit ? rows.at(-1) : undefined;
      return { rows, nextCursor: last === undefined ? null : cursors.seal(listName, [last.id]) };
    },

    get: (id) => get(db.read, id),

    create(actor, body, call) {
      const { type = 'webhook', token } = body;
      const given = body.url ?? defaultUrl(type);
      if (given === null)
        throw unprocessable('unfit-webhook', 'These members do not go together; see errors.', [
          bodyFault('/url', `Name it: a webhook of the type ${type} needs it.`),
        ]);
      const url = targetOf(given, allowNetworks);
      const id = newId();
      return db.transaction(async (tx) => {
        const before = { ...unset, name: body.name, url };
        const state = patched(before, body, url, await labelsOf(tx, body, before));
        checkFit(type, state, { given: token !== undefined, kept: false });
        const secret = isPurger(type) ? null : newSecret();
        const sealed = secrets.seal(secret ?? token ?? '');
        // What is committed from here on is sent; the lock of the head is also what one creation at a time holds.
        const position = await settleHead(tx, db.schema);
        const webhook = { id, type, secret: sealed, position, createdById: actor.userId };
        if (!(await repository.insertWebhook(tx, webhook, state, webhooksMax))) throw tooMany();
        const data = { name: state.name, type };
        await recordEvent(tx, { ...eventOf('created', id, 1), ...causeOf(actor, call), data });
        return { ...(await get(tx.read, id)), secret };
      });
    },

    update({ actor, id, ifMatch, call }, patch) {
      return db.transaction(async (tx) => {
        const before = await lockFound(tx, id);
        checkPrecondition(ifMatch, before.version);
        const sent = patch.url === undefined || patch.url === before.url ? null : targetOf(patch.url, allowNetworks);
        const after = patched(before, patch, sent ?? before.url, await labelsOf(tx, patch, before));
        checkFit(before.type, after, { given: patch.token !== undefined, kept: after.url === before.url });
        // Also the one that it has: an answer that told them apart would tell who guesses.
        const secret = patch.token === undefined ? null : secrets.seal(patch.token);
        // A new token mends a purger that had lost its own.
        const mends = secret !== null && before.disabledReason === secretLost && patch.enabled === undefined;
        const enabled = after.enabled || mends;
        const turned = enabled !== before.enabled;
        const changed = [...changedMembers(before, after), ...(secret === null ? [] : ['token'])];
        const retries = patch.enabled === true && before.fails;
        if (changed.length === 0 && !turned && !retries) return get(tx.read, id);
        if (turned && enabled && secret === null && secrets.open(before.secret) === null) throw lostSecret(before);
        const begins = (turned && enabled) || before.url !== after.url || retries;
        const row =
          changed.length > 0 || turned
            ? await repository.updateWebhook(tx, { id, secret, begins }, { ...after, enabled })
            : await repository.forgetFailures(tx, id);
        if (begins) await sendSoon(tx, id);
        const cause = causeOf(actor, call);
        if (changed.length > 0)
          await recordEvent(tx, { ...eventOf('changed', id, row.version), ...cause, data: { changed } });
        if (turned) await recordEvent(tx, { ...eventOf(enabled ? 'enabled' : 'disabled', id, row.version), ...cause });
        else if (retries) await recordEvent(tx, { ...eventOf('retried', id, row.version), ...cause });
        return row;
      });
    },

    async remove({ actor, id, ifMatch, call }) {
      await db.transaction(async (tx) => {
        const { name, version } = await lockFound(tx, id);
        checkPrecondition(ifMatch, version);
        await repository.removeWebhook(tx, id);
        await recordEvent(tx, { ...eventOf('deleted', id, version + 1), ...causeOf(actor, call), data: { name } });
      });
    },

    rotate({ actor, id, ifMatch, call }) {
      const secret = newSecret();
      return db.transaction(async (tx) => {
        const before = await lockFound(tx, id);
        checkPrecondition(ifMatch, before.version);
        if (isPurger(before.type)) throw signsNothing();
        const keeps = secrets.open(before.secret) !== null;
        const mends = before.disabledReason === secretLost;
        const enabled = before.enabled || mends;
        const row = await repository.rotateSecret(tx, { id, secret: secrets.seal(secret), keeps, enabled });
        if (!keeps) await sendSoon(tx, id);
        const cause = causeOf(actor, call);
        await recordEvent(tx, { ...eventOf('rotated', id, row.version), ...cause });
        if (mends) await recordEvent(tx, { ...eventOf('enabled', id, row.version), ...cause });
        return { ...row, secret };
      });
    },
  };
}

const signsNothing = () =>
  conflict('signs-nothing', 'A purger signs nothing, so that it has no secret; PATCH its token if it has one.');

const lostSecret = ({ type }: LockedWebhook) =>
  conflict(
    'secret-lost',
    isPurger(type)
      ? 'Its token cannot be read with the JWT_SECRET of now; send a token with this change.'
      : 'Its secret cannot be read with the JWT_SECRET of now; rotate it first, which enables it.',
  );
