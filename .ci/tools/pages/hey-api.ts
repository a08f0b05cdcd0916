// The same page by the client of @hey-api/openapi-ts.
import { createClient } from './hey/client/index.js';
import { getArticle, listLatest } from './hey/index.js';
import { show } from './show.js';

const [baseUrl = ''] = process.argv.slice(2);
const client = createClient({ baseUrl });

const { data: list } = await listLatest({ client, query: { limit: 1 } });
for (const { slug } of list?.data ?? []) {
  const { data: page, error } = await getArticle({ client, path: { idOrSlug: slug }, query: { include: 'latest' } });
  if (page === undefined) throw new Error(error.detail);
  show({
    title: page.title,
    body: page.bodyHtml,
    tags: page.tags.map(({ name }) => name),
    date: page.publishedAt,
    latest: page.latest?.data.map(({ title, publishedAt }) => `${publishedAt} ${title}`) ?? [],
  });
}
