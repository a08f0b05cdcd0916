import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { bearer, publicUrl, startApp, type TestApp } from '../support/app.ts';
import { outside } from '../support/outside.ts';

const { newId } = outside;

const proxied = {
  Host: 'inner:3000',
  'X-Forwarded-Proto': 'https',
  'X-Forwarded-Host': 'elsewhere.example',
  Forwarded: 'host=elsewhere.example;proto=http',
};
const hrefOf = (link: string | undefined) => /^<([^>]+)>; rel="next"$/.exec(link ?? '')?.[1] ?? '';

describe('addresses behind a proxy', () => {
  let app: TestApp;
  const walk = async (path: string) => {
    const seen: string[] = [];
    const links: string[] = [];
    for (let target = path; ; ) {
      const { body, headers } = await app.request('get', target).set(proxied).expect(200);
      seen.push(...body.data.map((item: { id: string }) => item.id));
      const href = hrefOf(headers.link);
      if (body.page.nextCursor === null) {
        expect(headers.link).toBeUndefined();
        return { seen, links };
      }
      expect(new URL(href).searchParams.getAll('after')).toEqual([body.page.nextCursor]);
      links.push(href);
      target = href.slice(publicUrl.length);
    }
  };

  beforeAll(async () => {
    app = await startApp();
    const editor = await app.person('editor');
    const send = (path: string, body: object) =>
      app
        .request('post', path)
        .set(...bearer(editor))
        .send(body)
        .expect(201);
    await send('/v1/tags', { name: 'কৃষি ও পানি' });
    for (const number of ['এক', 'দুই', 'তিন', 'চার', 'পাঁচ', 'ছয়', 'সাত'])
      await send('/v1/articles', { title: `সেচের খবর ${number}`, tags: ['কৃষি-ও-পানি'], status: 'published' });
  });
  afterAll(() => app.close());

  it.each([
    ['/v1/latest', `?limit=3&tag=${encodeURIComponent('কৃষি-ও-পানি')}&language=bn`],
    ['/v1/latest', `?language=bn,en&exclude=${newId()},${newId()}&limit=2`],
    ['/v1/articles', '?fields=id,title&sort=-publishedAt&publishedFrom=2019-12-31T18:00:00.000Z&limit=3'],
  ])('links from %s%s to its next page under PUBLIC_URL, every parameter once', async (path, query) => {
    const { seen, links } = await walk(`${path}${query}`);
    expect(new Set(seen).size).toBe(7);
    expect(seen).toHaveLength(7);
    expect(links.length).toBeGreaterThan(1);
    const asked = new URL(`http://x${path}${query}`).searchParams;
    for (const link of links) {
      expect(link).toMatch(/^[\x21-\x7e]+$/);
      expect(link.startsWith(`${publicUrl}${path}?`)).toBe(true);
      const { searchParams } = new URL(link);
      searchParams.delete('after');
      expect([...searchParams].sort()).toEqual([...asked].sort());
    }
  });

  it('tells the address of what was made under PUBLIC_URL, whatever Host says', async () => {
    const made = await app
      .request('post', '/v1/articles')
      .set(...bearer(await app.person('editor')))
      .set(proxied)
      .send({ title: 'ঠিকানার খবর' })
      .expect(201);
    expect(made.headers.location).toBe(`${publicUrl}/v1/articles/${made.body.id}`);
    expect(JSON.stringify(made.headers)).not.toMatch(/elsewhere|inner/);
  });

  it('gives the same bytes and ETag whatever the forwarding headers say', async () => {
    const plain = await app.request('get', '/v1/latest?limit=2').expect(200);
    const forwarded = await app.request('get', '/v1/latest?limit=2').set(proxied).expect(200);
    expect(forwarded.text).toBe(plain.text);
    expect(forwarded.headers.etag).toBe(plain.headers.etag);
    expect(forwarded.headers.link).toBe(plain.headers.link);
  });

  it('names PUBLIC_URL as the server in the document', async () => {
    const { body } = await app.request('get', '/openapi.json').set(proxied).expect(200);
    expect(body.servers).toEqual([{ url: publicUrl }]);
  });

  it('names the address that served the document where no PUBLIC_URL is set, on whatever port', async () => {
    const other = await startApp(
      { PORT: '4321', PUBLIC_URL: 'http://localhost:4321' },
      { databaseUrl: app.databaseUrl },
    );
    try {
      const { body, headers } = await other.request('get', '/openapi.json').expect(200);
      expect(body.servers).toEqual([{ url: other.url }]);
      expect(headers['cache-control']).toBe('no-store');
      expect((await fetch(`${body.servers[0].url}/v1/latest`)).status).toBe(200);
      const named = async (path: string, host: string) =>
        (await other.request('get', path).set('Host', host).buffer(true).expect('Cache-Control', 'no-store')).text;
      for (const host of ['desk.example:8080', '[::1]:3000', 'news.example:', 'a$&b$1.example']) {
        const json = JSON.parse(await named('/openapi.json', host));
        expect(json.servers).toEqual([{ url: `http://${host}` }]);
        const yaml = await named('/openapi.yaml', host);
        expect(yaml).toContain(`http://${host}`);
        // Half a second of work; the hosts that YAML could take for something else.
        if (/[$[]/.test(host)) expect(parse(yaml)).toEqual(json);
      }
    } finally {
      await other.close();
    }
  });
});
