import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, type Person, startApp, type TestApp } from '../support/app.ts';
import { anyMatch } from '../support/conditions.ts';
import { outside } from '../support/outside.ts';
import { faultsOf } from '../support/problems.ts';
import { withCharacterChanged } from '../support/tampering.ts';
import { rowsOf } from '../support/world.ts';

const { newId } = outside;

/** Requests that showed a flaw in another system, each named after its advisory. */
describe('advisories of other systems', () => {
  let app: TestApp;
  let admin: Person;
  let editor: Person;
  let author: Person;
  let article: string;
  let draft: string;
  const send = (method: 'post' | 'patch', path: string, body: object, person: Person | null = null) => {
    const request = app.request(method, path).set(anyMatch(method, path)).send(body);
    return person === null ? request : request.set(...bearer(person));
  };

  beforeAll(async () => {
    app = await startApp({ RATE_LIMIT_LOGIN_ACCOUNT: '1000' });
    [admin, editor, author] = [await app.person('admin'), await app.person('editor'), await app.person('author')];
    const published = { title: 'সবার জন্য', status: 'published' };
    article = (await send('post', '/v1/articles', published, editor).expect(201)).body.id;
    draft = (await send('post', '/v1/articles', { title: 'এখনো খসড়া' }, author).expect(201)).body.id;
  });
  afterAll(() => app.close());

  describe('filters on what is hidden', () => {
    const attempts: [string, string, string[]][] = [
      [
        'CVE-2023-22894',
        '/v1/articles',
        ['filter[author][password][startsWith]=$2b$10$a', 'author.resetToken=a', 'filter[createdBy][email]=a'],
      ],
      [
        'CVE-2023-34235',
        '/v1/articles',
        [
          'filter[author][t1.passwordHash][startsWith]=a',
          'filter[author.passwordHash]=x',
          'filter[AUTHOR][PasswordHash]=x',
        ],
      ],
      [
        'CVE-2026-27886',
        '/v1/articles',
        [
          'where[author][resetToken][startsWith]=a',
          '_where=a',
          'populate=*',
          'include=author',
          'select=passwordHash',
          'orderBy=passwordHash',
        ],
      ],
      [
        'CVE-2023-27481',
        '/v1/users',
        [
          'filter[passwordHash][contains]=a',
          'filter[password_hash][_starts_with]=scrypt',
          'export=json',
          'fields=passwordHash',
        ],
      ],
      ['CVE-2025-64748', '/v1/users', ['q=$argon2id', 'q=@mail.example', 'search=token', 'email=a@b.example']],
      ['CVE-2025-64748', '/v1/articles', ['search=scrypt']],
      ['CVE-2023-30843', '/v1/articles', ['where[internalNotes][like]=a', 'notes=a', 'fields=notes']],
      ['CVE-2023-31133', '/v1/articles', ["filter=password:~'$2a'", "filter=authors.password:~'$2a'", 'formats=html']],
      [
        'Prisma many-to-many',
        '/v1/articles',
        ['filter[tags][some][articles][some][status]=draft', 'tag[some][articles][some][status]=draft'],
      ],
      [
        'Prisma many-to-many',
        '/v1/tags',
        ['filter[articles][some][status]=draft', 'include=articles', 'withCount=articles'],
      ],
      [
        'Prisma operators',
        '/v1/articles',
        ['status[not]=draft', 'status[in][]=draft', 'tag[startsWith]=a', 'ids[not]=x'],
      ],
    ];

    it.each(attempts)(
      '%s: %s refuses each by the name of its key, as it refuses a nonsense name',
      async (_, path, queries) => {
        const person = path === '/v1/users' ? admin : null;
        const ask = (query: string) => {
          const request = app.request('get', `${path}?${query}`);
          return person === null ? request : request.set(...bearer(person));
        };
        for (const query of queries) {
          const answer = await ask(query);
          expect([query, answer.status, faultsOf(answer).length]).toEqual([query, 400, 1]);
          const key = query.split('=')[0] ?? '';
          if (['include', 'fields'].includes(key)) continue;
          const nonsense = await ask(`nonsense${query.slice(key.length)}`);
          const bare = ({ detail, errors }: typeof answer.body) => ({
            detail,
            fault: errors[0].detail,
            place: errors[0].in,
          });
          expect(bare(answer.body)).toEqual(bare(nonsense.body));
        }
      },
    );

    it('CVE-2025-64748: /v1/articles refuses the search for staff, whatever a stranger looks for', async () => {
      const answers = await Promise.all(
        ['eyJhbGciOi', 'scrypt', 'q'].map((q) => app.request('get', `/v1/articles?q=${q}`)),
      );
      expect(answers.map(({ status, body }) => [status, body.errors])).toEqual(
        answers.map(() => [
          400,
          [{ detail: 'This parameter is for staff: send an access token with it.', in: 'query', pointer: '/q' }],
        ]),
      );
    });
  });

  it('Keystone 9790: opens no cursor that was edited, made by hand, or made for another list, sort or caller', async () => {
    for (const title of ['এক', 'দুই'])
      await send('post', '/v1/articles', { title, status: 'published' }, editor).expect(201);
    const cursorOf = async (path: string, person: Person | null = null) => {
      const request = app.request('get', path);
      const { body } = await (person === null ? request : request.set(...bearer(person))).expect(200);
      return String(body.page.nextCursor);
    };
    const latest = await cursorOf('/v1/latest?limit=1');
    const byTitle = await cursorOf('/v1/articles?limit=1&sort=title');
    const ofStaff = await cursorOf('/v1/articles?limit=1&sort=publishedAt', editor);
    const made = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const attempts: [string, string][] = [
      ['/v1/latest', withCharacterChanged(latest, -1)],
      ['/v1/latest', withCharacterChanged(latest, 0)],
      ['/v1/latest', `${latest}=`],
      ['/v1/latest', `${latest} `],
      ['/v1/latest', made({ passwordHash: '$2' })],
      ['/v1/latest', made({ id: 1, status: 'draft' })],
      ['/v1/latest', byTitle],
      ['/v1/articles', latest],
      ['/v1/articles?sort=-title', byTitle],
      ['/v1/articles', byTitle],
      ['/v1/articles?sort=publishedAt', ofStaff],
      ['/v1/tags', latest],
    ];
    for (const [path, cursor] of attempts) {
      const answer = await app.request(
        'get',
        `${path}${path.includes('?') ? '&' : '?'}after=${encodeURIComponent(cursor)}`,
      );
      expect([path, cursor, answer.status, answer.body.code]).toEqual([path, cursor, 400, 'invalid-cursor']);
    }
  });

  it('Prisma operator injection: takes no object where a word is expected, in a body, a form or a cookie', async () => {
    const before = await rowsOf(app);
    const objects = [{ contains: '@' }, { not: 'x' }, { startsWith: '' }, { gt: 0 }, [], ['x'], true, null, 0];
    for (const value of objects) {
      const email = await send('post', '/v1/auth/login', { email: value, password: 'x' }).expect(400);
      expect(faultsOf(email)).toEqual(['body /email']);
      const password = await send('post', '/v1/auth/login', { email: admin.email, password: value }).expect(400);
      expect(new Set(faultsOf(password))).toEqual(new Set(['body /password']));
      const token = await send('post', '/v1/auth/refresh', { refreshToken: value }).expect(400);
      expect(new Set(faultsOf(token))).toEqual(new Set(['body /refreshToken']));
      expect(faultsOf(await send('patch', `/v1/articles/${article}`, { source: { id: value } }, editor))).toEqual([
        'body /source',
      ]);
    }
    expect(faultsOf(await send('patch', `/v1/articles/${article}`, { version: { gt: 0 } }, editor))).toEqual([
      'body /version',
    ]);
    await app.request('post', '/v1/auth/login').type('form').send('email[contains]=@&password[not]=x').expect(415);
    await app.request('get', '/v1/auth/me').set('Cookie', 'token=j:{"startsWith":"0"}; session=x').expect(401);
    expect(await rowsOf(app)).toEqual(before);
  });

  describe('GHSA-3fff-gqw3-vj86, API3: nobody sets by a body what the system sets', () => {
    const owned = [
      'authorId',
      'createdBy',
      'createdById',
      'ownerId',
      'updatedBy',
      'id',
      'createdAt',
      'updatedAt',
      'version',
      'firstPublishedAt',
      'deletedAt',
      'bodyHtml',
      'notes',
      '__v',
    ];

    it.each(owned)('an article refuses %s when it is made and when it is changed', async (member) => {
      const before = await rowsOf(app);
      for (const value of [newId(), 99]) {
        const made = await send('post', '/v1/articles', { title: 'ক', [member]: value }, author).expect(400);
        expect(faultsOf(made)).toEqual([`body /${member}`]);
        const changed = await send('patch', `/v1/articles/${draft}`, { [member]: value }, author).expect(400);
        expect(faultsOf(changed)).toEqual([`body /${member}`]);
      }
      expect(await rowsOf(app)).toEqual(before);
    });

    it('an author publishes nothing by a body', async () => {
      const before = await rowsOf(app);
      await send('post', '/v1/articles', { title: 'ক', status: 'published' }, author).expect(403);
      await send('post', '/v1/articles', { title: 'ক', publishedAt: '2020-01-01T00:00:00Z' }, author).expect(403);
      await send('patch', `/v1/articles/${draft}`, { publishedAt: '2020-01-01T00:00:00Z' }, author).expect(403);
      expect(faultsOf(await send('patch', `/v1/articles/${draft}`, { status: 'published' }, author))).toEqual([
        'body /status',
      ]);
      expect(await rowsOf(app)).toEqual(before);
    });

    it('nobody takes a role: not by the own account, not at log-in', async () => {
      for (const path of ['/v1/users/me', `/v1/users/${author.id}`])
        await send('patch', path, { role: 'admin' }, author).expect(403);
      await send(
        'post',
        '/v1/users',
        { email: 'x@khobor.example', name: 'ক', role: 'admin', password: 'নদীর ধারে সাদা কাশফুল' },
        editor,
      ).expect(403);
      const body = { currentPassword: 'নদীর ধারে সাদা কাশফুল', newPassword: 'বৃষ্টিভেজা বিকেলের চা', role: 'admin' };
      expect(faultsOf(await send('patch', '/v1/auth/me/password', body, author))).toEqual(['body /role']);
      expect(
        faultsOf(await send('post', '/v1/auth/login', { email: 'a@b.example', password: 'x', role: 'admin' })),
      ).toEqual(['body /role']);
      expect(await app.sql('SELECT role FROM users WHERE id = $1', [author.id])).toEqual([{ role: 'author' }]);
      await app.request('post', '/v1/auth/register').send({ role: 'admin' }).expect(404);
    });
  });
});
