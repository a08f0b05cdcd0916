import { type Answer, jsonMadeBySql } from '../http/json.ts';
import type { WrittenArticle } from './change/article-changes.ts';
import type { ArticleTaken, ArticleWritten } from './views.ts';

/** HTTP answers with an article, whose JSON Postgres has made. */

export const presentWritten = ({ json, version, warnings }: WrittenArticle): Answer<ArticleWritten> => ({
  body: jsonMadeBySql<ArticleWritten>(`${json.slice(0, -1)},"warnings":${JSON.stringify(warnings)}}`),
  version,
});

export const presentCreated = (written: WrittenArticle): Answer<ArticleWritten> => ({
  ...presentWritten(written),
  location: `/v1/articles/${written.id}`,
});

/** The answer of a PUT: 201 with the article's address if it made the article, otherwise 200. */
export const presentTaken = ({ created, ...written }: WrittenArticle & { created: boolean }): Answer<ArticleTaken> =>
  created ? { ...presentCreated(written), status: 201 } : presentWritten(written);
