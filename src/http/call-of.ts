import type { IncomingMessage } from 'node:http';
import type { Call } from '../core/call.ts';
import { clientAddress, originOf } from './address.ts';
import type { Exchange } from './exchange.ts';

/** What handlers know of a call. `keyed`: it has an `Idempotency-Key`. */
export const callOf = (
  req: IncomingMessage,
  exchange: Exchange,
  { trustedProxies, keyed }: { trustedProxies: number; keyed: boolean },
): Call => ({
  requestId: exchange.requestId,
  // A getter, because only a few calls need it, for example a log-in.
  get address() {
    return clientAddress(req, trustedProxies);
  },
  accept: req.headers.accept ?? '',
  lastEventId: String(req.headers['last-event-id'] ?? ''),
  origin: originOf(req, trustedProxies),
  keyed,
  report(thrown) {
    exchange.error = thrown;
  },
});
