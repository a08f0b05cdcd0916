import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ArticlePage } from '../../src/article/views.ts';
import { bearer, startApp, type TestApp } from '../support/app.ts';
import { countStatements } from '../support/statement-count.ts';

type Entry = { title: string; at: string };
type Item = {
  id: string;
  slug: string;
  title: string;
  publishedAt: string;
  cover: { url: string; alt: string } | null;
};

const paragraphs = [
  'উপকূলের তিন জেলায় নৌযান চলাচল আবার শুরু হয়েছে। আজ ভোরে ঘাট থেকে প্রথম লঞ্চটি ছেড়ে যায়।',
  'ঝোড়ো হাওয়ার কারণে দুই দিন ধরে ঘাটে আটকে ছিলেন কয়েক শ যাত্রী। তাঁদের অনেকেই রাত কাটিয়েছেন জেটিতে।',
  'ঘাটের ইজারাদার জানান, সকাল থেকে যাত্রীর চাপ বেড়েছে। ‘সবাইকে লাইফ জ্যাকেট পরতে বলা হচ্ছে’, বলেন তিনি।',
  'নৌপথের দুটি জায়গায় নতুন করে বয়া বসানো হয়েছে। রাতে সেখানে আলো জ্বলবে।',
  'জেলেরা বলছেন, সাগর এখনো উত্তাল। ছোট ট্রলারগুলো মোহনার ভেতরেই থাকছে।',
  'আবহাওয়া কার্যালয় জানিয়েছে, আগামী ২৪ ঘণ্টায় বৃষ্টি কমে আসবে। তবে দক্ষিণে দমকা হাওয়া থাকতে পারে।',
  'এর আগে গত সপ্তাহে একই নৌপথে চর জেগে ওঠায় দুটি লঞ্চ আটকে গিয়েছিল।',
  'খননের কাজ ১,১৫০ মিটার এগিয়েছে। বাকি অংশ শেষ হতে আরও এক মাস লাগবে।',
];

/** 2 of the later day and 18 of the one before, in the time of Dhaka, two of them in one minute; entered in no order. */
const entries: Entry[] = [
  { title: 'মধ্যরাতের পর খুলল সেতু', at: '2025-10-29T00:20:00+06:00' },
  { title: 'ভোরের বাজারে ইলিশ কম', at: '2025-10-29T00:05:00+06:00' },
  ...Array.from({ length: 18 }, (_, index) => ({
    title: `দিনের খবর ${index + 1}`,
    at: `2025-10-28T${String(23 - (index === 7 ? 6 : index)).padStart(2, '0')}:40:00+06:00`,
  })),
];

describe('the page of one story, entered by hand through the API', () => {
  let app: TestApp;
  let token = '';
  let story: ArticlePage & { slug: string };
  const send = async (path: string, body: object) => {
    const request = app.request('post', path).set('Authorization', `Bearer ${token}`);
    return (await request.send(body).expect(201)).body;
  };
  const page = (as = '') => {
    const request = app.request('get', `/v1/articles/${encodeURIComponent(story.slug)}?include=latest`);
    return as === '' ? request : request.set('Authorization', `Bearer ${as}`);
  };

  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app.close());

  it('begins with an editor who logs in', async () => {
    const account = { email: 'desk@khobor.example', password: 'একটি লম্বা পাসওয়ার্ড', name: 'রিনা আখতার', initials: 'রআ' };
    const admin = await app.person('admin');
    await app
      .request('post', '/v1/users')
      .set(...bearer(admin))
      .send({ ...account, role: 'editor' })
      .expect(201);
    const { email, password } = account;
    const { body } = await app
      .request('post', '/v1/auth/login')
      .send({ email: email.toUpperCase(), password })
      .expect(200);
    expect(body).toMatchObject({ tokenType: 'Bearer', user: { name: 'রিনা আখতার', role: 'editor' } });
    token = body.accessToken;
  });

  it('goes on with the source, the tags, the story and twenty more', async () => {
    const source = await send('/v1/sources', { name: 'রয়টার্স', slug: 'reuters', creditLine: 'সূত্র : রয়টার্স' });
    for (const name of ['জাতীয়', 'উপকূল']) await send('/v1/tags', { name });
    story = await send('/v1/articles', {
      kicker: 'উপকূল',
      title: '‘আবার চলছে লঞ্চ’, ঘাটে ফিরল ভিড়',
      body: paragraphs.map((paragraph) => `<p>${paragraph}</p>`).join('\n'),
      cover: { url: '/demo/covers/paddy.png', alt: 'ভোরের ঘাটে লঞ্চ', credit: 'মিতা রায়', width: 1200, height: 675 },
      source: source.id,
      deskInitials: 'রআ/মর',
      tags: ['জাতীয়', 'উপকূল'],
    });
    const shuffled = entries.toSorted((a, b) => a.title.length - b.title.length || (a.at < b.at ? -1 : 1));
    for (const { title, at } of shuffled) {
      const cover = { url: '/demo/covers/kites.png', alt: title };
      await send('/v1/articles', { title, cover, status: 'published', publishedAt: at, tags: ['জাতীয়'] });
    }
    await app
      .request('post', `/v1/articles/${story.id}/publish`)
      .set('Authorization', `Bearer ${token}`)
      .set('If-Match', '"1"')
      .send({ at: '2025-10-28T19:40:00+06:00' })
      .expect(200);
  });

  it('is then whole in one call, for a reader without a token', async () => {
    const { body } = await page().expect(200);
    expect(body).toMatchObject({
      slug: 'আবার-চলছে-লঞ্চ-ঘাটে-ফিরল-ভিড়'.normalize('NFC'),
      title: '‘আবার চলছে লঞ্চ’, ঘাটে ফিরল ভিড়'.normalize('NFC'),
      source: { slug: 'reuters', creditLine: 'সূত্র : রয়টার্স'.normalize('NFC') },
      deskInitials: 'রআ/মর',
      status: 'published',
      publishedAt: '2025-10-28T13:40:00.000Z',
      cover: { url: 'https://news.example/api/demo/covers/paddy.png', alt: 'ভোরের ঘাটে লঞ্চ' },
    });
    expect(body.tags.map(({ name }: { name: string }) => name)).toEqual(['জাতীয়'.normalize('NFC'), 'উপকূল']);
    expect(body.bodyHtml.split('\n')).toEqual(paragraphs.map((paragraph) => `<p>${paragraph.normalize('NFC')}</p>`));
  });

  it('has beside it the twenty others, newest first, each with what a sidebar shows', async () => {
    const { body } = await page().expect(200);
    const items: Item[] = body.latest.data;
    expect(items.map(({ id }) => id)).not.toContain(story.id);
    const order = (one: Item, other: Item) =>
      Date.parse(other.publishedAt) - Date.parse(one.publishedAt) || (one.id < other.id ? 1 : -1);
    expect(items).toEqual(items.toSorted(order));
    expect(items.map(({ title }) => title).sort()).toEqual(entries.map(({ title }) => title.normalize('NFC')).sort());
    const day = new Intl.DateTimeFormat('en-US', { timeZone: 'Asia/Dhaka', dateStyle: 'medium' });
    expect(items.map(({ publishedAt }) => day.format(new Date(publishedAt)))).toEqual([
      ...Array.from({ length: 2 }, () => 'Oct 29, 2025'),
      ...Array.from({ length: 18 }, () => 'Oct 28, 2025'),
    ]);
    for (const { cover, title, slug } of items) {
      expect(cover).toMatchObject({ url: 'https://news.example/api/demo/covers/kites.png', alt: title });
      await app.request('get', `/v1/articles/${encodeURIComponent(slug)}?fields=title`).expect(200);
    }
    await app.request('get', '/demo/covers/paddy.png').expect(200);
  });

  it('takes the same number of statements among 5 articles and among 500', async () => {
    const sent = countStatements(app.deps.db.pool);
    const statements = async (as = '') => {
      const before = sent();
      const { body } = await page(as).expect(200);
      return { statements: sent() - before, items: body.latest.data.length };
    };
    await app.sql(
      `UPDATE articles SET status = 'draft' WHERE id <> $1 AND id NOT IN (SELECT id FROM articles WHERE id <> $1 LIMIT 4)`,
      [story.id],
    );
    const [few, fewSignedIn] = [await statements(), await statements(token)];
    await app.sql(
      `INSERT INTO articles (id, language, slug, slug_derived, title, body, body_format, body_html, cover, status, published_at, first_published_at)
       SELECT gen_random_uuid(), 'bn', 'ভিড়-' || n, true, 'ভিড় ' || n, '', 'text', '', '{"url": "/a.png", "alt": ""}', 'published', now() - n * interval '1 minute', now()
       FROM generate_series(1, 495) n`,
    );
    const [many, manySignedIn] = [await statements(), await statements(token)];
    expect([few, many]).toEqual([
      { statements: 2, items: 4 },
      { statements: 2, items: 20 },
    ]);
    expect(manySignedIn).toEqual({ ...fewSignedIn, items: 20 });
    expect(fewSignedIn.statements).toBeLessThanOrEqual(3);
  });
});
