import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { cacheKeys } from '../../../src/core/cache-keys.ts';
import { bearer } from '../../support/app.ts';
import { type LabelDesk, type Labelled, openLabelDesk } from '../../support/labels.ts';
import { carrying, type Kind, nounOf, openRenames } from './renamed-labels.ts';

let desk: LabelDesk;
let names: ReturnType<typeof openRenames>;
let count = 0;

beforeAll(async () => {
  desk = await openLabelDesk();
  names = openRenames(desk);
});
beforeEach(() => {
  count = names.next();
});
afterAll(() => desk.close());

describe.each<Kind>(['tags', 'sources'])('%s whose names differ in signs that no slug keeps', (what) => {
  const noun = nounOf(what);
  const pathOf = (name: string) => `/v1/${what}/${encodeURIComponent(name)}`;
  const make = (name: string) => desk.make(what, { name });
  const idOf = async (name: string) => (await names.get(pathOf(name)).expect(200)).body.id;
  const { tag, latestOfTag, source, latestOfSource } = cacheKeys;
  const [keyOf, latestOf] = what === 'tags' ? [tag, latestOfTag] : [source, latestOfSource];
  const filtered = (name: string) => names.listed(`/v1/articles?${noun}=${encodeURIComponent(name)}`);

  /** The label that a name has in a path, the label that a body gets by it, and whether a filter by it finds that article. */
  async function expectNamed(name: string, id: string): Promise<void> {
    const article = await names.article(carrying(what, name));
    expect([name, await idOf(name), await names.labelOf(what, article.id)]).toEqual([name, id, [id]]);
    for (const more of ['', '&language=bn', '&sort=title'])
      expect(await names.listed(`/v1/articles?${noun}=${encodeURIComponent(name)}${more}`)).toContain(article.id);
    expect(await names.listed(`/v1/latest?${noun}=${id}`)).toContain(article.id);
  }

  it('are each found by their own name, and the slug by whoever has it', async () => {
    const made = new Map<string, Labelled>();
    for (const name of ['C', 'C#', 'C++'].map((sign) => `${count}${sign}`)) made.set(name, await make(name));
    for (const [name, { id }] of made) await expectNamed(name, id);
    await expectNamed(`${count}c#`, made.get(`${count}C#`)?.id ?? '');
    expect(await idOf(`${count}c`)).toBe(made.get(`${count}C`)?.id);
  });

  it.each(['R&D', '🌊', 'St. Martin’s', 'হাওর/বিল', '@দপ্তর', '#MeToo'])(
    'take %j for a name in a path, a body and a filter',
    async (start) => {
      const name = `${start} ${count}`;
      const { id } = await make(name);
      await expectNamed(name, id);
    },
  );

  it('are unknown where there is only one with the same slug', async () => {
    const plain = await names.make(what, 'ghat');
    for (const name of [`${plain.slug}#`, `${plain.slug}++`, `@${plain.slug}`, `${plain.slug} 🌊`]) {
      await names.get(pathOf(name)).expect(404);
      const { body } = await desk.send('post', '/v1/articles', { title: 'ঘাট', ...carrying(what, name) }).expect(422);
      expect(body.code).toBe(`unknown-${noun}`);
      expect(body.errors[0].detail).toBe(
        `No ${noun} has the id, slug or name ${name}; name one by those, or make it first.`,
      );
      expect(await filtered(name)).toEqual([]);
      await desk.send('patch', pathOf(name), { name: 'অন্য' }, '*').expect(404);
      await desk.send('delete', pathOf(name), undefined, '*').expect(404);
    }
    for (const name of [plain.slug.toUpperCase(), plain.slug.replaceAll('-', ' '), plain.slug.replaceAll('-', '_')])
      expect(await idOf(name)).toBe(plain.id);
  });

  it('go over to the one that is named, and are removed by their own name', async () => {
    const [plain, sharp, plus] = [await make(`ঘাট ${count}`), await make(`ঘাট ${count}#`), await make(`ঘাট ${count}++`)];
    const article = await names.article(carrying(what, plus.id));
    await names.merge(what, plus, `ঘাট ${count}#`);
    expect(await names.labelOf(what, article.id)).toEqual([sharp.id]);
    await desk.send('patch', `/v1/articles/${article.id}`, carrying(what, plain.id), '*').expect(200);
    await desk.send('delete', pathOf(`ঘাট ${count}#`), undefined, '*').expect(204);
    await names.get(`/v1/${what}/${sharp.id}`).expect(404);
    await names.get(`/v1/${what}/${plain.id}`).expect(200);
  });

  it('lead from an old name to where they are, merged or renamed, until another has that name', async () => {
    const [plus, sharp] = [await make(`বিল ${count}++`), await make(`বিল ${count}#`)];
    const leads = (name: string) => names.leads(what, name, encodeURIComponent(sharp.slug));
    await names.merge(what, plus, sharp.id);
    await desk.send('patch', `/v1/${what}/${sharp.id}`, { name: `বিল ${count} শার্প` }, '*').expect(200);
    for (const name of [`বিল ${count}++`, `বিল ${count}#`]) {
      await leads(name);
      expect(await names.labelOf(what, (await names.article(carrying(what, name))).id)).toEqual([sharp.id]);
    }
    const next = await make(`বিল ${count}++`);
    const { keys } = (await desk.events(next.id))[0] ?? {};
    expect(keys).toEqual(expect.arrayContaining([keyOf(sharp.id), latestOf(sharp.id)]));
    await expectNamed(`বিল ${count}++`, next.id);
    await leads(`বিল ${count}#`);
  });

  it('limit keys, and send items, by their name', async () => {
    await make(`ঢেউ ${count}`);
    const signed = await make(`ঢেউ ${count} 🌊`);
    const admin = await desk.app.person('admin');
    const call = desk.app.request('post', '/v1/keys').set(...bearer(admin));
    const { body } = await call.send({ name: 'তার', role: 'editor', [what]: [`ঢেউ ${count} 🌊`] }).expect(201);
    expect(body[what]).toEqual([signed.id]);
    if (what === 'tags') return;
    const item = { itemVersion: 1, title: 'তারের খবর' };
    const sent = await desk.send('put', `${pathOf(`ঢেউ ${count} 🌊`)}/items/w-${count}`, item).expect(201);
    expect(sent.body.source.id).toBe(signed.id);
  });
});
