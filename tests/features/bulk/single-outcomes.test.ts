import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Newsroom, openNewsroom, pathOf } from '../../support/newsroom.ts';

let room: Newsroom;
beforeAll(async () => {
  room = await openNewsroom();
});
afterAll(() => room.close());

describe('an operation of a bulk', () => {
  it('fails as its own call does, for articles that the caller sees, may not see, or that are not there', async () => {
    const articles = {
      own: (await room.story({}, 'author')).id,
      hidden: (await room.story({})).id,
      public: (await room.story({ status: 'published' })).id,
      missing: 'no-such',
    };
    const bodies = {
      publish: {},
      return: { note: 'ক' },
      unpublish: {},
      archive: {},
      submit: {},
      restore: {},
      trash: undefined,
    };
    const seen = new Set<string>();
    for (const [op, body] of [...Object.entries(bodies), ['publish', { at: 'কাল' }] as const]) {
      for (const [which, id] of Object.entries(articles)) {
        const path = op === 'trash' ? pathOf(id) : `${pathOf(id)}/${op}`;
        const call = room.as('author', op === 'trash' ? 'delete' : 'post', path).set('If-Match', '"99"');
        const alone = await (body === undefined ? call : call.send(body));
        const operations = [{ op, id, ifMatch: '"99"', ...(body === undefined ? {} : { body }) }];
        const bulk = await room.as('author', 'post', '/v1/articles/bulk').send({ operations }).expect(200);
        const [{ status, problem }] = bulk.body.results;
        expect([op, which, status, problem.code, problem.detail]).toEqual([
          op,
          which,
          alone.status,
          alone.body.code,
          alone.body.detail,
        ]);
        seen.add(`${status}`);
      }
    }
    const odd = [{ op: { toString: 1 } }, { op: 'no-such' }, null, 7];
    const refused = await room.as('author', 'post', '/v1/articles/bulk').send({ operations: odd }).expect(200);
    expect(refused.body.results.map(({ status }: { status: number }) => status)).toEqual([400, 400, 400, 400]);
    expect([...seen].sort()).toEqual(['403', '404', '412']);
  });
});
