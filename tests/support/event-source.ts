import { get, type IncomingMessage } from 'node:http';
import { expect } from '@jest/globals';
import type { Person, TestApp } from './app.ts';
import { eventually } from './eventually.ts';
import { outside } from './outside.ts';

const { faultOf, numberOnce } = outside;

/** One event of a stream as a reader takes it. */
export type Got = { id: string; event: string; data: Record<string, unknown> };

export type Reader = {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** The problem, where no stream was opened. */
  readonly problem: Record<string, unknown>;
  /** What has come until now. */
  readonly events: readonly Got[];
  /** The id that came before the first event. */
  readonly firstId: string;
  /** The id with which this reader would reconnect. */
  lastId(): string;
  /** Waits until so many events have come in all, or one that is looked for; gives them. Fails after ten seconds. */
  until(count: number | ((got: Got) => boolean)): Promise<readonly Got[]>;
  /** All that was read, as text. */
  text(): string;
  /** Resolves when the server has ended or cut the stream. */
  readonly ended: Promise<void>;
  /** Stops and goes on taking what comes. */
  pause(): void;
  resume(): void;
  close(): void;
};

type Options = { as?: Person; lastEventId?: string; headers?: Record<string, string> };

const limitMs = 10_000;

function openEvents() {
  const events: Got[] = [];
  let [lastId, rest] = ['', ''];
  const readBlock = (block: string) => {
    const fields = block.split('\n').map((line) => /^([a-z]*):? ?(.*)$/s.exec(line) ?? ['', '', '']);
    const of = (field: string) => fields.filter(([, name]) => name === field).map(([, , value = '']) => value);
    lastId = of('id').at(-1) ?? lastId;
    const data = of('data');
    if (data.length === 0) return;
    events.push({ id: lastId, event: of('event').at(-1) ?? 'message', data: JSON.parse(data.join('\n')) });
  };
  return {
    events,
    lastId: () => lastId,
    read(text: string) {
      const blocks = (rest + text).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) readBlock(block);
    },
  };
}

const open: Reader[] = [];

/** Closes what a test has left open, and waits until the application has noticed. */
export async function closeReaders({ deps }: TestApp): Promise<void> {
  for (const reader of open.splice(0)) reader.close();
  await eventually(async () => {
    const counts = [...(await deps.metrics.text()).matchAll(/^streams_open\{.*\} (\d+)$/gm)];
    expect(counts.filter(([, count]) => count !== '0')).toEqual([]);
  });
}

/** Lets what was written get its position: until then a stream that begins tells of it. */
async function settle({ deps }: TestApp): Promise<void> {
  while ((await numberOnce(deps.db)) !== 0);
}

/** Opens a stream as `EventSource` does, or with a token as `fetch` can; every event is checked against the document. */
export async function listenTo(app: TestApp, path: string, options: Options = {}): Promise<Reader> {
  const headers = {
    Accept: 'text/event-stream',
    ...(options.as ? { Authorization: `Bearer ${options.as.token}` } : {}),
    ...(options.lastEventId === undefined ? {} : { 'Last-Event-ID': options.lastEventId }),
    ...options.headers,
  };
  if (options.lastEventId === undefined) await settle(app);
  const res = await new Promise<IncomingMessage>((resolve, reject) => {
    get(`${app.url}${encodeURI(path)}`, { headers, agent: false }, resolve).on('error', reject);
  });
  const { statusCode: status = 0 } = res;
  const taken = openEvents();
  let text = '';
  const waiting = new Set<() => void>();
  res.setEncoding('utf8');
  res.on('data', (chunk: string) => {
    text += chunk;
    if (status === 200) taken.read(chunk);
    for (const look of waiting) look();
  });
  res.on('error', () => {});
  const ended = new Promise<void>((resolve) => res.once('close', resolve));
  if (status !== 200) await ended;
  else if (!text.includes('\n\n')) await new Promise<void>((resolve) => res.once('data', () => resolve()));
  const checked = () => {
    const fault = faultOf({ method: 'get', target: path, status, headers: flat(res.headers), text });
    if (fault !== undefined) throw new Error(fault);
  };
  if (status !== 200) checked();
  const until: Reader['until'] = (wanted) =>
    new Promise((resolve, reject) => {
      const isThere = () => (typeof wanted === 'number' ? taken.events.length >= wanted : taken.events.some(wanted));
      const limit = setTimeout(() => reject(new Error(`only this came: ${text.slice(-2_000)}`)), limitMs);
      const look = () => {
        if (!isThere()) return;
        clearTimeout(limit);
        waiting.delete(look);
        checked();
        resolve(taken.events);
      };
      waiting.add(look);
      look();
    });
  const reader: Reader = {
    status,
    headers: res.headers,
    problem: status === 200 ? {} : JSON.parse(text),
    events: taken.events,
    firstId: /^id: (\S+)$/m.exec(text)?.[1] ?? '',
    lastId: taken.lastId,
    until,
    text: () => text,
    ended,
    pause: () => void res.pause(),
    resume: () => void res.resume(),
    close: () => void res.destroy(),
  };
  open.push(reader);
  return reader;
}

const flat = (headers: IncomingMessage['headers']) =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, value === undefined ? value : String(value)]),
  );

/** The ids of the things that events are about, in their order. */
export const idsOf = (events: readonly Got[]) => events.map(({ data }) => data.id);

/** A little more than the second within which it must end, for a machine that is busy. */
export const withinMs = 1_500;

/** Does what ends the access, and says how long the stream went on after that. */
export async function lasts(reader: Reader, end: () => Promise<unknown>): Promise<number> {
  await end();
  const began = performance.now();
  await reader.ended;
  return performance.now() - began;
}
