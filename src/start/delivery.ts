import { describeError } from '../core/describe-error.ts';
import { version } from '../core/version.ts';
import { openConnections, type Resolve } from '../delivery/connections.ts';
import { startDelivering } from '../delivery/delivering.ts';
import { openSending } from '../delivery/sending.ts';
import type { RunningApp } from '../services.ts';

/** Sending to webhooks, while it goes on. */
export type RunningDelivery = {
  /** Called when there may be new positions. */
  moved(): void;
  /** Lets what is under way end within SHUTDOWN_TIMEOUT_MS. Called again, it waits for the same end. */
  stop(): Promise<void>;
};

/** `resolve`: replaced by tests. */
export function startDelivery({ deps, services }: RunningApp, resolve?: Resolve): RunningDelivery {
  const { db, config, log, metrics, webhookSecrets } = deps;
  const connections = openConnections({ networks: config.WEBHOOK_ALLOW_NETWORKS, resolve });
  const { moved, stop } = startDelivering({
    db,
    ...services.told,
    openSecret: webhookSecrets.open,
    send: openSending(connections, `khobor/${version}`),
    attempted({ answer, hook, delivery }, fate) {
      metrics.attempted(answer.failure ?? 'taken', fate.state === 'dead');
      if (fate.state === 'dead' && delivery.purpose !== 'ping')
        log.warn({ webhook: hook.id, delivery: delivery.id, failure: answer.failure }, 'a delivery is given up');
    },
    disabled: ({ id, reason }) => log.warn({ webhook: id, reason }, 'a webhook is disabled'),
    failed: (error) =>
      log.warn({ err: describeError(error) }, 'webhooks wait: what they are told cannot be read or recorded'),
    recovered: () => log.info('webhooks are told again'),
  });
  let stopped: Promise<void> | undefined;
  return {
    moved,
    stop() {
      stopped ??= stop(config.SHUTDOWN_TIMEOUT_MS).finally(connections.close);
      return stopped;
    },
  };
}

/** Of a process that sends nothing. */
export const noDelivery: RunningDelivery = { moved() {}, async stop() {} };
