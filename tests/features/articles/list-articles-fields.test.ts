import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ownFieldsOfStaff, publicArticleFields } from '../../../src/article/field-lists.ts';
import { bearer, type Person, startApp, type TestApp } from '../../support/app.ts';
import { minutesAgo, plantStories } from '../../support/stories.ts';

const openFields = publicArticleFields;
const staffFields = ownFieldsOfStaff;
const isLong = (field: string) => field === 'body' || field === 'bodyHtml';

describe('GET /v1/articles?fields=', () => {
  let app: TestApp;
  let author: Person;
  let editor: Person;
  const list = async (query: string, person?: Person) => {
    const request = app.request('get', `/v1/articles?${query}`);
    if (person) request.set(...bearer(person));
    return (await request.expect(200)).body.data;
  };

  beforeAll(async () => {
    app = await startApp();
    author = await app.person('author');
    editor = await app.person('editor');
    await plantStories(app, [
      { title: 'অন্যের', createdById: editor.id, updatedAt: minutesAgo(1) },
      { title: 'নিজের', createdById: author.id, updatedAt: minutesAgo(2) },
    ]);
  });
  afterAll(() => app.close());

  it('knows the fields of readers and those of staff', () => {
    expect(openFields).toEqual(
      expect.arrayContaining(['id', 'slug', 'title', 'tags', 'status', 'publishedAt', 'version']),
    );
    expect([...staffFields].sort()).toEqual(['createdAt', 'createdBy', 'deletedAt', 'notes', 'updatedAt', 'updatedBy']);
  });

  it('shows without it every field but body and bodyHtml, to staff theirs too', async () => {
    const [seen] = await list('');
    expect(Object.keys(seen)).toEqual(openFields.filter((field) => !isLong(field)));
    const [staff] = await list('', editor);
    expect(Object.keys(staff)).toEqual([...openFields, ...staffFields].filter((field) => !isLong(field)));
  });

  it.each(openFields)('shows only id and %s when that is what was asked for', async (field) => {
    for (const person of [undefined, author, editor]) {
      for (const item of await list(`fields=${field}`, person)) {
        expect(Object.keys(item)).toEqual(field === 'id' ? ['id'] : ['id', field]);
      }
    }
  });

  it.each(staffFields)('shows %s to staff, to authors of their own articles alone', async (field) => {
    for (const item of await list(`fields=${field}`, editor)) expect(Object.keys(item)).toEqual(['id', field]);
    const [others, own] = await list(`fields=title,${field}`, author);
    expect([others.title, Object.keys(others)]).toEqual(['অন্যের', ['id', 'title']]);
    expect([own.title, Object.keys(own)]).toEqual(['নিজের', ['id', 'title', field]]);
  });

  it('keeps the order of the view, takes repeats once, and the whole of the fields at once', async () => {
    const [item] = await list('fields=bodyHtml,title,body,slug,title');
    expect(item).toMatchObject({ body: 'মূল লেখা', bodyHtml: '<p>মূল লেখা</p>' });
    expect(Object.keys(item)).toEqual(['id', 'slug', 'title', 'body', 'bodyHtml']);
    expect(Object.keys((await list(`fields=${openFields.join()}`))[0])).toEqual(openFields);
  });

  it('shows an item as its own page does, whatever fields were asked for', async () => {
    for (const person of [undefined, editor]) {
      const fields = person ? [...openFields, ...staffFields] : openFields;
      for (const item of await list(`fields=${fields.join()}`, person)) {
        const page = app.request('get', `/v1/articles/${item.id}`);
        if (person) page.set(...bearer(person));
        expect((await page.expect(200)).body).toEqual(item);
      }
    }
  });

  it('answers a reader who asks for a field of staff exactly as one who asks for nonsense', async () => {
    const refuse = async (query: string) => {
      const { body } = await app.request('get', `/v1/articles?${query}`).expect(400);
      return { ...body, requestId: '' };
    };
    const nonsense = await refuse('fields=nonsense');
    expect(nonsense.errors).toEqual([
      { in: 'query', pointer: '/fields', detail: expect.stringMatching(/^Use fields of id, language, slug, /) },
    ]);
    for (const field of [
      ...staffFields,
      'passwordHash',
      'created_by_id',
      'createdBy.email',
      'slug_derived',
      'Title',
      '*',
    ]) {
      expect(await refuse(`fields=${field}`)).toEqual(nonsense);
    }
    const order = await refuse('sort=nonsense');
    for (const key of [
      'updatedAt',
      '-updatedAt',
      'createdBy',
      'version',
      'body',
      '--title',
      'title,id',
      'Title',
      '+title',
    ]) {
      expect(await refuse(`sort=${key}`)).toEqual(order);
    }
  });
});
