import { expect } from '@jest/globals';
import { bearer, type Person, publicUrl } from '../../support/app.ts';
import type { LabelDesk, Labelled } from '../../support/labels.ts';

export type Kind = 'tags' | 'sources';
export const nounOf = (what: Kind) => (what === 'tags' ? 'tag' : 'source');

/** The tags or the source of an article, as it is sent. */
export const carrying = (what: Kind, name: string) => (what === 'tags' ? { tags: [name] } : { source: name });

/** Calls about labels that are renamed or go over to another. Slugs get a number, so that each test has its own. */
export function openRenames(desk: LabelDesk) {
  let count = 0;
  const slugOf = (what: Kind, word: string) => `${word}-${nounOf(what)}-${count}`;
  const get = (path: string) => desk.app.request('get', path);
  return {
    get,
    slugOf,
    /** Goes on to the next test. Returns its number. */
    next: () => ++count,
    make: (what: Kind, word: string) => desk.make(what, { name: `${word} ${count}`, slug: slugOf(what, word) }),
    async rename(what: Kind, { id }: Labelled, word: string): Promise<void> {
      await desk.send('patch', `/v1/${what}/${id}`, { slug: slugOf(what, word) }, '*').expect(200);
    },
    /** By the call of its kind: a source goes over by its removal. */
    merge: (what: Kind, { id }: Labelled, into: string) =>
      what === 'tags'
        ? desk.send('post', `/v1/tags/${id}/merge`, { into }, '*').expect(200)
        : desk.send('delete', `/v1/sources/${id}?reassignTo=${encodeURIComponent(into)}`, undefined, '*').expect(204),
    /** Asserts that a name leads to a slug in one hop. */
    async leads(what: Kind, name: string, slug: string): Promise<void> {
      const { status, headers, text } = await get(`/v1/${what}/${encodeURIComponent(name)}`);
      expect([status, text, headers.location]).toEqual([308, '', `${publicUrl}/v1/${what}/${slug}`]);
      expect(headers['cache-control']).toBe('public, max-age=10');
    },
    article: (body: object) => desk.make('articles', { title: `ঘাটের কথা ${count}`, status: 'published', ...body }),
    async labelOf(what: Kind, articleId: string): Promise<string[]> {
      const request = get(`/v1/articles/${articleId}`).set(...bearer(desk.editor));
      const { body } = await request.expect(200);
      return what === 'tags' ? body.tags.map(({ id }: Labelled) => id) : [body.source?.id];
    },
    async listed(path: string, person?: Person): Promise<string[]> {
      const request = person ? get(path).set(...bearer(person)) : get(path);
      return (await request.expect(200)).body.data.map(({ id }: Labelled) => id);
    },
    async history(what: Kind, id: string): Promise<string[]> {
      const text = `SELECT was FROM label_history WHERE ${nounOf(what)}_id = $1 ORDER BY was`;
      return (await desk.app.sql<{ was: string }>(text, [id])).map(({ was }) => was);
    },
  };
}
