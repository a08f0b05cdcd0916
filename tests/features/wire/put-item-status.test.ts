import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Newsroom, openNewsroom } from '../../support/newsroom.ts';
import { minutesAhead } from '../../support/stories.ts';

let room: Newsroom;

const put = (itemId: string, body: object) =>
  room.as('editor', 'put', `/v1/sources/${encodeURIComponent('সমতট সংবাদ')}/items/${itemId}`).send(body);
const item = (itemVersion: number, more: object = {}) => ({ itemVersion, title: 'চরে নতুন বিদ্যালয় ভবন', ...more });

beforeAll(async () => {
  room = await openNewsroom();
  await room.label('sources', { name: 'সমতট সংবাদ' });
});
afterAll(() => room.close());

describe('a later version of an item', () => {
  it.each(['unpublish', 'archive'] as const)(
    'says that it published again what the desk took back by %s',
    async (step) => {
      const { body } = await put(`back-${step}`, item(1)).expect(201);
      const status = step === 'archive' ? 'archived' : 'draft';
      await room.step(step, body.id).expect(200);
      const silent = await put(`back-${step}`, item(2, { body: '<p>দ্বিতীয় পাঠ</p>' })).expect(200);
      expect(silent.body).toMatchObject({ status, warnings: [{ code: 'withdrawn', detail: status }] });
      const out = await put(`back-${step}`, item(3, { status: 'published' })).expect(200);
      expect(out.body).toMatchObject({ status: 'published', warnings: [{ code: 'republished', detail: status }] });
      await room.read(body.id).expect(200);
      expect((await put(`back-${step}`, item(4, { status: 'published' })).expect(200)).body.warnings).toEqual([]);
    },
  );

  it.each([{}, { publishedAt: minutesAhead(60) }])(
    'of a killed one says that readers do not see it (%j)',
    async (first) => {
      const id = `killed-${Object.keys(first).length}`;
      await put(id, item(1, first)).expect(201);
      await put(id, { itemVersion: 2, kill: { reason: 'ভুল ছবি' } }).expect(200);
      const silent = await put(id, item(3)).expect(200);
      expect(silent.body).toMatchObject({ status: 'draft', warnings: [{ code: 'withdrawn', detail: 'draft' }] });
    },
  );

  it.each(['draft', 'review'] as const)('says that %s is no way to take back what is published', async (status) => {
    const { body } = await put(`kept-${status}`, item(1)).expect(201);
    const kept = await put(`kept-${status}`, item(2, { status })).expect(200);
    expect(kept.body).toMatchObject({ status: 'published', warnings: [{ code: 'status-kept', detail: 'published' }] });
    await room.read(body.id).expect(200);
  });

  it('that names the status which the article has is answered without a warning', async () => {
    await put('drafted', item(1, { status: 'draft' })).expect(201);
    expect((await put('drafted', item(2, { status: 'draft' })).expect(200)).body.warnings).toEqual([]);
    expect((await put('drafted', item(3)).expect(200)).body.warnings).toEqual([]);
    expect((await put('drafted', item(4, { status: 'published' })).expect(200)).body.warnings).toEqual([]);
  });
});

describe('a new item that is over when it comes', () => {
  it('is told that readers do not see it, also where it did not name its status', async () => {
    const [publishedAt, expiresAt] = [minutesAhead(-120), minutesAhead(-60)];
    const { body } = await put('late', item(1, { publishedAt, expiresAt })).expect(201);
    expect(body).toMatchObject({ status: 'expired', warnings: [{ code: 'expired', detail: expiresAt }] });
  });

  it('needs its publishedAt with its expiresAt, and is told so', async () => {
    const { body } = await put('later', item(1, { expiresAt: minutesAhead(-60) })).expect(422);
    expect(body.errors).toMatchObject([{ pointer: '/expiresAt', detail: expect.stringContaining('which is now') }]);
  });
});
