import { Counter, Gauge, type Registry } from 'prom-client';

/** What there is to be sent: deliveries that wait and that are dead, and for how long the oldest has been due. */
export type Backlog = { waiting: number; dead: number; lagS: number };

export type DeliverySources = {
  /** Null if that cannot be asked now. */
  readonly backlog: () => Promise<Backlog | null>;
};

export type DeliveryMetrics = {
  /** An attempt ended in this way, `taken` or a kind of failure; `died` if it was the last of its delivery. */
  attempted(outcome: string, died: boolean): void;
};

export function openDeliveryMetrics(register: Registry, { backlog }: DeliverySources): DeliveryMetrics {
  const registers = [register];
  const attempts = new Counter({
    name: 'webhook_attempts_total',
    help: 'Deliveries that this process tried to send, by what came of it',
    labelNames: ['outcome'],
    registers,
  });
  const dead = new Counter({
    name: 'webhook_deliveries_died_total',
    help: 'Deliveries that this process gave up',
    registers,
  });
  const lag = new Gauge({
    name: 'webhook_lag_seconds',
    help: 'For how long the oldest delivery of an enabled webhook has been due, all processes together',
    registers,
  });
  new Gauge({
    name: 'webhook_deliveries',
    help: 'Deliveries that wait or are dead, all processes together, 10000 at most',
    labelNames: ['state'],
    registers,
    async collect() {
      const now = await backlog();
      if (now === null) {
        lag.remove();
        this.reset();
        return;
      }
      this.set({ state: 'waiting' }, now.waiting);
      this.set({ state: 'dead' }, now.dead);
      lag.set(now.lagS);
    },
  });
  return {
    attempted(outcome, died) {
      attempts.inc({ outcome });
      if (died) dead.inc();
    },
  };
}
