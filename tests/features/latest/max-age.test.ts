import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, type Person, startApp, type TestApp } from '../../support/app.ts';

let app: TestApp;
let editor: Person;
let id: string;

const maxAge = async (path: string, status = 200) => {
  const { headers } = await app.request('get', path).expect(status);
  return Number(/^public, max-age=(\d+)$/.exec(headers['cache-control'] ?? '')?.[1]);
};

const publish = async (title: string) => {
  const { body } = await app
    .request('post', '/v1/articles')
    .set(...bearer(editor))
    .send({ title, status: 'published', publishedAt: '2026-01-05T06:00:00+06:00' })
    .expect(201);
  return String(body.id);
};

beforeAll(async () => {
  app = await startApp();
  editor = await app.person('editor');
  id = await publish('শীতের সবজিতে ভরা বাজার');
});
afterAll(() => app.close());

describe('max-age', () => {
  it('has its ordinary length while nothing changes soon', async () => {
    expect(await maxAge('/v1/latest')).toBe(5);
    expect(await maxAge('/v1/articles')).toBe(5);
    expect(await maxAge(`/v1/articles/${id}`)).toBe(10);
  });

  it('tells nothing of an embargo or an expiry that is further ahead than that', async () => {
    const other = await publish('পাখির মেলা শুরু আগামী সপ্তাহে');
    await app.sql(`UPDATE articles SET published_at = now() + interval '1 hour' WHERE id = $1`, [other]);
    await app.sql(`UPDATE articles SET expires_at = now() + interval '1 hour' WHERE id = $1`, [id]);
    expect(await maxAge('/v1/latest')).toBe(5);
    expect(await maxAge(`/v1/articles/${id}?include=latest`)).toBe(10);
  });

  it('ends at the moment when an article that is shown expires', async () => {
    await app.sql(`UPDATE articles SET expires_at = now() + interval '2500 milliseconds' WHERE id = $1`, [id]);
    expect(await maxAge('/v1/latest')).toBeLessThanOrEqual(2);
    expect(await maxAge(`/v1/articles/${id}`)).toBeLessThanOrEqual(2);
    await app.sql('UPDATE articles SET expires_at = NULL WHERE id = $1', [id]);
    expect(await maxAge(`/v1/articles/${id}`)).toBe(10);
  });

  it('ends at the moment when a redirect leads to nothing or another article takes its slug', async () => {
    const moved = await publish('মাঠে মাঠে সরিষা ফুল');
    const { slug } = (await app.request('get', `/v1/articles/${moved}`).expect(200)).body;
    await app.sql('UPDATE articles SET slug = $2 WHERE id = $1', [moved, 'shorisha-phul']);
    await app.sql('INSERT INTO slug_history (slug, article_id) VALUES ($2, $1)', [moved, slug]);
    const old = `/v1/articles/${encodeURIComponent(slug)}`;
    const ages = async () => [await maxAge(old, 308), await maxAge('/v1/redirects')];
    expect(await ages()).toEqual([10, 5]);
    await app.sql(`UPDATE articles SET expires_at = now() + interval '2500 milliseconds' WHERE id = $1`, [moved]);
    for (const age of await ages()) expect(age).toBeLessThanOrEqual(2);
    await app.sql('UPDATE articles SET expires_at = NULL WHERE id = $1', [moved]);
    const next = await publish('সরিষার হলুদ মাঠ');
    await app.sql(`UPDATE articles SET slug = $2, published_at = now() + interval '2500 milliseconds' WHERE id = $1`, [
      next,
      slug,
    ]);
    for (const age of await ages()) expect(age).toBeLessThanOrEqual(2);
    await app.sql(`UPDATE articles SET published_at = now() + interval '1 hour' WHERE id = $1`, [next]);
    expect(await ages()).toEqual([10, 5]);
  });

  it('ends at the moment when a scheduled article comes due, in every list that it may enter', async () => {
    const due = await publish('ভোরের ট্রেনে নতুন কামরা');
    await app.sql(`UPDATE articles SET published_at = now() + interval '2500 milliseconds' WHERE id = $1`, [due]);
    for (const path of ['/v1/latest', '/v1/articles', `/v1/articles/${id}?include=latest`]) {
      expect(await maxAge(path)).toBeLessThanOrEqual(2);
    }
    expect(await maxAge(`/v1/articles/${id}`)).toBe(10);
  });

  it('ends at the moment when another edition that is shown comes due or expires', async () => {
    const edition = await publish('Winter vegetables fill the market');
    await app.sql(`UPDATE articles SET language = 'en', story_id = $2 WHERE id = $1`, [edition, id]);
    expect(await maxAge(`/v1/articles/${id}`)).toBe(10);
    await app.sql(`UPDATE articles SET expires_at = now() + interval '2500 milliseconds' WHERE id = $1`, [edition]);
    for (const path of [`/v1/articles/${id}`, `/v1/articles?ids=${id}`])
      expect(await maxAge(path)).toBeLessThanOrEqual(2);
    await app.sql(
      `UPDATE articles SET expires_at = NULL, published_at = now() + interval '2500 milliseconds' WHERE id = $1`,
      [edition],
    );
    expect(await maxAge(`/v1/articles/${id}`)).toBeLessThanOrEqual(2);
    await app.sql(`UPDATE articles SET published_at = now() + interval '1 hour' WHERE id = $1`, [edition]);
    expect(await maxAge(`/v1/articles/${id}`)).toBe(10);
    await app.sql(
      `UPDATE articles SET status = 'draft', published_at = now() + interval '2500 milliseconds' WHERE id = $1`,
      [edition],
    );
    expect(await maxAge(`/v1/articles/${id}`)).toBe(10);
  });

  it('is private and not kept for a caller with a token', async () => {
    const { headers } = await app
      .request('get', '/v1/latest')
      .set(...bearer(editor))
      .expect(200);
    expect(headers['cache-control']).toBe('private, no-store, no-transform');
  });
});
