import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type TestApp, testSecret } from '../support/app.ts';
import { plantStories } from '../support/stories.ts';
import { withCharacterChanged } from '../support/tampering.ts';

const otherSecret = 'another-secret-for-tests-that-is-long-enough-98765';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
  await plantStories(app, [{}, {}, {}]);
  await app.sql(`INSERT INTO tags (id, slug, name, identity_key)
    VALUES (gen_random_uuid(), 'kheya-ghat', 'খেয়াঘাট', 'a'), (gen_random_uuid(), 'nouka', 'নৌকা', 'b')`);
});
afterAll(() => app.close());

const page = (path: string, of = app) => of.request('get', path).expect(200);
const cursorOf = async (path: string): Promise<string> => (await page(path)).body.page.nextCursor;

/** A cursor as the version before made it: signed, and its keys in the clear. */
function signedCursor(list: string, keys: readonly string[]): string {
  const secret = createHmac('sha256', testSecret).update('khobor cursors').digest('base64url');
  const payload = JSON.stringify([list, ...keys]);
  const mac = createHmac('sha256', secret).update(payload).digest().subarray(0, 12);
  return Buffer.concat([mac, Buffer.from(payload)]).toString('base64url');
}

describe('a cursor', () => {
  it('shows neither list nor keys to who decodes it, and has one length for short keys and long', async () => {
    const [tags, latest] = [await cursorOf('/v1/tags?limit=1'), await cursorOf('/v1/latest?limit=1')];
    for (const cursor of [tags, latest]) {
      const bytes = Buffer.from(cursor, 'base64url');
      for (const form of [bytes.toString('utf8'), bytes.toString('latin1'), cursor])
        for (const word of ['tags', 'latest', 'kheya', '2026-']) expect(form).not.toContain(word);
    }
    const lengths = ['ক', 'খেয়া', 'নদী'].map((key) => app.deps.cursors.seal('tags', [key]).length);
    expect(new Set(lengths).size).toBe(1);
  });

  it('is the same on equal pages, and so is their ETag', async () => {
    const [first, again] = [await page('/v1/latest?limit=2'), await page('/v1/latest?limit=2')];
    expect(again.body.page.nextCursor).toBe(first.body.page.nextCursor);
    expect(again.headers.etag).toBe(first.headers.etag);
    expect(await cursorOf('/v1/latest?limit=1')).not.toBe(first.body.page.nextCursor);
  });

  it('is refused when any of its characters was edited, and on another list', async () => {
    const cursor = await cursorOf('/v1/tags?limit=1');
    const edited = [...cursor].map((_, at) => withCharacterChanged(cursor, at));
    for (const each of [...edited.filter((_, at) => at % 9 === 0), cursor.slice(0, -1), `${cursor}A`]) {
      const { body } = await app.request('get', `/v1/tags?after=${each}`).expect(400);
      expect(body.code).toBe('invalid-cursor');
    }
    await app.request('get', `/v1/latest?after=${cursor}`).expect(400);
  });

  it('of the version before is read on, and refused when it was edited', async () => {
    const signed = signedCursor('tags', ['kheya-ghat', '00000000-0000-7000-8000-000000000000']);
    const { body } = await page(`/v1/tags?after=${signed}`);
    expect(body.data.map(({ slug }: { slug: string }) => slug)).toEqual(['kheya-ghat', 'nouka']);
    const edited = Buffer.from(signed, 'base64url').toString('latin1').replace('kheya', 'kheyb');
    const after = Buffer.from(edited, 'latin1').toString('base64url');
    expect((await app.request('get', `/v1/tags?after=${after}`).expect(400)).body.code).toBe('invalid-cursor');
  });

  it('of the secret before is good while that is accepted, sealed or signed, and refused afterwards', async () => {
    const path = `/v1/latest?limit=2&after=${await cursorOf('/v1/latest?limit=2')}`;
    const signed = `/v1/tags?after=${signedCursor('tags', ['kheya-ghat', 'ffffffff-ffff-7fff-bfff-ffffffffffff'])}`;
    const same = { databaseUrl: app.databaseUrl };
    const rotated = await startApp({ JWT_SECRET: otherSecret, JWT_SECRET_PREVIOUS: testSecret }, same);
    const later = await startApp({ JWT_SECRET: otherSecret }, same);
    try {
      expect((await page(path, rotated)).body.data).toHaveLength(1);
      expect((await page(signed, rotated)).body.data).toMatchObject([{ slug: 'nouka' }]);
      for (const each of [path, signed])
        expect((await later.request('get', each).expect(400)).body.code).toBe('invalid-cursor');
    } finally {
      for (const each of [rotated, later]) await each.close();
    }
  });
});
