import type { Highlight } from '../../article/search/highlights.ts';
import type { Item } from '../../article/search/items.ts';

const nothing: Highlight = { title: null, passage: null };

/** The JSON of what was found, each with where the words are in it, if that was asked for. */
export function presentHits(items: readonly Item[], marks: ReadonlyMap<string, Highlight> | null): string {
  const texts = items.map(({ id, json }) =>
    marks === null ? json : `${json.slice(0, -1)},"highlight":${JSON.stringify(marks.get(id) ?? nothing)}}`,
  );
  return `[${texts.join(',')}]`;
}
