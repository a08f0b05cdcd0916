import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { closeReaders, listenTo } from '../../support/event-source.ts';
import { eventually } from '../../support/eventually.ts';
import { counted } from '../../support/metrics.ts';
import { type Newsroom, openNewsroom } from '../../support/newsroom.ts';
import { outside } from '../../support/outside.ts';

const { startOutbox } = outside;

let room: Newsroom;
let stopOutbox: () => Promise<void>;
beforeAll(async () => {
  room = await openNewsroom({ STREAMS_MAX: '4', STREAMS_ADDRESS_MAX: '3', TRUST_PROXY: '1' });
  stopOutbox = startOutbox(room.app);
});
afterEach(() => closeReaders(room.app));
afterAll(async () => {
  await stopOutbox();
  await room.close();
});

const path = '/v1/changes/stream';
const from = (address: string) => listenTo(room.app, path, { headers: { 'X-Forwarded-For': address } });

describe('what opens no stream', () => {
  it.each([
    ['an id of no stream', { lastEventId: 'কিছু না' }, 400, 'invalid-cursor'],
    ['an id of a list', { lastEventId: 'list' }, 400, 'invalid-cursor'],
    ['an id of staff', { lastEventId: 'staff' }, 400, 'invalid-cursor'],
    ['an id of another past', { lastEventId: 'past' }, 410, 'cursor-expired'],
    ['another Accept', { headers: { Accept: 'application/json, image/*' } }, 406, 'not-acceptable'],
    ['another version', { headers: { 'If-Match': '"3"' } }, 412, 'precondition-failed'],
  ])('is %s: a problem before it begins', async (_, options, status, code) => {
    const { cursors } = room.app.deps;
    const ids: Readonly<Record<string, string>> = {
      list: cursors.seal('latest', ['x', 'y']),
      staff: cursors.seal('changes', ['staff', 'tail', '0', '', '']),
      past: cursors.seal('changes', ['public', 'tail', '7', outside.newId(), '']),
    };
    const { lastEventId } = { lastEventId: undefined, ...options };
    const id = lastEventId === undefined ? {} : { lastEventId: ids[lastEventId] ?? encodeURIComponent(lastEventId) };
    const refused = await listenTo(room.app, path, { ...options, ...id });
    expect(refused.problem).toMatchObject({ status, code });
    const after = id.lastEventId === undefined ? '' : `?after=${id.lastEventId}`;
    if (after !== '') expect((await listenTo(room.app, `${path}${after}`)).problem).toMatchObject({ status, code });
    if (status === 400) expect(refused.problem.errors).toMatchObject([{ in: 'header', pointer: '/last-event-id' }]);
  });

  const streams = [path, '/v1/latest/stream'];

  it.each([
    'text/event-stream;q=0',
    '*/*;q=0',
    '*/*; q=0.000',
    'text/*;q=0, */*',
    'text/event-stream;q=0, */*',
    '*/*, TEXT/Event-Stream ; Q=0',
    'text/html, application/json;q=0.9',
  ])('is Accept: %s', async (accept) => {
    for (const stream of streams) {
      const { body } = await room.as(null, 'get', stream).set('Accept', accept).expect(406);
      expect(body.code).toBe('not-acceptable');
    }
  });

  it.each(['text/event-stream', 'text/event-stream;q=0.001', '*/*;q=0, text/event-stream', 'text/*, */*;q=0', ''])(
    'is not Accept: %s',
    async (accept) => {
      for (const stream of streams) await room.as(null, 'head', stream).set('Accept', accept).expect(200);
    },
  );

  it('is an `after` that is no cursor, also beside a good id', async () => {
    const good = (await listenTo(room.app, path)).firstId;
    for (const stream of streams) {
      const refused = await listenTo(room.app, `${stream}?after=x`, { lastEventId: good });
      expect(refused.problem).toMatchObject({ status: 400, code: 'invalid-cursor' });
      expect(refused.problem.errors).toMatchObject([{ in: 'query', pointer: '/after' }]);
      await room.as(null, 'head', `${stream}?after=${good}`).set('Last-Event-ID', good).expect(200);
    }
  });

  it('is an unknown parameter, and those of pages', async () => {
    for (const query of ['wait=2', 'limit=3', 'sort=title']) {
      const { status, problem } = await listenTo(room.app, `${path}?${query}`);
      expect([status, problem.code]).toEqual([400, 'invalid-input']);
    }
  });

  it('is HEAD, which answers with the headers of the stream', async () => {
    const before = await counted(room.app, 'streams_opened_total', path);
    const { headers, text } = await room.as(null, 'head', path).expect(200);
    expect(headers).toMatchObject({ 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' });
    expect(text ?? '').toBe('');
    expect(await counted(room.app, 'streams_opened_total', path)).toBe(before);
    await room.as(null, 'head', `${path}?after=${room.app.deps.cursors.seal('latest', ['x'])}`).expect(400);
  });
});

describe('the number of streams', () => {
  it('is bounded for an address and in all, with 503 and Retry-After, and a place is free when its reader has left', async () => {
    const here = await Promise.all([from('192.0.2.7'), from('192.0.2.7'), from('192.0.2.7')]);
    const refused = await from('192.0.2.7');
    expect(refused.problem).toMatchObject({ status: 503, code: 'unavailable' });
    expect(refused.problem.detail).toMatch(/^As many streams are open from this address/);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await from('192.0.2.8')).status).toBe(200);
    const full = await from('192.0.2.9');
    expect([full.status, full.problem.detail]).toEqual([503, expect.stringMatching(/^More streams are open than/)]);
    await room.as(null, 'get', '/v1/latest').expect(200);
    here[0]?.close();
    await eventually(async () => {
      const again = await from('192.0.2.9');
      expect(again.status).toBe(200);
    });
  });

  it('is not counted up by calls that are refused', async () => {
    for (let turn = 0; turn < 10; turn += 1) await listenTo(room.app, `${path}?after=${'x'.repeat(20)}`);
    expect((await from('192.0.2.7')).status).toBe(200);
  });
});

describe('a stream in numbers and in the log', () => {
  it('has metrics of its own, and is no duration', async () => {
    const timed = await counted(room.app, 'http_request_duration_seconds_count', `route="${path}",status="200"`);
    const opened = await counted(room.app, 'streams_opened_total', path);
    const left = await counted(room.app, 'streams_ended_total', 'reason="left"');
    const reader = await listenTo(room.app, path);
    expect(await counted(room.app, 'streams_open', path)).toBe(1);
    reader.close();
    await eventually(async () =>
      expect(await counted(room.app, 'streams_ended_total', 'reason="left"')).toBe(left + 1),
    );
    expect(await counted(room.app, 'streams_opened_total', path)).toBe(opened + 1);
    expect(await counted(room.app, 'http_request_duration_seconds_count', `route="${path}",status="200"`)).toBe(timed);
    const lines = room.app.logLines
      .map((line) => JSON.parse(line))
      .filter(({ route, ended }) => route === path && ended);
    expect(lines.at(-1)).toMatchObject({ status: 200, ended: 'left', path });
  });
});

describe('a process that stops', () => {
  it('ends its streams first, tells readers when to come back, and opens no other', async () => {
    const reader = await listenTo(room.app, path);
    room.app.deps.streams.close(20_000);
    await reader.ended;
    const [, waits = ''] = /retry: (\d+)\n\n$/.exec(reader.text()) ?? [];
    expect(Number(waits)).toBeGreaterThanOrEqual(22_000);
    const refused = await listenTo(room.app, path);
    expect(refused.problem).toMatchObject({ status: 503, code: 'unavailable' });
    expect(await counted(room.app, 'streams_ended_total', 'reason="stopping"')).toBe(1);
  });
});
