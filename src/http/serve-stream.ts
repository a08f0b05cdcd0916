import type { IncomingMessage, ServerResponse } from 'node:http';
import { notAcceptable } from '../core/errors.ts';
import { weightOfType } from './accept.ts';
import { clientAddress } from './address.ts';
import { checkTag } from './conditional.ts';
import type { AnyInput, Endpoint } from './endpoint.ts';
import { streamType } from './event-stream.ts';
import type { Exchange } from './exchange.ts';
import type { Streams } from './streams.ts';

/** Throws 406 if an `Accept` excludes streams. */
function checkAccept(accept: string | undefined): void {
  if (weightOfType(accept ?? '', streamType) === 0) throw notAcceptable(streamType);
}

type Call = { readonly endpoint: Endpoint; readonly input: AnyInput; readonly exchange: Exchange };

/** Opens the stream of a route. What is at fault is thrown, since nothing of the stream was sent yet. */
export async function serveStream(
  { endpoint, input, exchange }: Call,
  { streams, trustedProxies }: { streams: Streams; trustedProxies: number },
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  checkAccept(req.headers.accept);
  checkTag(req.headers['if-match'], undefined);
  const leave = streams.enter(clientAddress(req, trustedProxies));
  try {
    const { events } = await endpoint.handle(input);
    if (events === undefined) throw new Error('this route answers with no stream');
    const signedIn = input.actor !== null;
    streams.begin({ req, res, exchange, route: endpoint.path, signedIn, leave }, events);
  } catch (thrown) {
    leave();
    throw thrown;
  }
}
