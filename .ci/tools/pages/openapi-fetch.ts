// The page of a story, read by the types of openapi-typescript: what is always there needs no check and no `!`.
import createClient from 'openapi-fetch';
import type { paths } from './api.js';
import { show } from './show.js';

const [baseUrl = ''] = process.argv.slice(2);
const client = createClient<paths>({ baseUrl });

const { data: list } = await client.GET('/v1/latest', { params: { query: { limit: 1 } } });
for (const { slug } of list?.data ?? []) {
  const { data: page, error } = await client.GET('/v1/articles/{idOrSlug}', {
    params: { path: { idOrSlug: slug }, query: { include: 'latest' } },
  });
  if (page === undefined) throw new Error(error.detail);
  show({
    title: page.title,
    body: page.bodyHtml,
    tags: page.tags.map(({ name }) => name),
    date: page.publishedAt,
    latest: page.latest?.data.map(({ title, publishedAt }) => `${publishedAt} ${title}`) ?? [],
  });
}
