// The same page by the functions of oazapfts.
import { ok } from '@oazapfts/runtime';
import { defaults, getArticle, listLatest } from './oazapfts-api.js';
import { show } from './show.js';

const [baseUrl = ''] = process.argv.slice(2);
defaults.baseUrl = baseUrl;

const { data: list } = await ok(listLatest({ limit: 1 }));
for (const { slug } of list) {
  const page = await ok(getArticle(slug, { include: 'latest' }));
  show({
    title: page.title,
    body: page.bodyHtml,
    tags: page.tags.map(({ name }) => name),
    date: page.publishedAt,
    latest: page.latest?.data.map(({ title, publishedAt }) => `${publishedAt} ${title}`) ?? [],
  });
}
