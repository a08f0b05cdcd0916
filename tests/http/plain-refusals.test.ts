import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../src/core/ids.ts';
import { type Newsroom, openNewsroom } from '../support/newsroom.ts';

let room: Newsroom;

beforeAll(async () => {
  room = await openNewsroom();
});
afterAll(() => room.close());

type Fault = { pointer: string; detail: string };
const faultsOf = async (query: string): Promise<Fault[]> =>
  (await room.app.request('get', `/v1/latest?${query}`).expect(400)).body.errors;
const bodyFaults = async (body: object): Promise<Fault[]> =>
  (await room.as('editor', 'post', '/v1/articles').send(body).expect(400)).body.errors;

describe('a refusal', () => {
  it('names every fault of a query at once, whichever kind each is of', async () => {
    const faults = await faultsOf('foo=1&limit=500&tag=&language=bangla&exclude=1&source=a&source=b');
    expect(faults.map(({ pointer }) => pointer).sort()).toEqual([
      '/exclude',
      '/foo',
      '/language',
      '/limit',
      '/source',
      '/tag',
    ]);
  });

  it('says which parameters there are, and of several values which one is at fault', async () => {
    const [unknown] = await faultsOf('lang=bn');
    expect(unknown?.detail).toBe(
      'This route knows no such parameter; it knows tag, source, language, exclude, limit, after.',
    );
    const [, comma] = await faultsOf(`exclude=1,`);
    expect(comma?.detail).toBe('Value 2: Leave out the comma.');
    const [language] = await faultsOf('language=bn,bangla');
    expect(language?.detail).toBe('Value 2: Use a BCP 47 language tag, as bn or en-US.');
  });

  it('of a parameter that is missing does not speak of quotes, which would be a phrase in it', async () => {
    const { body } = await room.app.request('get', '/v1/search').expect(400);
    expect(body.errors).toEqual([{ in: 'query', pointer: '/q', detail: 'Send it; it is needed.' }]);
  });

  it('of a parameter for staff says so to a stranger, and names it to nobody as unknown', async () => {
    for (const key of ['createdBy', 'updatedBy', 'q']) {
      const { body } = await room.app.request('get', `/v1/articles?${key}=me&lang=bn`).expect(400);
      expect(body.errors).toEqual([
        { in: 'query', pointer: `/${key}`, detail: 'This parameter is for staff: send an access token with it.' },
        {
          in: 'query',
          pointer: '/lang',
          detail: expect.stringMatching(/^This route knows no such parameter; it knows /),
        },
      ]);
    }
  });

  it('of an id in capitals says that an id is in lower case', async () => {
    const capitals = newId().toUpperCase();
    for (const key of ['tag', 'source']) {
      const [fault] = await faultsOf(`${key}=${capitals}`);
      expect(fault?.detail).toBe('Use an id (in lower case), a slug or a name.');
    }
    const [source] = await bodyFaults({ title: 'নদীর ঘাট', source: capitals });
    expect(source?.detail).toBe('Use an id (in lower case), a slug or a name.');
  });

  it('says in plain words what is missing, of the wrong kind, too short, too many or not among the choices', async () => {
    const byPointer = new Map(
      (
        await bodyFaults({
          title: 5,
          tags: 'নদী',
          status: 'scheduled',
          cover: { url: 'https://news.example/a.jpg', width: 0 },
        })
      ).map(({ pointer, detail }) => [pointer, detail]),
    );
    expect(Object.fromEntries(byPointer)).toEqual({
      '/title': 'Use text in quotes.',
      '/tags': 'Use an array.',
      '/status': expect.stringMatching(/^Use one of draft, review, published/),
      '/cover/alt': 'Send it; it is needed, as text in quotes.',
      '/cover/width': 'Use a number of at least 1.',
    });
    expect(await bodyFaults({})).toEqual([
      { in: 'body', pointer: '/title', detail: 'Send it; it is needed, as text in quotes.' },
    ]);
  });

  it('of a list of operations says what an operation may be', async () => {
    const { body } = await room
      .as('editor', 'post', '/v1/articles/bulk')
      .send({ operations: [{ op: 'drop' }] })
      .expect(200);
    const [fault] = body.results[0].problem.errors;
    expect(fault.pointer).toBe('/operations/0/op');
    expect(fault.detail).toMatch(/create.*update.*publish/);
  });

  it.each([
    ['/v1/articles', { title: 'নদীর ঘাট' }],
    ['/v1/keys', { name: 'ঘাটের যন্ত্র', role: 'author' }],
    ['/v1/webhooks', { name: 'ঘাটের খাতা', url: 'https://1.1.1.1/khobor' }],
  ])('of a tag that is not there names it: POST %s', async (path, body) => {
    const answer = await room.as('admin', 'post', path).send({ ...body, tags: ['অচেনা'] });
    const detail = 'No tag has the id, slug or name অচেনা; name one by those, or make it first.';
    expect([answer.status, answer.body.code]).toEqual([422, 'unknown-tag']);
    expect(answer.body.errors).toEqual([{ in: 'body', pointer: '/tags/0', detail }]);
  });

  it('of another kind of Authorization says how to send a token', async () => {
    const { body } = await room.app.request('get', '/v1/latest').set('Authorization', 'Basic abc').expect(401);
    expect(body.detail).toBe('Send one access token, as `Authorization: Bearer …`, or none.');
  });
});
