import { bearer, type Person, publicUrl, type TestApp } from './app.ts';

export type Item = { id: string; [field: string]: unknown };
export type ListPage = { data: Item[]; page: { nextCursor: string | null } };

export const idsOf = (body: { data: readonly { id: string }[] }): string[] => body.data.map(({ id }) => id);

/** One page of a list, as this person sees it (without a token if absent). */
export async function readPage(app: TestApp, path: string, person?: Person): Promise<ListPage & { link?: string }> {
  const request = app.request('get', path);
  if (person) request.set(...bearer(person));
  const { body, headers } = await request.expect(200);
  return { ...body, link: headers.link };
}

/** The target of `Link: rel="next"` as a path of the app; undefined on the last page. */
export const nextOf = (link: string | undefined): string | undefined =>
  link === undefined ? undefined : new RegExp(`^<${publicUrl}(/[^>]+)>; rel="next"$`).exec(link)?.[1];

/** All items of a list, read page by page through its links. `between` is called after each page. */
export async function walk(
  app: TestApp,
  path: string,
  options: { person?: Person; between?: (page: number) => Promise<unknown> } = {},
): Promise<Item[]> {
  const items: Item[] = [];
  for (let next: string | undefined = path, number = 1; next !== undefined; number += 1) {
    if (number > 200) throw new Error(`${path} does not end`);
    const page: ListPage & { link?: string } = await readPage(app, next, options.person);
    items.push(...page.data);
    next = nextOf(page.link);
    if ((next === undefined) !== (page.page.nextCursor === null)) throw new Error('Link and nextCursor disagree');
    await options.between?.(number);
  }
  return items;
}
