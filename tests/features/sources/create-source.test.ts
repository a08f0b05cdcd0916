import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cacheKeys } from '../../../src/core/cache-keys.ts';
import { bearer, publicUrl } from '../../support/app.ts';
import { type LabelDesk, openLabelDesk } from '../../support/labels.ts';

describe('POST /v1/sources', () => {
  let desk: LabelDesk;
  const create = (body: object) => desk.send('post', '/v1/sources', body);

  beforeAll(async () => {
    desk = await openLabelDesk();
  });
  afterAll(() => desk.close());

  it('makes a source with all that it has, tells its address and its ETag, and records it', async () => {
    const given = {
      name: 'পদ্মা সংবাদ',
      slug: 'Padma News',
      url: 'https://padma.example/bn?from=khobor',
      creditLine: 'সূত্র : পদ্মা সংবাদ',
      licence: 'গ্রাহক চুক্তি',
      logoUrl: 'https://padma.example/logo.svg',
      language: 'BN-bd',
    };
    const answer = await create(given).expect(201);
    const { id } = answer.body;
    expect(answer.body).toEqual({
      ...given,
      id,
      slug: 'padma-news',
      language: 'bn-BD',
      itemsFrom: 'authors',
      version: 1,
    });
    expect(answer.headers.location).toBe(`${publicUrl}/v1/sources/${id}`);
    expect(answer.headers.etag).toMatch(/^"1-/);
    expect(await desk.events(id)).toEqual([
      {
        type: 'source.created',
        subject_id: id,
        version: 1,
        keys: [cacheKeys.source(id), 'sources'],
        data: { slug: 'padma-news', changed: [] },
      },
    ]);
  });

  it('needs a name only; empty texts count as none', async () => {
    const { body } = await create({ name: 'মেঘনা ডেস্ক', creditLine: '', licence: '' }).expect(201);
    expect(body).toEqual({
      id: body.id,
      slug: 'মেঘনা-ডেস্ক',
      name: 'মেঘনা ডেস্ক',
      url: null,
      creditLine: null,
      licence: null,
      logoUrl: null,
      language: null,
      itemsFrom: 'authors',
      version: 1,
    });
  });

  it('takes the two spellings of রয়টার্স for one source, which opens and is named by both', async () => {
    const [one, two] = ['র\u09DFটার্স', 'র\u09AF\u09BCটার্স'];
    const { body } = await create({ name: one }).expect(201);
    expect((await create({ name: two }).expect(409)).body).toMatchObject({ code: 'name-taken', existing: body.id });
    expect((await create({ name: ` ${two}`, slug: 'reuters' }).expect(409)).body.existing).toBe(body.id);
    for (const name of [one, two]) {
      const read = await desk.app.request('get', `/v1/sources/${encodeURIComponent(name)}`).expect(200);
      expect(read.body.id).toBe(body.id);
      const article = await desk.send('post', '/v1/articles', { title: 'বন্দরের খবর', source: name }).expect(201);
      expect(article.body.source.id).toBe(body.id);
    }
  });

  it('shows a root-relative address under PUBLIC_URL, and takes it back as the same one', async () => {
    const first = await create({ name: 'যমুনা', logoUrl: '/media/jamuna.png', url: `${publicUrl}/desk` }).expect(201);
    expect(first.body).toMatchObject({ logoUrl: `${publicUrl}/media/jamuna.png`, url: `${publicUrl}/desk` });
    const [stored] = await desk.app.sql('SELECT url, logo_url FROM sources WHERE id = $1', [first.body.id]);
    expect(stored).toEqual({ url: '/desk', logo_url: '/media/jamuna.png' });
  });

  it.each(['Bulk', 'Latest', 'Search', 'Me', 'Changes'])(
    'makes a source named %s that opens by another slug than the route',
    async (name) => {
      const { body } = await create({ name }).expect(201);
      expect(body.slug).toBe(`${name.toLowerCase()}-2`);
      expect((await desk.app.request('get', `/v1/sources/${body.slug}`).expect(200)).body).toEqual(body);
      await create({ name: `${name} ডেস্ক`, slug: name }).expect(400);
    },
  );

  it('refuses a given slug that is taken and records nothing', async () => {
    const { body: taker } = await create({ name: 'এএফপি', slug: 'afp' }).expect(201);
    const before = await desk.count('events');
    expect((await create({ name: 'এএফপি বাংলা', slug: 'AFP' }).expect(409)).body).toMatchObject({
      code: 'slug-taken',
      slug: 'afp',
      existing: taker.id,
    });
    expect(await desk.count('events')).toBe(before);
  });

  it.each([
    ['no name', {}, '/name'],
    ['an address of script', { name: 'ক', url: 'javascript:alert(1)' }, '/url'],
    ['an address of another host without a scheme', { name: 'ক', logoUrl: '//evil.example/x.png' }, '/logoUrl'],
    ['an empty address', { name: 'ক', url: '' }, '/url'],
    ['a language that is none', { name: 'ক', language: 'bn_BD' }, '/language'],
    ['a member that sources do not have', { name: 'ক', creditline: 'খ' }, '/creditline'],
  ])('refuses %s and points at it', async (_, body, pointer) => {
    const before = await desk.count('sources');
    const answer = await create(body).expect(400);
    expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).toEqual([pointer]);
    expect(await desk.count('sources')).toBe(before);
  });

  it('is for editors: 401 without a token, 403 for authors', async () => {
    const author = await desk.app.person('author');
    await desk.app.request('post', '/v1/sources').send({ name: 'সুরমা' }).expect(401);
    await desk.app
      .request('post', '/v1/sources')
      .set(...bearer(author))
      .send({ name: 'সুরমা' })
      .expect(403);
  });
});
