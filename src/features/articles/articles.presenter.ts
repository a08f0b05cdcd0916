import type { FoundArticle } from '../../article/read/page.ts';
import type { ArticlePage } from '../../article/views.ts';
import { type Answer, jsonMadeBySql } from '../../http/json.ts';

export const presentFound = (found: FoundArticle): Answer<ArticlePage> =>
  found.kind === 'moved'
    ? {
        body: null,
        redirect: `/v1/articles/${encodeURIComponent(found.slug)}`,
        maxAgeS: found.maxAgeS,
        keys: found.keys,
      }
    : {
        body: jsonMadeBySql<ArticlePage>(found.json),
        version: found.version,
        maxAgeS: found.maxAgeS,
        endsInS: found.endsInS,
        keys: found.keys,
      };
