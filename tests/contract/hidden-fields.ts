import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { publicArticleFields } from '../../src/article/field-lists.ts';
import { bearer, type Person, startApp, type TestApp } from '../support/app.ts';
import { plantLabels, plantStories } from '../support/stories.ts';

type Column = { table: string; column: string };
type Spelling = (name: Column) => string;

const camel = (name: string) => name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
const pascal = (name: string) => `${name.charAt(0).toUpperCase()}${camel(name).slice(1)}`;

const spellings: readonly Spelling[] = [
  ({ column }) => column,
  ({ column }) => camel(column),
  ({ column }) => pascal(column),
  ({ column }) => column.toUpperCase(),
  ({ table, column }) => `${table}.${column}`,
  ({ column }) => `createdBy.${camel(column)}`,
];

/** Ways in which a caller names a column, one query for each. */
const roads: Readonly<Record<string, (name: string) => string>> = {
  filter: (name) => `${encodeURIComponent(name)}=%2411%24`,
  'filter with an operator': (name) => `${encodeURIComponent(`filter[${name}][startsWith]`)}=%24`,
  'filter below where': (name) => `where=${encodeURIComponent(JSON.stringify({ [name]: { not: '' } }))}`,
  sort: (name) => `sort=${encodeURIComponent(name)}`,
  'sort downwards': (name) => `sort=-${encodeURIComponent(name)}`,
  fields: (name) => `fields=${encodeURIComponent(name)}`,
  include: (name) => `include=${encodeURIComponent(name)}`,
};

/** Those that know no such key at all say so of every value alike: two ways to filter are enough there. */
const roadsTo = (list: string) =>
  Object.entries(roads).slice(0, list === '/v1/articles' || list === '/v1/latest' ? undefined : 2);

export const everyList = ['/v1/articles', '/v1/latest', '/v1/tags', '/v1/sources', '/v1/users'] as const;
/** Query keys, sort keys and fields that these lists do have. */
const open = new Set([
  ...['status', 'tag', 'source', 'language', 'ids', 'sort', 'fields', 'limit', 'after', 'exclude'],
  ...['publishedAt', 'title', 'updatedAt'],
  ...publicArticleFields,
]);

type List = (typeof everyList)[number];

/** Asks these lists for every column. */
export const askForColumns = (lists: readonly List[]) =>
  describe('a column that is not shown', () => {
    let app: TestApp;
    let admin: Person;
    let columns: Column[];

    /** The answer without what has to differ: the request's id and the name that was sent. */
    const ask = async (list: string, query: string, name: string) => {
      const headers = list === '/v1/users' ? { Authorization: bearer(admin)[1] } : undefined;
      const response = await fetch(`${app.url}${list}?${query}`, { headers });
      const { requestId: _, errors, ...problem } = Object(await response.json());
      const pointer = name.replaceAll('~', '~0').replaceAll('/', '~1');
      const shown = errors?.map((fault: { pointer: string }) => ({
        ...fault,
        pointer: fault.pointer.replace(pointer, 'NAME'),
      }));
      return { status: response.status, text: JSON.stringify({ ...problem, errors: shown }) };
    };

    beforeAll(async () => {
      app = await startApp({ LOG_LEVEL: 'silent' });
      admin = await app.person('admin');
      await plantLabels(app, 'tags', ['নৌপথ']);
      await plantLabels(app, 'sources', ['হাওর সংবাদ']);
      await plantStories(app, [{ tags: ['নৌপথ'], createdById: admin.id }]);
      columns = await app.sql(
        "SELECT table_name AS table, column_name AS column FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2",
      );
    });
    afterAll(() => app.close());

    it('is looked for in every table there is', () => {
      const names = new Set(columns.map(({ table, column }) => `${table}.${column}`));
      expect([...names]).toEqual(
        expect.arrayContaining(['users.password_hash', 'sessions.token_hash', 'events.tx_id']),
      );
      expect(names.size).toBeGreaterThan(70);
    });

    it.each(lists)('is unknown at %s by every road and in every spelling, as a nonsense name is', async (list) => {
      const nonsense = { table: 'nonsense', column: 'qqq_zzz' };
      const baseline = new Map<string, { status: number; text: string }>();
      for (const [road, query] of roadsTo(list)) {
        for (const [index, spelling] of spellings.entries()) {
          const name = spelling(nonsense);
          const answer = await ask(list, query(name), name);
          expect(answer.status).toBe(400);
          baseline.set(`${road} ${index}`, answer);
        }
      }
      const offset = everyList.indexOf(list);
      const calls = columns.flatMap((column, at) =>
        roadsTo(list).flatMap(([road, query], way) => {
          // One spelling for each column and road, and the two lists with many roads share these out: in all, every column
          // goes every road, and a dozen ways or more.
          const index = (at + Math.floor(way / 2) + offset) % spellings.length;
          const name = spellings[index]?.(column) ?? '';
          if (roadsTo(list).length > 2 && (at + way + offset) % 2 === 1) return [];
          return open.has(name) ? [] : [{ key: `${road} ${index}`, query: query(name), name }];
        }),
      );
      const wrong: string[] = [];
      for (let at = 0; at < calls.length; at += 25) {
        await Promise.all(
          calls.slice(at, at + 25).map(async ({ key, query, name }) => {
            const answer = await ask(list, query, name);
            if (JSON.stringify(answer) !== JSON.stringify(baseline.get(key))) wrong.push(`${query}: ${answer.text}`);
          }),
        );
      }
      expect(wrong).toEqual([]);
      expect(calls.length).toBeGreaterThan(140);
    });

    it.each([
      ['CVE-2023-22894', '/v1/articles?filter[author][password][startsWith]=%242b%2410%24a'],
      ['CVE-2023-22894', '/v1/articles?filter[createdBy][email]=a'],
      ['CVE-2023-34235', '/v1/articles?filter[author][t1.passwordHash][startsWith]=a'],
      ['CVE-2023-34235', '/v1/articles?filter[AUTHOR][PasswordHash]=x'],
      ['CVE-2026-27886', '/v1/articles?where[author][resetToken][startsWith]=a'],
      ['CVE-2026-27886', '/v1/articles?_where=a'],
      ['CVE-2026-27886', '/v1/articles?populate=createdBy'],
      ['CVE-2026-27886', '/v1/articles?select=passwordHash'],
      ['CVE-2026-27886', '/v1/articles?orderBy=passwordHash'],
      ['CVE-2023-27481', '/v1/users?filter[passwordHash][contains]=a'],
      ['CVE-2025-64748', '/v1/users?q=@khobor.example'],
      ['CVE-2025-64748', '/v1/articles?search=%24argon2id'],
      ['CVE-2023-30843', '/v1/articles?where[internalNotes][like]=a'],
      ['CVE-2023-31133', '/v1/articles?filter=password:~%27%242a%27'],
      ['Prisma loop-back', '/v1/articles?filter[tags][some][articles][some][status]=draft'],
      ['Prisma loop-back', '/v1/tags?filter[articles][some][status]=draft'],
      ['Prisma operator', '/v1/articles?status[not]=draft'],
      ['Prisma operator', '/v1/articles?tag[]=%E0%A6%A8'],
      ['prototype', '/v1/articles?__proto__[role]=admin'],
      ['prototype', '/v1/articles?constructor.prototype=1'],
    ])('is not reached as in %s: %s', async (_source, path) => {
      const request = app.request('get', path);
      const { body } = await (path.startsWith('/v1/users') ? request.set(...bearer(admin)) : request).expect(400);
      expect(body.code).toBe('invalid-input');
      const detail = expect.stringMatching(/^This route knows no such parameter; it knows [a-z]+(, [a-zA-Z]+)*\.$/);
      expect(body.errors).toEqual([{ in: 'query', pointer: expect.any(String), detail }]);
      expect(Reflect.get({}, 'role')).toBeUndefined();
    });

    it('is no key of a cursor: an edited one, or one of another list or order, is refused (Keystone 9790)', async () => {
      await plantStories(app, [{}, {}]);
      const cursorOf = async (path: string): Promise<string> =>
        (await app.request('get', path).expect(200)).body.page.nextCursor;
      const latest = await cursorOf('/v1/latest?limit=1');
      const titles = await cursorOf('/v1/articles?limit=1&sort=title');
      const edited = Buffer.from(latest, 'base64url');
      edited[edited.length - 3] = (edited.at(-3) ?? 0) ^ 1;
      const made = ['{"passwordHash":"$2"}', '{"id":1,"status":"draft"}', '["latest","a","b"]'].map((text) =>
        Buffer.from(text).toString('base64url'),
      );
      for (const cursor of [edited.toString('base64url'), titles, `${latest}A`, latest.toUpperCase(), ...made]) {
        const { body } = await app.request('get', `/v1/latest?after=${cursor}`).expect(400);
        expect(body).toMatchObject({ code: 'invalid-cursor', errors: [{ in: 'query', pointer: '/after' }] });
      }
      for (const path of ['/v1/articles', '/v1/articles?sort=-title', '/v1/articles?sort=publishedAt', '/v1/tags'])
        await app.request('get', `${path}${path.includes('?') ? '&' : '?'}after=${titles}`).expect(400);
      await app.request('get', `/v1/latest?after=${latest}`).expect(200);
    });
  });
