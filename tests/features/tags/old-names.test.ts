import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { cacheKeys } from '../../../src/core/cache-keys.ts';
import { bearer, type Person } from '../../support/app.ts';
import { type LabelDesk, type Labelled, openLabelDesk } from '../../support/labels.ts';
import { carrying, type Kind, nounOf, openRenames } from './renamed-labels.ts';

let desk: LabelDesk;
let names: ReturnType<typeof openRenames>;
let admin: Person;
let count = 0;

beforeAll(async () => {
  desk = await openLabelDesk();
  names = openRenames(desk);
  admin = await desk.app.person('admin');
});
beforeEach(() => {
  count = names.next();
});
afterAll(() => desk.close());

describe.each<Kind>(['tags', 'sources'])('what %s were called', (what) => {
  const kind = nounOf(what);
  const slugOf = (word: string) => names.slugOf(what, word);

  it('leads from every old slug to the one of now in one hop, in any spelling, and back after a rename back', async () => {
    const label = await names.make(what, 'one');
    await names.rename(what, label, 'two');
    await names.rename(what, label, 'three');
    for (const old of ['one', 'two']) await names.leads(what, slugOf(old), slugOf('three'));
    await names.leads(what, slugOf('ONE'), slugOf('three'));
    await names.rename(what, label, 'one');
    for (const old of ['two', 'three']) await names.leads(what, slugOf(old), slugOf('one'));
    await names.get(`/v1/${what}/${slugOf('one')}`).expect(200);
    expect(await names.history(what, label.id)).toEqual([slugOf('three'), slugOf('two')].sort());
  });

  it('leads to the heir, also of the heir, by slug, old slug and id', async () => {
    const [first, second, third] = [
      await names.make(what, 'a'),
      await names.make(what, 'b'),
      await names.make(what, 'c'),
    ];
    await names.rename(what, first, 'a2');
    await names.merge(what, first, second.id);
    await names.merge(what, second, third.id);
    for (const name of [slugOf('a'), slugOf('a2'), slugOf('b'), first.id, second.id]) {
      await names.leads(what, name, third.slug);
    }
    expect((await desk.events(second.id)).at(-1)?.data).toEqual({ slug: second.slug, into: third.id });
    expect(await names.history(what, third.id)).toHaveLength(5);
  });

  it('gives articles the heir, whichever call names it, once where it is named twice', async () => {
    const [from, into] = [await names.make(what, 'from'), await names.make(what, 'into')];
    await names.rename(what, into, 'heir');
    await names.merge(what, from, into.id);
    for (const name of [from.id, from.slug, slugOf('into')]) {
      const { id } = await names.article(carrying(what, name));
      expect(await names.labelOf(what, id)).toEqual([into.id]);
      const plain = await names.article({});
      await desk.send('patch', `/v1/articles/${plain.id}`, carrying(what, name), '*').expect(200);
      expect(await names.labelOf(what, plain.id)).toEqual([into.id]);
      const operations = [{ op: 'create', body: { title: `গুচ্ছ ${count}`, ...carrying(what, name) } }];
      const bulk = await desk.send('post', '/v1/articles/bulk', { operations }).expect(200);
      expect(await names.labelOf(what, bulk.body.results[0].article.id)).toEqual([into.id]);
      const draft = await desk.send('patch', `/v1/articles/${plain.id}/draft`, carrying(what, name), '*').expect(200);
      expect(JSON.stringify(draft.body)).not.toContain(from.id);
    }
    if (what === 'tags') {
      const { id } = await names.article({ tags: [into.slug, from.slug, from.id] });
      expect(await names.labelOf(what, id)).toEqual([into.id]);
    }
  });

  it('filters the lists of readers and of staff, alone and with other filters, by what it is now', async () => {
    const [from, into, other] = [await names.make(what, 'f'), await names.make(what, 'i'), await names.make(what, 'o')];
    const { id } = await names.article(carrying(what, from.slug));
    const second = await names.article(carrying(what, other.slug));
    await names.rename(what, into, 'i2');
    await names.merge(what, from, into.id);
    for (const name of [from.id, from.slug, slugOf('i'), slugOf('i2'), `${from.slug},${slugOf('i2')},nobody`]) {
      for (const path of [
        `/v1/latest?${kind}=${name}`,
        `/v1/articles?${kind}=${name}`,
        `/v1/articles?${kind}=${name}&sort=title`,
        `/v1/articles?${kind}=${name}&language=bn&publishedFrom=2020-01-01`,
      ])
        expect([path, await names.listed(path)]).toEqual([path, [id]]);
      expect(await names.listed(`/v1/articles?${kind}=${name}&status=published,draft`, desk.editor)).toEqual([id]);
      expect(await names.listed(`/v1/latest?${kind}=${name}&exclude=${id}`)).toEqual([]);
    }
    expect((await names.listed(`/v1/latest?${kind}=${from.slug},${other.slug}`)).sort()).toEqual(
      [id, second.id].sort(),
    );
  });

  it('is free to others: the live slug wins, and what it led to before is not led to again', async () => {
    const first = await names.make(what, 'x');
    const { id } = await names.article(carrying(what, first.id));
    await names.rename(what, first, 'x2');
    const second = await desk.make(what, { name: `দ্বিতীয় ${kind} ${count}`, slug: slugOf('x') });
    expect((await names.get(`/v1/${what}/${slugOf('x')}`).expect(200)).body.id).toBe(second.id);
    expect(await names.listed(`/v1/latest?${kind}=${slugOf('x')}`)).toEqual([]);
    const { tag, latestOfTag, source, latestOfSource } = cacheKeys;
    const keys = kind === 'tag' ? [tag, latestOfTag] : [source, latestOfSource];
    const ofFirst = keys.map((key) => key(first.id));
    expect((await desk.events(second.id))[0]?.keys).toEqual(expect.arrayContaining(ofFirst));
    expect(await names.labelOf(what, (await names.article(carrying(what, slugOf('x')))).id)).toEqual([second.id]);
    await names.rename(what, second, 'y');
    await names.leads(what, slugOf('x'), slugOf('y'));
    expect(await names.listed(`/v1/latest?${kind}=${slugOf('x2')}`)).toEqual([id]);
    const third = await names.make(what, 'z');
    await names.rename(what, third, 'x');
    expect((await names.get(`/v1/${what}/${slugOf('x')}`).expect(200)).body.id).toBe(third.id);
    await desk.send('delete', `/v1/${what}/${third.id}`, undefined, '*').expect(204);
    await names.get(`/v1/${what}/${slugOf('x')}`).expect(404);
  });

  it('takes no write by an old name, and refuses an heir that is the label itself', async () => {
    const label = await names.make(what, 'w');
    await names.rename(what, label, 'w2');
    const path = `/v1/${what}/${slugOf('w')}`;
    await desk.send('patch', path, { name: 'অন্য' }, '*').expect(404);
    await desk.send('delete', path, undefined, '*').expect(404);
    const itself = `/v1/${what}/${label.id}?reassignTo=${slugOf('w')}`;
    expect((await desk.send('delete', itself, undefined, '*').expect(422)).body.code).toBe('reassign-to-itself');
    await names.get(`/v1/${what}/${label.id}`).expect(200);
  });

  it('moves to what the heir was called, by slug or by the id of one that went over', async () => {
    const [gone, heir, next] = [await names.make(what, 'g'), await names.make(what, 'h'), await names.make(what, 'n')];
    await names.merge(what, gone, heir.id);
    await names.merge(what, next, gone.id);
    await names.leads(what, next.slug, heir.slug);
  });

  it('ends with the label that goes without an heir', async () => {
    const label = await names.make(what, 'e');
    await names.rename(what, label, 'e2');
    await desk.send('delete', `/v1/${what}/${label.id}`, undefined, '*').expect(204);
    for (const name of [slugOf('e'), slugOf('e2'), label.id]) await names.get(`/v1/${what}/${name}`).expect(404);
    const named = { title: 'ক', ...carrying(what, slugOf('e')) };
    const { body } = await desk.send('post', '/v1/articles', named).expect(422);
    expect(body.code).toBe(`unknown-${kind}`);
  });

  it('limits a key to the heir', async () => {
    const [from, into] = [await names.make(what, 'k'), await names.make(what, 'k2')];
    await names.merge(what, from, into.id);
    const call = desk.app.request('post', '/v1/keys').set(...bearer(admin));
    const { body } = await call.send({ name: 'তার', role: 'editor', [what]: [from.slug, into.id] }).expect(201);
    expect(body[what]).toEqual([into.id]);
  });
});

describe('the items of a wire', () => {
  it('come to a source under what it was called, with tags that went over', async () => {
    const [source, heir] = [await names.make('sources', 'wire'), await names.make('sources', 'wire-heir')];
    const [tag, into] = [await names.make('tags', 'topic'), await names.make('tags', 'topic-heir')];
    await names.merge('tags', tag, into.id);
    const item = { title: 'তারের খবর', tags: [tag.slug, tag.id] };
    const put = (name: string, itemId: string, itemVersion: number) =>
      desk.send('put', `/v1/sources/${name}/items/${itemId}`, { itemVersion, ...item });
    const { body } = await put(source.slug, 'r-1', 1).expect(201);
    expect(body.tags.map(({ id }: Labelled) => id)).toEqual([into.id]);
    await names.merge('sources', source, heir.id);
    expect((await put(source.slug, 'r-1', 2).expect(200)).body).toMatchObject({ id: body.id, source: { id: heir.id } });
    expect((await put(source.id, 'r-2', 1).expect(201)).body.source.id).toBe(heir.id);
  });
});

describe('calls that meet', () => {
  it('writes that name a tag while it is merged all get the heir', async () => {
    const [from, into] = [await names.make('tags', 'meet'), await names.make('tags', 'meet-heir')];
    const writes = [...Array(6)].map((_, index) =>
      desk.send('post', '/v1/articles', { title: `দেখা ${count} ${index}`, tags: [from.slug] }),
    );
    const [, ...made] = await Promise.all([names.merge('tags', from, into.id), ...writes]);
    for (const { status, body } of made) {
      expect(status).toBe(201);
      expect(await desk.tagsOf(body.id)).toEqual([into.slug]);
    }
  });

  it('a slug that is left and taken at once is that of who has it', async () => {
    const label = await names.make('tags', 'busy');
    const taken = await Promise.all([
      desk.send('patch', `/v1/tags/${label.id}`, { slug: `busy-2-tag-${count}` }, '*'),
      ...[...Array(4)].map((_, index) =>
        desk.send('post', '/v1/tags', { name: `ব্যস্ত ${count} ${index}`, slug: label.slug }),
      ),
    ]);
    expect(taken.filter(({ status }) => status === 201).length).toBeLessThanOrEqual(1);
    const owner = taken.find(({ status }) => status === 201)?.body.id;
    if (owner === undefined) await names.leads('tags', label.slug, `busy-2-tag-${count}`);
    else {
      expect((await names.get(`/v1/tags/${label.slug}`).expect(200)).body.id).toBe(owner);
      const [row] = await desk.app.sql('SELECT count(*)::int FROM label_history WHERE was = $1', [label.slug]);
      expect(row).toEqual({ count: 0 });
    }
  });
});
