import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.ts';
import { type CachedRoom, commonPart, openCachedRoom } from '../support/cached.ts';
import { eventually } from '../support/eventually.ts';
import { pathOf } from '../support/newsroom.ts';

let kept: CachedRoom;
let plain: TestApp;
let path = '';
const cacheOf = () => {
  const { cache } = kept.room.app.deps;
  if (cache === null) throw new Error('this app keeps nothing');
  return cache;
};
const ask = (app: TestApp, encoding: string, method: 'get' | 'head' = 'get') =>
  app.request(method, path).set('Accept-Encoding', encoding);

beforeAll(async () => {
  kept = await openCachedRoom();
  plain = await startApp({ RESPONSE_CACHE_BYTES: '0' }, { databaseUrl: kept.room.app.databaseUrl });
  const body = `<p>${'ভোরের হাটে মাছের দাম কমেছে, জেলেরা নৌকা নিয়ে ফিরছেন। '.repeat(90)}</p>`;
  path = pathOf((await kept.published({ body })).id);
});
afterAll(async () => {
  await plain.close();
  await kept.close();
});

/** Asks for the plain answer until its bytes are kept in an encoding alone. */
beforeEach(async () => {
  cacheOf().forgetAll();
  const { headers } = await ask(plain, 'identity');
  await eventually(async () => {
    await ask(kept.room.app, 'identity').expect(200);
    expect(cacheOf().state().entries).toBe(1);
    expect(cacheOf().state().bytes).toBeLessThan(Number(headers['content-length']));
  });
});

describe('an answer that is kept in an encoding alone', () => {
  it('has for those who want none the bytes, the tag and the headers of one that is read', async () => {
    const read = commonPart(await ask(plain, 'identity').expect(200));
    const hits = await kept.hitsOf(async () => {
      for (const _ of [1, 2, 3]) expect(commonPart(await ask(kept.room.app, 'identity'))).toEqual(read);
    });
    // A machine that is busy may lose sight of the changes of others for a moment.
    expect(hits).toBeGreaterThan(0);
    expect(read.headers).not.toHaveProperty('content-encoding');
  });

  it('has for HEAD the same headers', async () => {
    const read = commonPart(await ask(plain, 'identity', 'head').expect(200));
    expect(commonPart(await ask(kept.room.app, 'identity', 'head'))).toEqual(read);
    expect(Number(read.headers['content-length'])).toBeGreaterThan(5_000);
  });

  it('is 304 for its plain tag, and serves If-Match as any other', async () => {
    const { etag = '' } = (await ask(plain, 'identity')).headers;
    const known = await ask(kept.room.app, 'identity').set('If-None-Match', etag);
    expect(known).toMatchObject({ status: 304, text: '', headers: { etag } });
    await ask(kept.room.app, 'identity').set('If-None-Match', `"x", ${etag}`).expect(304);
    await ask(kept.room.app, 'identity').set('If-None-Match', '"x"').expect(200);
    const whole = await ask(kept.room.app, 'identity').set('If-Match', etag);
    expect(commonPart(whole)).toEqual(commonPart(await ask(plain, 'identity').set('If-Match', etag)));
    await ask(kept.room.app, 'identity').set('If-Match', '"77"').expect(412);
  });

  it.each(['gzip', 'br'])('comes as %s with the same text once that is made', async (encoding) => {
    const read = await ask(plain, 'identity');
    await eventually(async () => {
      const answer = await ask(kept.room.app, encoding);
      expect(answer.headers['content-encoding']).toBe(encoding);
      expect(answer.text).toBe(read.text);
    });
    expect(commonPart(await ask(kept.room.app, 'identity'))).toEqual(commonPart(read));
  });

  it('is forgotten as any other when it is changed', async () => {
    const id = decodeURIComponent(path.split('/').at(-1) ?? '');
    const { etag = '' } = (await ask(plain, 'identity')).headers;
    await kept.room.patch(id, { kicker: 'হাটের খবর' }, { match: etag }).expect(200);
    const answer = await ask(kept.room.app, 'identity').expect(200);
    expect(answer.body.kicker).toBe('হাটের খবর');
    expect(answer.headers.etag).not.toBe(etag);
  });
});
