import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, type Person, startApp, type TestApp } from '../support/app.ts';
import { outside } from '../support/outside.ts';

const { newId } = outside;

/** Requests by which other systems showed one caller what is another's. */
describe('what is not for everybody', () => {
  let app: TestApp;
  let author: Person;
  let article: string;
  let draft: string;

  beforeAll(async () => {
    app = await startApp();
    author = await app.person('author');
    const make = async (person: Person, body: object): Promise<string> => {
      const made = await app
        .request('post', '/v1/articles')
        .set(...bearer(person))
        .send(body)
        .expect(201);
      return made.body.id;
    };
    article = await make(await app.person('editor'), { title: 'সবার জন্য', status: 'published' });
    draft = await make(author, { title: 'এখনো খসড়া' });
  });
  afterAll(() => app.close());

  it('CVE-2017-5487: shows strangers no user, and nowhere an e-mail address', async () => {
    await app.request('get', '/v1/users').expect(401);
    await app.request('get', `/v1/users/${author.id}`).expect(401);
    for (const path of ['/v1/authors', '/v1/users/', '/wp-json/wp/v2/users'])
      await app.request('get', path).expect(404);
    for (const path of ['/v1/articles', `/v1/articles/${article}`, '/v1/latest', '/v1/tags', '/v1/sources'])
      expect((await app.request('get', path).expect(200)).text).not.toMatch(
        /@khobor\.example|createdBy|updatedBy|রিনা আখতার/,
      );
  });

  it('shows a stranger of a draft what is shown of nothing, by any parameter of the page', async () => {
    const missing = await app.request('get', `/v1/articles/${newId()}`).expect(404);
    for (const query of ['', '?fields=title', '?include=latest', '?fields=id']) {
      const answer = await app.request('get', `/v1/articles/${draft}${query}`).expect(404);
      const { requestId: _own, ...said } = answer.body;
      const { requestId: _other, ...nothing } = missing.body;
      expect(said).toEqual(nothing);
      expect(Object.keys(answer.headers).sort()).toEqual(Object.keys(missing.headers).sort());
    }
  });

  describe('cache poisoning and deception', () => {
    it('an answer to somebody with a token is kept by no cache and says what it depends on', async () => {
      for (const path of [
        `/v1/articles/${draft}`,
        `/v1/articles/${article}`,
        '/v1/articles',
        '/v1/latest',
        '/v1/tags',
        '/v1/auth/me',
      ]) {
        const { headers } = await app
          .request('get', path)
          .set(...bearer(author))
          .expect(200);
        expect([path, headers['cache-control']]).toEqual([path, 'private, no-store, no-transform']);
        expect(headers.vary).toMatch(/\bAuthorization\b/);
      }
    });

    it('one address gives each caller what that caller may see, in whatever order they ask', async () => {
      const other = await app.person('author');
      const ask = (path: string, person?: Person) =>
        app.request('get', path).set(person ? Object.fromEntries([bearer(person)]) : {});
      for (const _ of ['first', 'again']) {
        await ask(`/v1/articles/${draft}`, author).expect(200);
        await ask(`/v1/articles/${draft}`, other).expect(404);
        await ask(`/v1/articles/${draft}`).expect(404);
        expect((await ask('/v1/articles?status=draft', author).expect(200)).body.data).toHaveLength(1);
        expect((await ask('/v1/articles?status=draft', other).expect(200)).body.data).toEqual([]);
        await ask('/v1/articles?status=draft').expect(401);
      }
    });

    it('HEAD with a token has the headers of GET, and its tag is 304', async () => {
      const path = `/v1/articles/${draft}`;
      const ask = (method: 'get' | 'head') =>
        app
          .request(method, path)
          .set(...bearer(author))
          .set('X-Request-Id', 'of-the-author')
          .set('Accept-Encoding', 'gzip');
      const whole = await ask('get').expect(200);
      const { date: _, ...headers } = whole.headers;
      expect((await ask('head').expect(200)).headers).toMatchObject(headers);
      expect(headers).not.toHaveProperty('content-encoding');
      expect(headers['content-length']).toBe(String(Buffer.byteLength(whole.text)));
      await ask('get')
        .set('If-None-Match', headers.etag ?? '')
        .expect(304);
      await ask('get').set('If-Match', '"77"').expect(412);
    });

    it('a stranger finds no draft after its author has read it, under no odd address', async () => {
      const slug = encodeURIComponent('এখনো-খসড়া');
      await app
        .request('get', `/v1/articles/${slug}`)
        .set(...bearer(author))
        .expect(200);
      for (const path of [
        `/v1/articles/${slug}`,
        `/v1/articles/${draft}`,
        `/v1/articles/${slug}.css`,
        `/v1/articles/${slug}/style.css`,
        `/v1/articles/${slug};x.css`,
        `//v1/articles/${slug}`,
      ]) {
        const answer = await app.request('get', path).expect(404);
        expect(answer.headers['cache-control']).toBe('no-store');
      }
      await app.request('get', `/v1/articles/${slug}?_=1`).expect(400);
    });

    it('no header that a cache would not look at changes a public answer', async () => {
      const path = `/v1/articles/${article}`;
      const plain = await app.request('get', path).expect(200);
      const attempts = {
        'X-Forwarded-Host': 'evil.example',
        'X-Forwarded-Proto': 'http',
        'X-Forwarded-Prefix': '/evil',
        'X-Host': 'evil.example',
        'Accept-Language': 'en',
        Accept: 'text/html',
        'Accept-Encoding': 'br',
        Range: 'bytes=0-1',
        Cookie: 'session=1',
        'User-Agent': 'x',
        'X-HTTP-Method-Override': 'DELETE',
        Prefer: 'return=minimal',
      };
      for (const [name, value] of Object.entries(attempts)) {
        const answer = await app.request('get', path).set(name, value).expect(200);
        expect([name, answer.text, answer.headers.etag]).toEqual([name, plain.text, plain.headers.etag]);
      }
      const fat = await app.request('get', path).send({ title: 'evil' }).expect(200);
      expect(fat.text).toBe(plain.text);
      expect((await app.request('head', path).expect(200)).headers.etag).toBe(plain.headers.etag);
    });
  });
});
