import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, type Person, startApp, type TestApp } from '../../support/app.ts';
import { cpuMs } from '../../support/cpu-time.ts';
import { minutesAgo, minutesAhead, plantLabels, plantStories, type Story } from '../../support/stories.ts';
import { idsOf, readPage } from '../../support/walk.ts';

const words = ['draft', 'review', 'scheduled', 'published', 'expired', 'archived'] as const;
type Word = (typeof words)[number];

const states: Record<Word, Story> = {
  draft: { status: 'draft' },
  review: { status: 'review' },
  scheduled: { publishedAt: minutesAhead(60), expiresAt: minutesAhead(90) },
  published: { publishedAt: minutesAgo(60), expiresAt: minutesAhead(90) },
  expired: { publishedAt: minutesAgo(60), expiresAt: minutesAgo(30) },
  archived: { status: 'archived', publishedAt: minutesAgo(60) },
};

describe('GET /v1/articles', () => {
  let app: TestApp;
  let people: Record<'author' | 'colleague' | 'viewer' | 'editor' | 'admin', Person>;
  /** One article in each state, of the author and of the colleague. */
  let own: Record<string, string>;
  let foreign: Record<string, string>;
  const list = (query = '', person?: Person) => {
    const request = app.request('get', `/v1/articles?${query}`);
    return person ? request.set(...bearer(person)) : request;
  };
  const found = async (query: string, person?: Person) => idsOf((await list(query, person).expect(200)).body).sort();
  const pick = (...picked: (string | undefined)[]) => picked.map(String).sort();

  beforeAll(async () => {
    app = await startApp();
    people = {
      author: await app.person('author'),
      colleague: await app.person('author', 'সুমন দাস'),
      viewer: await app.person('viewer'),
      editor: await app.person('editor'),
      admin: await app.person('admin'),
    };
    await plantLabels(app, 'tags', ['কৃষি', 'নদী']);
    await plantLabels(app, 'sources', ['বাসস']);
    const plant = async (person: Person, updated: number) => {
      const stories = words.map((word, index) => ({
        ...states[word],
        createdById: person.id,
        updatedAt: minutesAgo(updated + index),
        tags: ['নদী', 'কৃষি'],
        source: 'বাসস',
      }));
      const trash = words.map((word) => ({ ...states[word], createdById: person.id, deletedAt: minutesAgo(5) }));
      const ids = await plantStories(app, [...stories, ...trash]);
      return Object.fromEntries(words.map((word, index) => [word, String(ids[index])]));
    };
    own = await plant(people.author, 10);
    foreign = await plant(people.colleague, 50);
  });
  afterAll(() => app.close());

  it('lists what is public to readers, what is public and their own to authors, all but the trash to other staff', async () => {
    expect(await found('')).toEqual(pick(own.published, foreign.published));
    expect(await found('', people.author)).toEqual(pick(...Object.values(own), foreign.published));
    expect(await found('', people.colleague)).toEqual(pick(...Object.values(foreign), own.published));
    for (const person of [people.viewer, people.editor, people.admin]) {
      expect(await found('', person)).toEqual(pick(...Object.values(own), ...Object.values(foreign)));
    }
  });

  it.each(words)('finds by status=%s for staff what they may see in that state, and shows that word', async (word) => {
    for (const person of [people.viewer, people.editor, people.admin]) {
      const { data } = (await list(`status=${word}`, person).expect(200)).body;
      expect(idsOf({ data }).sort()).toEqual(pick(own[word], foreign[word]));
      expect(data.map(({ status }: { status: string }) => status)).toEqual([word, word]);
    }
    const both = word === 'published' ? pick(own[word], foreign[word]) : pick(own[word]);
    expect(await found(`status=${word}`, people.author)).toEqual(both);
  });

  it('takes several states, of which any matches, together with the other filters', async () => {
    const query = `status=draft,scheduled,draft&tag=${encodeURIComponent('কৃষি')}&source=${encodeURIComponent('বাসস')}&language=BN`;
    expect(await found(query, people.editor)).toEqual(pick(own.draft, foreign.draft, own.scheduled, foreign.scheduled));
    expect(await found(`${query}&ids=${own.draft},${own.published}`, people.editor)).toEqual(pick(own.draft));
    expect(await found(`status=${words.join()}`, people.author)).toEqual(
      pick(...Object.values(own), foreign.published),
    );
  });

  it('asks a reader who wants other states than the public one to log in, whether or not there is anything', async () => {
    for (const status of [...words.filter((word) => word !== 'published'), 'published,draft', words.join()]) {
      const { body, headers } = await list(`status=${status}&tag=${encodeURIComponent('নেই')}`).expect(401);
      expect(body.code).toBe('unauthenticated');
      expect(headers['www-authenticate']).toBe('Bearer realm="khobor"');
    }
    expect(await found('status=published')).toEqual(pick(own.published, foreign.published));
  });

  it.each(['status=deleted', 'status=Draft', 'status=', 'status=draft,', 'status[not]=draft'])(
    'refuses ?%s of readers and staff alike',
    async (query) => {
      for (const person of [undefined, people.author, people.admin]) {
        expect((await list(query, person).expect(400)).body.code).toBe('invalid-input');
      }
    },
  );

  it('finds by ids those of them that the caller may see, in the order of the list', async () => {
    const asked = `ids=${[foreign.draft, own.published, own.draft, own.draft, '0199f3c2-7a10-7cc3-9d5b-6f0a3f1f2b11'].join()}`;
    expect(idsOf((await list(asked).expect(200)).body)).toEqual([own.published]);
    expect(idsOf((await list(asked, people.author).expect(200)).body)).toEqual([own.draft, own.published]);
    expect(idsOf((await list(asked, people.viewer).expect(200)).body)).toEqual([
      own.draft,
      own.published,
      foreign.draft,
    ]);
    for (const wrong of [
      String(own.draft).toUpperCase(),
      `{${own.draft}}`,
      String(own.draft).replaceAll('-', ''),
      'x',
    ]) {
      const { body } = await list(`ids=${wrong}`).expect(400);
      expect(body.errors).toMatchObject([{ in: 'query', pointer: '/ids' }]);
    }
  });

  it('takes 100 ids; 101 and 400 are 400 at once with the limit named, and the document has it', async () => {
    const ids = (count: number) =>
      Array.from({ length: count }, (_, index) => `0199f3c2-7a10-7cc3-9d5b-${String(index).padStart(12, '0')}`);
    expect(await found(`ids=${[...ids(99), own.published].join()}`)).toEqual([own.published]);
    for (const count of [101, 400]) {
      const times: number[] = [];
      for (let round = 0; round < 3; round += 1) {
        const began = cpuMs();
        const { body } = await list(`ids=${ids(count).join()}`).expect(400);
        times.push(cpuMs() - began);
        expect(body.errors).toMatchObject([{ pointer: '/ids', detail: 'Give at most 100 values.' }]);
      }
      expect(Math.min(...times)).toBeLessThan(200);
    }
    const document = (await app.request('get', '/openapi.json').expect(200)).body;
    const parameter = document.paths['/v1/articles'].get.parameters.find(
      ({ name }: { name: string }) => name === 'ids',
    );
    expect(JSON.stringify(parameter)).toContain('100');
  });

  it('sorts for readers by publication, newest first, and for staff by the last change', async () => {
    expect(idsOf((await list('').expect(200)).body)).toEqual(idsOf((await list('sort=-publishedAt').expect(200)).body));
    const byChange = [...words.map((word) => own[word]), ...words.map((word) => foreign[word])];
    expect(idsOf((await list('', people.viewer).expect(200)).body)).toEqual(byChange);
    expect(idsOf((await list('sort=updatedAt', people.viewer).expect(200)).body)).toEqual([...byChange].reverse());
  });

  it('lets caches keep the list of readers only', async () => {
    expect((await list('').expect(200)).headers['cache-control']).toBe('public, max-age=5');
    expect((await list('', people.viewer).expect(200)).headers['cache-control']).toBe(
      'private, no-store, no-transform',
    );
  });

  it('refuses a cursor that was made for another caller: the lists differ', async () => {
    const readers = await readPage(app, '/v1/articles?limit=1&sort=title');
    const staff = await readPage(app, '/v1/articles?limit=1&sort=title', people.editor);
    const authors = await readPage(app, '/v1/articles?limit=1&sort=title', people.author);
    for (const [cursor, person] of [
      [readers.page.nextCursor, people.editor],
      [staff.page.nextCursor, undefined],
      [staff.page.nextCursor, people.author],
      [authors.page.nextCursor, undefined],
    ] as const) {
      expect((await list(`sort=title&after=${cursor}`, person).expect(400)).body.code).toBe('invalid-cursor');
    }
    for (const sort of ['-title', 'publishedAt', '-updatedAt']) {
      const { body } = await list(`sort=${sort}&after=${staff.page.nextCursor}`, people.editor).expect(400);
      expect(body.code).toBe('invalid-cursor');
    }
  });
});
