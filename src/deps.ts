import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { openStanding, type Standing } from './access/standing.ts';
import { type Bodies, openBodies } from './article/body/bodies.ts';
import { openWorkPool, type WorkPool } from './article/processes/work-pool.ts';
import { type Cache, openCache } from './cache/cache.ts';
import { type Outage, openOutage } from './cache/outage.ts';
import { checkout } from './checkout.ts';
import type { Config } from './config.ts';
import type { Clock } from './core/clock.ts';
import { describeError } from './core/describe-error.ts';
import { isDatabaseAway } from './core/errors.ts';
import { openPacing, type Pacing } from './core/pacing.ts';
import { type Cursors, openCursors } from './core/page.ts';
import { openSeals } from './core/sealed.ts';
import { version } from './core/version.ts';
import { type Db, openDb } from './db/client.ts';
import type { DatabaseConfig } from './db/connection.ts';
import { type Idempotency, openIdempotency } from './db/idempotency.ts';
import { readMigrations } from './db/migrate.ts';
import { readBacklog } from './delivery/backlog.ts';
import { type AccessTokens, openAccessTokens } from './features/auth/access-tokens.ts';
import { type LoginLimit, openLoginLimit } from './features/auth/login-limit.ts';
import { openPasswords, type Passwords } from './features/auth/passwords.ts';
import { openRefreshTokens, type RefreshTokens } from './features/auth/refresh-tokens.ts';
import { openSigningKeys, type SigningKeys } from './features/auth/signing-keys.ts';
import { type KeyTokens, openKeyTokens } from './features/keys/key-tokens.ts';
import { openPreviewTokens, type PreviewTokens } from './features/previews/preview-tokens.ts';
import { openWebhookSecrets, type WebhookSecrets } from './features/webhooks/webhooks.secrets.ts';
import type { Common } from './http/common-answer.ts';
import { type Metrics, openMetrics } from './http/metrics.ts';
import { openPlainBodies, type PlainBodies, plainBytesOf } from './http/plain-bodies.ts';
import { openWriteLimit, type WriteLimit } from './http/rate-limit.ts';
import { openStreams, type Streams } from './http/streams.ts';
import { type Following, openFollowing, whyAway } from './outbox/following.ts';
import type { Carrier } from './outbox/listening.ts';
import { openWaiting, readHeads, type Waiting } from './outbox/waiting.ts';

/** The configuration with all optional keys that the application needs filled in. */
export type CompleteConfig = Config & { DATABASE_URL: string; JWT_SECRET: string; PUBLIC_URL: string };

/** All that the application is made of. None of it is global. */
export type Deps = {
  readonly config: CompleteConfig;
  readonly log: Logger;
  readonly db: Db;
  readonly cursors: Cursors;
  readonly passwords: Passwords;
  readonly signingKeys: SigningKeys;
  readonly accessTokens: AccessTokens;
  readonly refreshTokens: RefreshTokens;
  readonly keyTokens: KeyTokens;
  readonly previewTokens: PreviewTokens;
  readonly webhookSecrets: WebhookSecrets;
  readonly loginLimit: LoginLimit;
  readonly writeLimit: WriteLimit;
  readonly idempotency: Idempotency;
  readonly metrics: Metrics;
  /** Child processes for slow work. */
  readonly work: WorkPool;
  readonly bodies: Bodies;
  /** For work in this process that takes milliseconds. */
  readonly paced: Pacing;
  /** Whether this process is shutting down; readiness checks it. */
  readonly lifecycle: { stopping: boolean };
  /** How this process learns of new positions, which readiness and metrics show, and the calls that wait for some. */
  readonly outbox: { carrier: Carrier; readonly waiting: Waiting; readonly following: Following };
  readonly streams: Streams;
  /** Watches the access on which open streams rest. */
  readonly standing: Standing;
  readonly clock: Clock;
  /** Answers to readers; null if RESPONSE_CACHE_BYTES is 0. */
  readonly cache: Cache<Common> | null;
  /** Decoded bodies of answers that the cache keeps encoded. */
  readonly plainBodies: PlainBodies;
  readonly outage: Outage;
  /** The name of the newest migration that this program knows. */
  readonly newestMigration: string;
  close(): Promise<void>;
};

/** Parts that tests replace, and what only the process knows. */
export type DepsOverrides = { clock?: Clock; passwords?: Passwords; droppedLines?: () => number };

export const migrationsFolder = join(checkout, 'prisma/migrations');

/** The most calls that wait for changes at once. */
const waitingMax = 1_000;

const derivedKey = (secret: string, purpose: string) =>
  createHmac('sha256', secret).update(`khobor ${purpose}`).digest('base64url');

/** How this process reaches its database. */
export const databaseOf = (config: CompleteConfig): DatabaseConfig => ({
  url: config.DATABASE_URL,
  poolMax: config.DATABASE_POOL_MAX,
  prepare: config.DATABASE_PREPARE === 'on',
});

export async function openDeps(config: CompleteConfig, log: Logger, overrides: DepsOverrides = {}): Promise<Deps> {
  const clock = overrides.clock ?? Date.now;
  const signingKeys = await openSigningKeys({
    secret: config.JWT_SECRET,
    previousSecret: config.JWT_SECRET_PREVIOUS,
    privateKeyFile: config.JWT_PRIVATE_KEY_FILE,
    publicKeyFiles: config.JWT_PUBLIC_KEY_FILES,
  });
  const lifecycle = { stopping: false };
  const outbox: Deps['outbox'] = {
    carrier: 'polling',
    waiting: openWaiting({ readHead: () => readHeads(db.read), isStopping: () => lifecycle.stopping, max: waitingMax }),
    following: openFollowing({
      read: (...asked) => db.read(...asked),
      forget: (keys) => cache?.forget(keys),
      forgetAll: () => cache?.forgetAll(),
      failed(thrown, began) {
        if (isDatabaseAway(thrown)) void outage.found(began);
      },
    }),
  };
  const metrics = openMetrics({
    carrier: () => outbox.carrier,
    cache() {
      if (cache === null) return null;
      const state = cache.state();
      return { ...state, bytes: state.bytes + plainBodies.bytes() };
    },
    followingLagS: outbox.following.lagS,
    backlog: () => readBacklog(db.read),
    version,
    pool: () => ({ total: db.pool.totalCount, idle: db.pool.idleCount, waiting: db.pool.waitingCount }),
    droppedLines: overrides.droppedLines ?? (() => 0),
  });
  const onPoolError = (error: Error) => log.warn({ err: describeError(error) }, 'a database connection was lost');
  let answeredAt = Number.NEGATIVE_INFINITY;
  const db = openDb(databaseOf(config), onPoolError, metrics.database, {
    why() {
      const { why = null } = outage.away() ?? {};
      // Some calls have connections of their own then, and the others are refused as quickly as by us.
      return why === 'connectionLimit' ? null : why;
    },
    found: (began) => void outage.found(began),
    answered() {
      answeredAt = performance.now();
    },
  });
  const plainBytesMax = plainBytesOf(config.RESPONSE_CACHE_BYTES);
  const plainBodies = openPlainBodies(plainBytesMax);
  const cache =
    config.RESPONSE_CACHE_BYTES === 0
      ? null
      : openCache<Common>({
          bytesMax: config.RESPONSE_CACHE_BYTES - plainBytesMax,
          makingMax: Math.max(1, Math.floor(config.DATABASE_POOL_MAX / 2)),
          now: () => performance.now(),
          isCurrent: outbox.following.isCurrent,
        });
  const outage = openOutage({
    probe: () => whyAway(db.probe),
    now: () => performance.now(),
    answeredAt: () => answeredAt,
    knownAt: outbox.following.knownAt,
    turned(away) {
      if (away === null) outbox.following.moved();
      log[away === null ? 'info' : 'warn'](away === null ? 'the database is there again' : 'the database is away');
    },
  });
  db.onRecorded((keys) => cache?.forget(keys));
  const publicUrl = config.PUBLIC_URL;
  const paced = openPacing();
  const work = openWorkPool({ publicUrl, onLost: (why) => log.warn({ cause: why }, 'work was given up') });
  const previous = config.JWT_SECRET_PREVIOUS;
  const names = { issuer: config.JWT_ISSUER, audience: config.JWT_AUDIENCE };
  return {
    config,
    log,
    db,
    cursors: openCursors(
      derivedKey(config.JWT_SECRET, 'cursors'),
      previous === undefined ? undefined : derivedKey(previous, 'cursors'),
    ),
    passwords: overrides.passwords ?? openPasswords(),
    signingKeys,
    accessTokens: openAccessTokens(signingKeys, names, clock),
    keyTokens: openKeyTokens(signingKeys, names, clock),
    refreshTokens: openRefreshTokens(
      derivedKey(config.JWT_SECRET, 'refresh'),
      previous === undefined ? undefined : derivedKey(previous, 'refresh'),
    ),
    previewTokens: openPreviewTokens(
      derivedKey(config.JWT_SECRET, 'previews'),
      previous === undefined ? undefined : derivedKey(previous, 'previews'),
    ),
    webhookSecrets: openWebhookSecrets([
      derivedKey(config.JWT_SECRET, 'webhooks'),
      ...(previous === undefined ? [] : [derivedKey(previous, 'webhooks')]),
    ]),
    loginLimit: openLoginLimit(db, {
      account: config.RATE_LIMIT_LOGIN_ACCOUNT,
      address: config.RATE_LIMIT_LOGIN_ADDRESS,
    }),
    writeLimit: openWriteLimit(config.RATE_LIMIT_WRITES),
    idempotency: openIdempotency(db, openSeals([config.JWT_SECRET, ...(previous === undefined ? [] : [previous])])),
    metrics,
    work,
    paced,
    bodies: openBodies({ read: db.read, publicUrl, paced, renderApart: work.render }),
    lifecycle,
    outbox,
    streams: openStreams({ max: config.STREAMS_MAX, addressMax: config.STREAMS_ADDRESS_MAX, watch: metrics }),
    standing: openStanding({ read: db.read, clock }),
    clock,
    cache,
    plainBodies,
    outage,
    newestMigration: (await readMigrations(migrationsFolder)).at(-1)?.name ?? '',
    async close() {
      outage.close();
      metrics.close();
      work.close();
      await db.close();
    },
  };
}
