import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Newsroom, openNewsroom, type Story } from '../../support/newsroom.ts';

type Result = { status: number; etag: string | null; id: string | null; article: Story | null; problem: object | null };

describe('a bulk over long articles', () => {
  let room: Newsroom;

  beforeAll(async () => {
    room = await openNewsroom();
  });
  afterAll(() => room.close());

  const run = async (operations: object[]): Promise<{ results: Result[]; bytes: number }> => {
    const { body, text } = await room.as('editor', 'post', '/v1/articles/bulk').send({ operations }).expect(200);
    return { results: body.results, bytes: Buffer.byteLength(text) };
  };

  it('shows 4 MB of them, and of the others what the next call needs', async () => {
    const { id } = await room.story({ body: 'ক'.repeat(240_000), bodyFormat: 'text' });
    const update = (index: number) => ({ op: 'update', id, ifMatch: '*', body: { kicker: `ধাপ ${index}` } });
    const { results, bytes } = await run(Array.from({ length: 6 }, (_, index) => update(index)));
    expect(bytes).toBeLessThan(4_100_000);
    expect(results.map(({ status, id: of }) => [status, of])).toEqual(Array(6).fill([200, id]));
    expect(results.map(({ article }) => article !== null)).toEqual([true, true, false, false, false, false]);
    const last = results.at(-1)?.etag ?? '';
    await room.patch(id, { kicker: 'শেষ' }, { match: last }).expect(200);
  });

  it('shows what changed meanwhile as far as there is room', async () => {
    const { id } = await room.story({ body: 'ক'.repeat(240_000), bodyFormat: 'text' });
    await room.patch(id, { body: 'খ'.repeat(240_000) }).expect(200);
    const stale = { op: 'update', id, ifMatch: '"1"', body: { kicker: 'পুরোনো' } };
    const { results, bytes } = await run(Array(5).fill(stale));
    expect(bytes).toBeLessThan(4_100_000);
    expect(results.map(({ status }) => status)).toEqual(Array(5).fill(412));
    for (const { problem } of results) expect(problem).toMatchObject({ code: 'stale', currentVersion: 2 });
    expect(results[0]?.problem).toHaveProperty('changes');
    expect(results[4]?.problem).not.toHaveProperty('changes');
  });
});
