import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import type { Received } from '../support/receiver.ts';
import { entryOf, openSending, type Sending } from '../support/sending.ts';

let desk: Sending;
beforeAll(async () => {
  desk = await openSending();
});
afterAll(() => desk.close());
beforeEach(() => desk.forget());

const headersOf = ({ headers }: Received) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
const allDone = (rows: { state: string }[]) => rows.length > 0 && rows.every(({ state }) => state === 'done');

describe('the body of a delivery', () => {
  it('is the entry of the changes with its item, signed as the package of Standard Webhooks wants it', async () => {
    const { id, secret } = await desk.hook();
    const story = await desk.story({ title: 'ঘাটে নতুন ভেলা', status: 'published' });
    await desk.number();
    const [first = desk.nothing] = await desk.receiver.until(1);
    const entry = new Webhook(secret).verify(first.body, headersOf(first));
    expect(entry).toMatchObject({
      op: 'upsert',
      kind: 'article',
      id: story.id,
      version: 1,
      event: { type: 'article.published' },
      item: { title: 'ঘাটে নতুন ভেলা' },
    });
    const { body: page } = await desk.as(null, 'get', '/v1/changes?include=item&kind=article').expect(200);
    expect(page.data.at(-1).item).toEqual(Object(entry).item);
    const [row] = await desk.until(id, allDone);
    expect(first.headers).toMatchObject({ 'webhook-id': row?.id, 'content-type': 'application/json' });
    expect(await desk.attempts(id)).toEqual([{ status: 204, failure: null, answer: null }]);
    const staff = await desk.as('viewer', 'get', '/v1/changes?audience=staff&kind=article').expect(200);
    expect(staff.body.data.length).toBeGreaterThan(0);
  });

  it('comes without the item where nobody asked for it, or where it would be above 256 KB', async () => {
    await desk.hook({ include: [] });
    const long = await desk.hook();
    const body = `<p>${'অনেক লম্বা খবর '.repeat(8_000)}</p>`;
    await desk.story({ title: 'দীর্ঘ খবর', status: 'published', body });
    await desk.number();
    await desk.until(long.id, allDone);
    for (const one of await desk.receiver.until(2)) {
      expect(entryOf(one)).toMatchObject({ op: 'upsert', slug: 'দীর্ঘ-খবর' });
      expect(entryOf(one)).not.toHaveProperty('item');
      expect(Buffer.byteLength(one.body)).toBeLessThan(2_000);
    }
  });

  it('carries no text that was taken back between two attempts', async () => {
    const { id } = await desk.hook();
    desk.receiver.answers(500, 204);
    const story = await desk.story({ title: 'প্রত্যাহার করা খবর', status: 'published' });
    await desk.number();
    await desk.until(id, ([row]) => row?.attempts === 1);
    expect(desk.receiver.received[0]?.body).toContain('প্রত্যাহার করা খবর');
    await desk.step('unpublish', story.id).expect(200);
    await desk.hurry(id);
    const [, retried = desk.nothing] = await desk.receiver.until(2);
    expect(entryOf(retried)).toMatchObject({ op: 'remove', id: story.id, event: { type: 'article.published' } });
    expect(retried.body).not.toContain('প্রত্যাহার করা খবর');
    expect(retried.headers['webhook-id']).toBe(desk.receiver.received[0]?.headers['webhook-id']);
  });

  it('names no lower version than one that came before, also of what was taken back meanwhile', async () => {
    const { id } = await desk.hook();
    desk.receiver.answers(500, 204);
    const story = await desk.story({ title: 'ঘাটের খেয়া', status: 'published' });
    await desk.number();
    await desk.until(id, ([row]) => row?.attempts === 1);
    await desk.patch(story.id, { title: 'ঘাটের নতুন খেয়া' }).expect(200);
    await desk.step('archive', story.id).expect(200);
    await desk.number();
    await desk.until(id, (rows) => rows.length === 3 && allDone(rows));
    const told = desk.receiver.received.map(entryOf);
    expect(told.map(({ op }) => op)).toEqual(['upsert', 'remove', 'remove', 'remove']);
    expect(told.map(({ version }) => version)).toEqual([1, 3, 3, 3]);
  });

  it('tells the public of nothing that it does not see, and staff of drafts', async () => {
    const open = await desk.hook();
    const staff = await desk.another();
    const inside = await desk.hook({ audience: 'staff', url: staff.url });
    const draft = await desk.story({ title: 'গোপন খসড়া' });
    await desk.patch(draft.id, { kicker: 'আরও গোপন' }).expect(200);
    const shown = await desk.story({ title: 'খোলা খবর', status: 'published' });
    await desk.step('unpublish', shown.id).expect(200);
    await desk.patch(shown.id, { title: 'আবার গোপন' }).expect(200);
    await desk.number();
    await desk.until(inside.id, (rows) => rows.length === 6 && allDone(rows));
    await desk.until(open.id, allDone);
    const told = desk.receiver.received;
    expect(told.map((one) => entryOf(one).op)).toEqual(['remove', 'remove']);
    expect(told.map(({ body }) => body).join()).not.toMatch(/গোপন|খসড়া/);
    expect(staff.received.map((one) => entryOf(one).item.title)).toContain('গোপন খসড়া');
    expect(staff.received.map(({ body }) => body).join()).toContain('আবার গোপন');
    await staff.close();
  });

  it('is a remove for who follows a tag that an article has lost, and nothing for what never had it', async () => {
    const tag = await desk.label('tags', { name: 'নৌপথ' });
    const { id } = await desk.hook({ tags: [tag.slug], kinds: ['article'] });
    const story = await desk.story({ title: 'লঞ্চের খবর', tags: [tag.slug], status: 'published' });
    await desk.story({ title: 'ট্রেনের খবর', status: 'published' });
    await desk.number();
    await desk.until(id, (rows) => rows.length === 1 && allDone(rows));
    await desk.patch(story.id, { tags: [] }).expect(200);
    await desk.number();
    await desk.until(id, (rows) => rows.length === 2 && allDone(rows));
    await desk.patch(story.id, { kicker: 'পরে' }).expect(200);
    await desk.number();
    await desk.round();
    expect(desk.receiver.received.map((one) => [entryOf(one).op, entryOf(one).id])).toEqual([
      ['upsert', story.id],
      ['remove', story.id],
    ]);
  });

  it('comes for the kinds, the events and the languages that were asked for, and for no others', async () => {
    const tags = await desk.hook({ kinds: ['tag'] });
    const published = await desk.hook({ events: ['article.published'] });
    const english = await desk.hook({ languages: ['en'], kinds: ['article'] });
    const story = await desk.story({ title: 'বাংলা খবর', status: 'published' });
    await desk.patch(story.id, { kicker: 'বদল' }).expect(200);
    await desk.story({ title: 'News of the river', language: 'en', status: 'published' });
    await desk.label('tags', { name: 'হাওর' });
    await desk.number();
    const types = async (id: string) => (await desk.until(id, allDone)).map(({ event_type }) => event_type);
    expect(await types(tags.id)).toEqual(['tag.created']);
    expect(await types(published.id)).toEqual(['article.published', 'article.published']);
    expect(await types(english.id)).toEqual(['article.published']);
  });

  it('is signed with the secret before too, until its day is over', async () => {
    const { id, secret: before } = await desk.hook();
    const secret = await desk.rotate(id);
    await desk.story({ title: 'চাবি বদলের খবর', status: 'published' });
    await desk.number();
    const [both = desk.nothing] = await desk.receiver.until(1);
    expect(String(both.headers['webhook-signature']).split(' ')).toHaveLength(2);
    for (const one of [secret, before]) expect(new Webhook(one).verify(both.body, headersOf(both))).toBeTruthy();
    await desk.app.sql('UPDATE webhooks SET previous_until = now() WHERE id = $1', [id]);
    await desk.story({ title: 'নতুন চাবির খবর', status: 'published' });
    await desk.number();
    const [, one = desk.nothing] = await desk.receiver.until(2);
    expect(new Webhook(secret).verify(one.body, headersOf(one))).toBeTruthy();
    expect(() => new Webhook(before).verify(one.body, headersOf(one))).toThrow('No matching signature found');
  });

  it('is told of as dead, without a word to the receiver, once its event is not kept any more', async () => {
    const { id } = await desk.hook();
    desk.receiver.answers(500);
    await desk.story({ title: 'মুছে যাওয়া ঘটনা', status: 'published' });
    await desk.number();
    await desk.until(id, ([row]) => row?.attempts === 1);
    await desk.app.sql(
      `WITH gone AS (DELETE FROM changes c USING webhook_deliveries d, events e WHERE d.webhook_id = $1 AND e.id = d.event_id AND c.event_seq = e.seq RETURNING e.seq)
       DELETE FROM events e USING gone WHERE e.seq = gone.seq`,
      [id],
    );
    await desk.hurry(id);
    await desk.until(id, ([row]) => row?.state === 'dead');
    expect(desk.receiver.received).toHaveLength(1);
    expect(await desk.attempts(id)).toEqual([
      { status: 500, failure: 'The receiver answered 500.', answer: null },
      { status: null, failure: 'The event is not kept any more.', answer: null },
    ]);
    expect(await desk.hookRow(id)).toMatchObject({ failures: 1 });
  });
});

describe('the log of attempts', () => {
  it('keeps the first kilobyte of an answer as text, without half a character and without NUL', async () => {
    const { id } = await desk.hook();
    const body = Buffer.concat([Buffer.from('ক\0খ'), Buffer.from([0xff]), Buffer.from('গ'.repeat(1_000))]);
    desk.receiver.answers({ status: 500, body });
    await desk.story({ title: 'উত্তরের খবর', status: 'published' });
    await desk.number();
    await desk.until(id, ([row]) => row?.attempts === 1);
    const [attempt] = await desk.attempts(id);
    expect(attempt?.answer).toMatch(/^কখ\ufffdগ+$/);
    expect(Buffer.byteLength(String(attempt?.answer))).toBeLessThanOrEqual(1_026);
    expect(attempt).toMatchObject({ status: 500, failure: 'The receiver answered 500.' });
  });

  it('is read no further than 64 KB, and what a receiver goes on sending does not count', async () => {
    const { id } = await desk.hook();
    desk.receiver.answers({ status: 200, body: Buffer.alloc(5_000_000, 'x') });
    await desk.story({ title: 'বাচাল উত্তর', status: 'published' });
    await desk.number();
    await desk.until(id, allDone);
    expect((await desk.attempts(id))[0]).toEqual({ status: 200, failure: null, answer: 'x'.repeat(1_024) });
  });
});
