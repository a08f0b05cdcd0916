import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { cacheKeys } from '../../../src/core/cache-keys.ts';
import { bearer, type Person } from '../../support/app.ts';
import { type LabelDesk, type Labelled, openLabelDesk } from '../../support/labels.ts';

type Kind = 'tags' | 'sources';
const kinds: Kind[] = ['tags', 'sources'];
const noun = (what: Kind) => (what === 'tags' ? 'tag' : 'source');

let desk: LabelDesk;
let admin: Person;
let count = 0;

beforeAll(async () => {
  desk = await openLabelDesk();
  admin = await desk.app.person('admin');
});
beforeEach(() => {
  count += 1;
});
afterAll(() => desk.close());

const make = (what: Kind, slug: string) =>
  desk.make(what, { name: `${slug} ${count}`, slug: `${slug}-${noun(what)}-${count}` });
const rename = async (what: Kind, label: Labelled, slug: string): Promise<void> => {
  await desk.send('patch', `/v1/${what}/${label.id}`, { slug: `${slug}-${noun(what)}-${count}` }, '*').expect(200);
};
/** By the call of its kind: a source goes over by its removal. */
const merge = (what: Kind, from: Labelled, into: string) =>
  what === 'tags'
    ? desk.send('post', `/v1/tags/${from.id}/merge`, { into }, '*').expect(200)
    : desk.send('delete', `/v1/sources/${from.id}?reassignTo=${encodeURIComponent(into)}`, undefined, '*').expect(204);
const get = (path: string) => desk.app.request('get', path);
const leads = async (what: Kind, name: string, slug: string): Promise<void> => {
  const { status, headers, text } = await get(`/v1/${what}/${encodeURIComponent(name)}`);
  expect([status, text, headers.location]).toEqual([308, '', `https://news.example/api/v1/${what}/${slug}`]);
  expect(headers['cache-control']).toBe('public, max-age=10');
};
const carrying = (what: Kind, name: string) => (what === 'tags' ? { tags: [name] } : { source: name });
const article = (body: object) => desk.make('articles', { title: `ঘাটের কথা ${count}`, status: 'published', ...body });
const labelOf = async (what: Kind, articleId: string): Promise<string[]> => {
  const { body } = await get(`/v1/articles/${articleId}`)
    .set(...bearer(desk.editor))
    .expect(200);
  return what === 'tags' ? body.tags.map(({ id }: Labelled) => id) : [body.source?.id];
};
const listed = async (path: string, person?: Person): Promise<string[]> => {
  const request = get(path);
  const { body } = await (person ? request.set(...bearer(person)) : request).expect(200);
  return body.data.map(({ id }: Labelled) => id);
};
const history = async (what: Kind, id: string): Promise<string[]> => {
  const rows = await desk.app.sql<{ was: string }>(
    `SELECT was FROM label_history WHERE ${noun(what)}_id = $1 ORDER BY was`,
    [id],
  );
  return rows.map(({ was }) => was);
};

describe.each(kinds)('what %s were called', (what) => {
  const kind = noun(what);
  const slugOf = (word: string) => `${word}-${kind}-${count}`;

  it('leads from every old slug to the one of now in one hop, in any spelling, and back after a rename back', async () => {
    const label = await make(what, 'one');
    await rename(what, label, 'two');
    await rename(what, label, 'three');
    for (const old of ['one', 'two']) await leads(what, slugOf(old), slugOf('three'));
    await leads(what, slugOf('ONE'), slugOf('three'));
    await rename(what, label, 'one');
    for (const old of ['two', 'three']) await leads(what, slugOf(old), slugOf('one'));
    await get(`/v1/${what}/${slugOf('one')}`).expect(200);
    expect(await history(what, label.id)).toEqual([slugOf('three'), slugOf('two')].sort());
  });

  it('leads to the heir, also of the heir, by slug, old slug and id', async () => {
    const [first, second, third] = [await make(what, 'a'), await make(what, 'b'), await make(what, 'c')];
    await rename(what, first, 'a2');
    await merge(what, first, second.id);
    await merge(what, second, third.id);
    for (const name of [slugOf('a'), slugOf('a2'), slugOf('b'), first.id, second.id]) {
      await leads(what, name, third.slug);
    }
    expect((await desk.events(second.id)).at(-1)?.data).toEqual({ slug: second.slug, into: third.id });
    expect(await history(what, third.id)).toHaveLength(5);
  });

  it('gives articles the heir, whichever call names it, once where it is named twice', async () => {
    const [from, into] = [await make(what, 'from'), await make(what, 'into')];
    await rename(what, into, 'heir');
    await merge(what, from, into.id);
    for (const name of [from.id, from.slug, slugOf('into')]) {
      const { id } = await article(carrying(what, name));
      expect(await labelOf(what, id)).toEqual([into.id]);
      const plain = await article({});
      await desk.send('patch', `/v1/articles/${plain.id}`, carrying(what, name), '*').expect(200);
      expect(await labelOf(what, plain.id)).toEqual([into.id]);
      const operations = [{ op: 'create', body: { title: `গুচ্ছ ${count}`, ...carrying(what, name) } }];
      const bulk = await desk.send('post', '/v1/articles/bulk', { operations }).expect(200);
      expect(await labelOf(what, bulk.body.results[0].article.id)).toEqual([into.id]);
      const draft = await desk.send('patch', `/v1/articles/${plain.id}/draft`, carrying(what, name), '*').expect(200);
      expect(JSON.stringify(draft.body)).not.toContain(from.id);
    }
    if (what === 'tags') {
      const { id } = await article({ tags: [into.slug, from.slug, from.id] });
      expect(await labelOf(what, id)).toEqual([into.id]);
    }
  });

  it('filters the lists of readers and of staff, alone and with other filters, by what it is now', async () => {
    const [from, into, other] = [await make(what, 'f'), await make(what, 'i'), await make(what, 'o')];
    const { id } = await article(carrying(what, from.slug));
    const second = await article(carrying(what, other.slug));
    await rename(what, into, 'i2');
    await merge(what, from, into.id);
    for (const name of [from.id, from.slug, slugOf('i'), slugOf('i2'), `${from.slug},${slugOf('i2')},nobody`]) {
      for (const path of [
        `/v1/latest?${kind}=${name}`,
        `/v1/articles?${kind}=${name}`,
        `/v1/articles?${kind}=${name}&sort=title`,
        `/v1/articles?${kind}=${name}&language=bn&publishedFrom=2020-01-01`,
      ])
        expect([path, await listed(path)]).toEqual([path, [id]]);
      expect(await listed(`/v1/articles?${kind}=${name}&status=published,draft`, desk.editor)).toEqual([id]);
      expect(await listed(`/v1/latest?${kind}=${name}&exclude=${id}`)).toEqual([]);
    }
    expect((await listed(`/v1/latest?${kind}=${from.slug},${other.slug}`)).sort()).toEqual([id, second.id].sort());
  });

  it('is free to others: the live slug wins, and what it led to before is not led to again', async () => {
    const first = await make(what, 'x');
    const { id } = await article(carrying(what, first.id));
    await rename(what, first, 'x2');
    const second = await desk.make(what, { name: `দ্বিতীয় ${kind} ${count}`, slug: slugOf('x') });
    expect((await get(`/v1/${what}/${slugOf('x')}`).expect(200)).body.id).toBe(second.id);
    expect(await listed(`/v1/latest?${kind}=${slugOf('x')}`)).toEqual([]);
    expect((await desk.events(second.id))[0]?.keys).toEqual(
      expect.arrayContaining(
        kind === 'tag'
          ? [cacheKeys.tag(first.id), cacheKeys.latestOfTag(first.id)]
          : [cacheKeys.source(first.id), cacheKeys.latestOfSource(first.id)],
      ),
    );
    expect(await labelOf(what, (await article(carrying(what, slugOf('x')))).id)).toEqual([second.id]);
    await rename(what, second, 'y');
    await leads(what, slugOf('x'), slugOf('y'));
    expect(await listed(`/v1/latest?${kind}=${slugOf('x2')}`)).toEqual([id]);
    const third = await make(what, 'z');
    await rename(what, third, 'x');
    expect((await get(`/v1/${what}/${slugOf('x')}`).expect(200)).body.id).toBe(third.id);
    await desk.send('delete', `/v1/${what}/${third.id}`, undefined, '*').expect(204);
    await get(`/v1/${what}/${slugOf('x')}`).expect(404);
  });

  it('takes no write by an old name, and refuses an heir that is the label itself', async () => {
    const label = await make(what, 'w');
    await rename(what, label, 'w2');
    const path = `/v1/${what}/${slugOf('w')}`;
    await desk.send('patch', path, { name: 'অন্য' }, '*').expect(404);
    await desk.send('delete', path, undefined, '*').expect(404);
    const itself = `/v1/${what}/${label.id}?reassignTo=${slugOf('w')}`;
    expect((await desk.send('delete', itself, undefined, '*').expect(422)).body.code).toBe('reassign-to-itself');
    await get(`/v1/${what}/${label.id}`).expect(200);
  });

  it('moves to what the heir was called, by slug or by the id of one that went over', async () => {
    const [gone, heir, next] = [await make(what, 'g'), await make(what, 'h'), await make(what, 'n')];
    await merge(what, gone, heir.id);
    await merge(what, next, gone.id);
    await leads(what, next.slug, heir.slug);
  });

  it('ends with the label that goes without an heir', async () => {
    const label = await make(what, 'e');
    await rename(what, label, 'e2');
    await desk.send('delete', `/v1/${what}/${label.id}`, undefined, '*').expect(204);
    for (const name of [slugOf('e'), slugOf('e2'), label.id]) await get(`/v1/${what}/${name}`).expect(404);
    const { body } = await desk
      .send('post', '/v1/articles', { title: 'ক', ...carrying(what, slugOf('e')) })
      .expect(422);
    expect(body.code).toBe(`unknown-${kind}`);
  });

  it('limits a key to the heir', async () => {
    const [from, into] = [await make(what, 'k'), await make(what, 'k2')];
    await merge(what, from, into.id);
    const { body } = await desk.app
      .request('post', '/v1/keys')
      .set(...bearer(admin))
      .send({ name: 'তার', role: 'editor', [what]: [from.slug, into.id] })
      .expect(201);
    expect(body[what]).toEqual([into.id]);
  });
});

describe('the items of a wire', () => {
  it('come to a source under what it was called, with tags that went over', async () => {
    const [source, heir] = [await make('sources', 'wire'), await make('sources', 'wire-heir')];
    const [tag, into] = [await make('tags', 'topic'), await make('tags', 'topic-heir')];
    await merge('tags', tag, into.id);
    const put = (name: string, itemId: string, itemVersion: number) =>
      desk.app
        .request('put', `/v1/sources/${name}/items/${itemId}`)
        .set(...bearer(desk.editor))
        .send({ itemVersion, title: 'তারের খবর', tags: [tag.slug, tag.id] });
    const { body } = await put(source.slug, 'r-1', 1).expect(201);
    expect(body.tags.map(({ id }: Labelled) => id)).toEqual([into.id]);
    await merge('sources', source, heir.id);
    expect((await put(source.slug, 'r-1', 2).expect(200)).body).toMatchObject({ id: body.id, source: { id: heir.id } });
    expect((await put(source.id, 'r-2', 1).expect(201)).body.source.id).toBe(heir.id);
  });
});

describe('calls that meet', () => {
  it('writes that name a tag while it is merged all get the heir', async () => {
    const [from, into] = [await make('tags', 'meet'), await make('tags', 'meet-heir')];
    const writes = [...Array(6)].map((_, index) =>
      desk.send('post', '/v1/articles', { title: `দেখা ${count} ${index}`, tags: [from.slug] }),
    );
    const [, ...made] = await Promise.all([merge('tags', from, into.id), ...writes]);
    for (const { status, body } of made) {
      expect(status).toBe(201);
      expect(await desk.tagsOf(body.id)).toEqual([into.slug]);
    }
  });

  it('a slug that is left and taken at once is that of who has it', async () => {
    const label = await make('tags', 'busy');
    const taken = await Promise.all([
      desk.send('patch', `/v1/tags/${label.id}`, { slug: `busy-2-tag-${count}` }, '*'),
      ...[...Array(4)].map((_, index) =>
        desk.send('post', '/v1/tags', { name: `ব্যস্ত ${count} ${index}`, slug: label.slug }),
      ),
    ]);
    expect(taken.filter(({ status }) => status === 201).length).toBeLessThanOrEqual(1);
    const owner = taken.find(({ status }) => status === 201)?.body.id;
    if (owner === undefined) await leads('tags', label.slug, `busy-2-tag-${count}`);
    else {
      expect((await get(`/v1/tags/${label.slug}`).expect(200)).body.id).toBe(owner);
      const [row] = await desk.app.sql('SELECT count(*)::int FROM label_history WHERE was = $1', [label.slug]);
      expect(row).toEqual({ count: 0 });
    }
  });
});
