import { connect, type Socket } from 'node:net';

export type RawAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** A connection that sends raw bytes and reads answers one by one. */
export type RawConnection = {
  send(bytes: string | Buffer): void;
  /** Closes our sending side, and goes on reading. */
  finish(): void;
  /** The next answer; `bare` for one without a body whatever its Content-Length (HEAD). Rejects if the server closes first. */
  answer(options?: { bare?: boolean }): Promise<RawAnswer>;
  /** Resolves when the server has closed, to what it sent after the answers that were read. */
  closed(): Promise<string>;
  destroy(): void;
};

const limitMs = 3_000;
const withoutBody = (status: number) => status < 200 || status === 204 || status === 304;

function readHead(text: string): { status: number; headers: Record<string, string> } {
  const [first = '', ...lines] = text.split('\r\n');
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const at = line.indexOf(':');
    headers[line.slice(0, at).toLowerCase()] = line.slice(at + 1).trim();
  }
  return { status: Number(/^HTTP\/1\.1 (\d{3}) /.exec(first)?.[1]), headers };
}

/** The first answer in these bytes and its size; undefined while it is incomplete. */
function takeAnswer(bytes: Buffer, bare: boolean): { answer: RawAnswer; size: number } | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd === -1) return undefined;
  const { status, headers } = readHead(bytes.subarray(0, headEnd).toString('latin1'));
  const length = bare || withoutBody(status) ? 0 : Number(headers['content-length'] ?? 0);
  const size = headEnd + 4 + length;
  if (bytes.length < size) return undefined;
  return { answer: { status, headers, body: bytes.subarray(headEnd + 4, size).toString() }, size };
}

function within<Result>(promise: Promise<Result>, what: string): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took more than ${limitMs} ms`)), limitMs);
  });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}

/** Connects to the server at `url`. Half-open connections are kept, so that the server has to close its side. */
export async function openRaw(url: string): Promise<RawConnection> {
  const { hostname, port } = new URL(url);
  const socket: Socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  let received = Buffer.alloc(0);
  let ended = false;
  let wake: () => void = () => undefined;
  const change = () => {
    const woken = wake;
    wake = () => undefined;
    woken();
  };
  const over = () => {
    ended = true;
    change();
  };
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
    change();
  });
  socket.on('end', over);
  socket.on('close', over);
  socket.on('error', over);
  const changed = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
    });

  const answer = async (bare: boolean): Promise<RawAnswer> => {
    for (;;) {
      const taken = takeAnswer(received, bare);
      if (taken) {
        received = received.subarray(taken.size);
        return taken.answer;
      }
      if (ended) throw new Error(`closed before an answer was whole: ${received.toString('latin1').slice(0, 200)}`);
      await changed();
    }
  };
  const closed = async () => {
    while (!ended) await changed();
    return received.toString('latin1');
  };
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  return {
    send: (bytes) => void socket.write(bytes),
    finish: () => void socket.end(),
    answer: ({ bare = false } = {}) => within(answer(bare), 'an answer'),
    closed: () => within(closed(), 'closing'),
    destroy: () => void socket.destroy(),
  };
}
