import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, type Person, startApp, type TestApp } from '../support/app.ts';
import { outside } from '../support/outside.ts';
import { openRaw, type RawAnswer } from '../support/raw-http.ts';
import { rowsOf } from '../support/world.ts';

const { newId } = outside;

const slug = encodeURIComponent('কৃষি-সংবাদ');

describe('methods and paths', () => {
  let app: TestApp;
  let admin: Person;
  let article: string;
  /** One request whose target goes out as it is: clients would tidy it up. */
  const ask = async (method: string, target: string, person: Person | null = null): Promise<RawAnswer> => {
    const connection = await openRaw(app.url);
    const token = person === null ? [] : [bearer(person).join(': ')];
    connection.send(
      `${[`${method} ${target} HTTP/1.1`, 'Host: x', ...token, 'Content-Length: 0'].join('\r\n')}\r\n\r\n`,
    );
    const answer = await connection.answer({ bare: method === 'HEAD' });
    connection.destroy();
    return answer;
  };
  const problemOf = ({ status, headers, body }: RawAnswer) => {
    expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
    const problem = JSON.parse(body);
    expect(problem.status).toBe(status);
    return problem;
  };

  beforeAll(async () => {
    app = await startApp();
    admin = await app.person('admin');
    const create = (path: string, body: object) =>
      app
        .request('post', path)
        .set(...bearer(admin))
        .send(body)
        .expect(201);
    article = (await create('/v1/articles', { title: 'কৃষি সংবাদ', status: 'published' })).body.id;
    await create('/v1/tags', { name: 'কৃষি সংবাদ' });
    await create('/v1/sources', { name: 'কৃষি সংবাদ' });
  });
  afterAll(() => app.close());

  it.each([
    ['PUT', '/v1/articles', 'GET, HEAD, POST, OPTIONS'],
    ['PATCH', '/v1/articles', 'GET, HEAD, POST, OPTIONS'],
    ['DELETE', '/v1/articles', 'GET, HEAD, POST, OPTIONS'],
    ['TRACE', '/v1/articles', 'GET, HEAD, POST, OPTIONS'],
    ['POST', '/v1/latest', 'GET, HEAD, OPTIONS'],
    ['POST', `/v1/tags/${slug}`, 'GET, HEAD, PATCH, DELETE, OPTIONS'],
    ['PUT', `/v1/sources/${slug}`, 'GET, HEAD, PATCH, DELETE, OPTIONS'],
    ['GET', '/v1/auth/login', 'POST, OPTIONS'],
    ['GET', `/v1/articles/${slug}/publish`, 'POST, OPTIONS'],
    ['POST', '/livez', 'GET, HEAD, OPTIONS'],
    ['DELETE', '/', 'GET, HEAD, OPTIONS'],
    ['PROPFIND', '/v1/articles', 'GET, HEAD, POST, OPTIONS'],
    ['M-SEARCH', '/v1/articles', 'GET, HEAD, POST, OPTIONS'],
  ])('answers 405 to %s %s and says which methods there are', async (method, target, allow) => {
    const answer = await ask(method, target);
    expect(answer.status).toBe(405);
    expect(answer.headers.allow).toBe(allow);
    expect(problemOf(answer).code).toBe('method-not-allowed');
    const options = await ask('OPTIONS', target);
    expect([options.status, options.headers.allow, options.body]).toEqual([204, allow, '']);
  });

  it.each([
    '/v1',
    '/v1/',
    '/v2/articles',
    '//v1/articles',
    '/v1//articles',
    '/v1/articles/',
    '/v1/latest/',
    '/V1/articles',
    '/v1/Articles',
    '/v1/LATEST',
    '/LIVEZ',
    '/livez/',
    '/v1%2Farticles',
    '/v1%2flatest',
    '/%76%31/latest/',
    '/v1/./latest',
    '/v1/articles/../latest',
    '/v1/%2e%2e/livez',
    '/v1/articles/%2e%2e',
    '/v1/latest.json',
    '/v1/articles;v=1',
    '/v1/latest;jsessionid=1',
    '/v1/latest%00',
    '/v1/latest%20',
    '/v1/latest%3Flimit=1',
    '/v1/latest%23x',
    '/v1/*',
    '/:x',
    '/v1/articles/:idOrSlug/x',
    '/wp-login.php',
    '/.env',
    '/.git/config',
    '/constructor',
    '/__proto__',
    '/v1/__proto__',
    '/v1/toString',
  ])('answers 404 to %s, which is the address of nothing', async (target) => {
    for (const person of [null, admin]) {
      const answer = await ask('GET', target, person);
      expect([target, answer.status]).toEqual([target, 404]);
      expect(problemOf(answer).code).toBe('not-found');
    }
  });

  it.each(['articles', 'tags', 'sources'])('lets no encoded slash below /v1/%s reach another route', async (what) => {
    const segments = [`${slug}%2Fpublish`, `..%2F${what}`, '%2F', '..%2f..%2flivez', `${slug}%5Cpublish`];
    for (const segment of segments)
      expect([segment, (await ask('GET', `/v1/${what}/${segment}`)).status]).toEqual([segment, 404]);
    const before = await rowsOf(app);
    for (const method of ['POST', 'DELETE'])
      expect([404, 405]).toContain((await ask(method, `/v1/${what}/${slug}%2Fpublish`, admin)).status);
    expect(await rowsOf(app)).toEqual(before);
  });

  it.each(['articles', 'tags', 'sources', 'users'])(
    'answers 400 to what is not encoded as UTF-8 below /v1/%s, and shows none of it',
    async (what) => {
      for (const segment of ['%', '%FF', '%E0%A4%A', '%zz', '%C0%AF', '%ED%A0%80', `${slug}%`, '%u0995']) {
        const answer = await ask('GET', `/v1/${what}/${segment}`, admin);
        expect([segment, answer.status]).toEqual([segment, 400]);
        expect(problemOf(answer)).toMatchObject({ code: 'invalid-input', errors: [{ in: 'path' }] });
        expect(answer.body).not.toContain(segment === '%' ? '"%"' : segment);
      }
    },
  );

  it.each(['articles', 'tags', 'sources', 'users'])(
    'finds nothing by a text that no slug or id below /v1/%s can be',
    async (what) => {
      const ill = [
        '%00',
        `${slug}%00`,
        `%00${slug}`,
        `${slug.slice(0, 9)}%00${slug.slice(9)}`,
        `${slug}%CC%81${'%CC%81'.repeat(8)}`,
        `${slug}%F3%A0%81%81`,
      ];
      for (const segment of [...ill, '%20', '-', '.', '..%00', '%F0%9F%8C%8A', 'a'.repeat(4_000), 'latest'])
        expect([segment, (await ask('GET', `/v1/${what}/${segment}`, admin)).status]).toEqual([segment, 404]);
    },
  );

  it.each(['articles', 'tags', 'sources', 'users'])('knows one spelling of an id below /v1/%s', async (what) => {
    const [row] = await app.sql<{ id: string }>(`SELECT id FROM ${what} LIMIT 1`);
    const id = row?.id ?? '';
    expect((await ask('GET', `/v1/${what}/${id}`, admin)).status).toBe(200);
    const others = [
      id.toUpperCase(),
      id.replaceAll('-', ''),
      `%7B${id}%7D`,
      `urn:uuid:${id}`,
      `${id}%00`,
      newId(),
      `${id}%27--`,
    ];
    for (const other of others)
      expect([other, (await ask('GET', `/v1/${what}/${other}`, admin)).status]).toEqual([other, 404]);
  });

  it('opens a slug in every spelling and case, raw characters and percent-encoded ones alike', async () => {
    for (const spelling of ['কৃষি-সংবাদ', 'কৃষি সংবাদ', '«কৃষি» সংবাদ!', 'কৃষি--সংবাদ-', 'কৃষি\u200D-সংবাদ']) {
      for (const what of ['articles', 'tags', 'sources'])
        expect([what, spelling, (await ask('GET', `/v1/${what}/${encodeURIComponent(spelling)}`)).status]).toEqual([
          what,
          spelling,
          200,
        ]);
    }
    const lower = slug.replaceAll(/%../g, (code) => code.toLowerCase());
    expect((await ask('GET', `/v1/articles/${lower}`)).status).toBe(200);
  });

  it('obeys no header that names another method or address', async () => {
    const before = await rowsOf(app);
    for (const [name, value] of [
      ['X-HTTP-Method-Override', 'DELETE'],
      ['X-HTTP-Method', 'DELETE'],
      ['X-Original-URL', '/livez'],
      ['X-Rewrite-URL', '/livez'],
    ] as const) {
      const answer = await app
        .request('get', `/v1/articles/${article}`)
        .set(...bearer(admin))
        .set('If-Match', '*')
        .set(name, value)
        .expect(200);
      expect(answer.body.id).toBe(article);
    }
    expect(await rowsOf(app)).toEqual(before);
  });
});
