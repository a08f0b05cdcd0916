import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer } from '../support/app.ts';
import { anyMatch } from '../support/conditions.ts';
import { type Operation, readDocument } from '../support/document.ts';
import { type Newsroom, openNewsroom, pathOf } from '../support/newsroom.ts';
import { rowsOf } from '../support/world.ts';

/** Writes for which the document has no body. */

let room: Newsroom;
let bare: Operation[];
beforeAll(async () => {
  room = await openNewsroom();
  const { operations } = await readDocument(room.app);
  bare = operations.filter(({ method, said }) => method !== 'get' && said.requestBody === undefined);
});
afterAll(() => room.close());

type Sent = { body?: string; type?: string };

async function call(method: string, path: string, { body, type }: Sent) {
  const headers = {
    ...Object.fromEntries([bearer(room.people.admin)]),
    ...anyMatch(method, path),
    ...(type === undefined ? {} : { 'Content-Type': type }),
  };
  const answer = await fetch(`${room.app.url}${path}`, {
    method: method.toUpperCase(),
    headers,
    ...(body === undefined ? {} : { body: Buffer.from(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? null : JSON.parse(text) };
}

const json = 'application/json';
const noThing = '00000000-0000-7000-8000-000000000000';
const pathTo = ({ path }: Operation) => path.replaceAll(/\{\w+\}/g, noThing);

describe('a write without a body in the document', () => {
  it.each([
    ['an unknown member', { body: '{"x":1}', type: json }, 400, 'invalid-input'],
    ['broken JSON', { body: '{', type: json }, 400, 'malformed-body'],
    ['a list', { body: '[]', type: json }, 400, 'malformed-body'],
    ['text', { body: 'x', type: 'text/plain' }, 415, 'unsupported-media-type'],
    ['JSON that says it is text', { body: '{}', type: 'text/plain' }, 415, 'unsupported-media-type'],
    ['JSON without a type', { body: '{}' }, 415, 'unsupported-media-type'],
  ])('is refused with %s, whichever it is', async (_, sent, status, code) => {
    const before = await rowsOf(room.app);
    for (const operation of bare) {
      const answer = await call(operation.method, pathTo(operation), sent);
      expect([operation.id, answer.status, answer.body.code]).toEqual([operation.id, status, code]);
    }
    expect(bare.length).toBeGreaterThan(10);
    expect(await rowsOf(room.app)).toEqual(before);
  });

  it('names the member that it does not take', async () => {
    const { body } = await call('delete', pathOf(noThing, '/editing'), { body: '{"x":1}', type: json });
    expect(body.errors).toEqual([
      { in: 'body', pointer: '/x', detail: 'This call takes no members; send no body, or {}.' },
    ]);
  });

  it.each([
    ['nothing', {}],
    ['an empty body', { body: '' }],
    ['an empty body of any type', { body: '', type: 'text/plain' }],
    ['an empty object', { body: '{}', type: json }],
  ])('takes %s', async (_, sent) => {
    for (const operation of bare) {
      const answer = await call(operation.method, pathTo(operation), sent);
      expect([operation.id, [400, 415].includes(answer.status)]).toEqual([operation.id, false]);
    }
  });

  it('names in the document what a body is refused with', () => {
    for (const { id, said } of bare)
      expect([id, JSON.stringify(said.responses)]).toEqual([id, expect.stringMatching(/"400".*"413".*"415"/)]);
  });
});

describe('a secret', () => {
  it('is not rotated, and nothing is sent, by a call that is refused', async () => {
    const made = await room
      .as('admin', 'post', '/v1/webhooks')
      .send({ name: 'ঘাটের খাতা', url: 'https://hooks.example.com/ghat' })
      .expect(201);
    const before = await rowsOf(room.app);
    for (const action of ['rotate-secret', 'ping'])
      for (const sent of [
        { body: '{"x":1}', type: json },
        { body: '{', type: json },
        { body: 'x', type: 'text/plain' },
      ])
        expect((await call('post', `/v1/webhooks/${made.body.id}/${action}`, sent)).status).toBeGreaterThanOrEqual(400);
    expect(await rowsOf(room.app)).toEqual(before);
    const rotated = await call('post', `/v1/webhooks/${made.body.id}/rotate-secret`, { body: '{}', type: json });
    expect(rotated).toMatchObject({ status: 200, body: { secret: expect.any(String) } });
  });

  it('is rotated once for one Idempotency-Key, whether the body is empty or {}', async () => {
    const made = await room
      .as('admin', 'post', '/v1/webhooks')
      .send({ name: 'হাটের খাতা', url: 'https://hooks.example.com/hat' })
      .expect(201);
    const rotate = () =>
      room
        .as('admin', 'post', `/v1/webhooks/${made.body.id}/rotate-secret`)
        .set('If-Match', '*')
        .set('Idempotency-Key', 'rotate-1');
    const first = await rotate().expect(200);
    const second = await rotate().send({}).expect(200);
    expect(second.body.secret).toBe(first.body.secret);
    expect(second.headers['idempotency-replayed']).toBe('true');
  });
});
