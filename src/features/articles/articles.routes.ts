import { presentCreated, presentWritten } from '../../article/answers.ts';
import type { Bodies } from '../../article/body/bodies.ts';
import type { ArticleBodies } from '../../article/inputs.ts';
import { notYetPublic, publishedForReaders, publishedForStaff } from '../../article/samples.ts';
import { ArticleCounts, type ArticleItem, ArticleItemPage, ArticlePage, ArticleWritten } from '../../article/views.ts';
import { del, type Endpoint, get, patch, post } from '../../http/endpoint.ts';
import { answer, noContent, pageJson, toJson } from '../../http/json.ts';
import type { ArticleLists } from './articles.lists.ts';
import { presentFound } from './articles.presenter.ts';
import { articleQueries } from './articles.schema.ts';
import type { ArticleReading } from './articles.service.ts';
import { stepRoutes } from './articles.steps.ts';
import { updateText } from './articles.texts.ts';
import type { ArticleWriting } from './articles.writing.ts';

/** The codes of failures that the members of any article can cause. */
const contentCodes = ['slug-taken', 'source-item-taken', 'conflict', 'body-too-costly', 'unprocessable'] as const;
const labelCodes = ['unknown-tag', 'unknown-source'] as const;

const example = {
  title: 'নদীর পানি বাড়ছে, সতর্ক থাকার পরামর্শ',
  excerpt: 'উজানের ঢলে নদীর পানি বিপৎসীমার কাছে।',
  body: '<p>উজানের ঢলে নদীর পানি বাড়ছে। তীরের মানুষকে সতর্ক থাকতে বলা হয়েছে।</p>',
  bodyFormat: 'html',
  language: 'bn',
  tags: ['জাতীয়'],
  source: 'reuters',
  deskInitials: 'রআ/নহ',
};

export function articleRoutes(
  articles: ArticleReading & ArticleLists & ArticleWriting,
  options: { bodies: ArticleBodies; itemsMax: number; prepare: Bodies['prepare'] },
): Endpoint[] {
  const bodies = options.bodies;
  const queries = articleQueries(options.itemsMax);
  return [
    get(
      '/articles',
      {
        id: 'listArticles',
        summary: 'List articles',
        order:
          'by `publishedAt`, newest first, and for staff by `updatedAt`; with `sort` by that, downwards after a minus; what has no `publishedAt` is as if it were furthest ahead. Then by `id`, in the same direction',
        description:
          'What is public, newest first. Staff see every state that they may, newest change first; what is in the trash only where `status` names it.',
        access: 'public',
        query: queries.list,
        publicQuery: queries.publicList,
        reply: ArticleItemPage,
        cache: 'list',
        codes: ['unauthenticated', 'forbidden'],
        replyExample: { data: [publishedForReaders] },
      },
      async ({ actor, query }) => {
        const { data, nextCursor, ...rest } = await articles.list(actor, query);
        return pageJson<ArticleItem>(data, nextCursor, rest);
      },
    ),
    get(
      '/articles/counts',
      {
        id: 'countArticles',
        summary: 'How many articles there are of each state',
        description:
          'Counts the articles that the caller may see. Each count stops at 10,000: that number means 10,000 or more.',
        access: 'viewer',
        query: queries.counts,
        reply: ArticleCounts,
      },
      async ({ actor, query }) => answer(toJson(await articles.count(actor, query))),
    ),
    post(
      '/articles',
      {
        id: 'createArticle',
        summary: 'Create an article',
        description:
          'As a draft, in review, or (editors) published in one call. Without a slug one is made of the title. `warnings` names what the sanitiser took out; `takes-redirect`: the slug leads to another article until this one is published.',
        access: 'author',
        body: bodies.create,
        reply: ArticleWritten,
        status: 201,
        codes: [...contentCodes, ...labelCodes],
        bodyExample: example,
        replyExample: { ...notYetPublic, version: 1 },
      },
      async ({ actor, body, call }) => presentCreated(await articles.create(actor, body, call)),
      ({ actor, body }) => options.prepare(actor, [body]),
    ),
    get(
      '/articles/{idOrSlug}',
      {
        id: 'getArticle',
        summary: 'Read an article',
        description:
          'By id or slug. An old slug of a published article answers 308. What was public once and is archived, expired or deleted now answers 410.',
        access: 'public',
        query: queries.page,
        publicQuery: queries.publicPage,
        reply: ArticlePage,
        cache: 'page',
        redirects: true,
        codes: ['gone'],
        replyExample: publishedForReaders,
      },
      async ({ actor, params, query }) => presentFound(await articles.get(actor, params.idOrSlug, query)),
    ),
    patch(
      '/articles/{idOrSlug}',
      {
        id: 'updateArticle',
        summary: 'Change an article',
        description: updateText,
        access: 'author',
        body: bodies.patch,
        ifMatch: true,
        reply: ArticleWritten,
        codes: [
          ...(['wrong-state', 'edition-taken', ...contentCodes, ...labelCodes] as const),
          ...(['never-public', 'unknown-correction', 'gone', 'draft-etag'] as const),
        ],
        replyExample: publishedForStaff,
        bodyExample: { title: 'নদীর পানি বিপৎসীমা ছাড়াল', tags: ['জাতীয়', 'আবহাওয়া'] },
      },
      async ({ actor, params, body, ifMatch, call }) =>
        presentWritten(await articles.update({ actor, segment: params.idOrSlug, ifMatch, call }, body)),
      ({ actor, params, body }) => options.prepare(actor, [{ ...body, of: { segment: params.idOrSlug } }]),
    ),
    del(
      '/articles/{idOrSlug}',
      {
        id: 'trashArticle',
        summary: 'Move an article to the trash',
        description:
          'Editors any, authors their own drafts. Readers get 410 if it was public once, else 404. A date that is still ahead is lost.',
        access: 'author',
        ifMatch: true,
        versioned: true,
        reply: null,
        codes: ['gone', 'draft-etag'],
      },
      async ({ actor, params, ifMatch, call }) => {
        const { version } = await articles.unread.step({ actor, segment: params.idOrSlug, ifMatch, call }, 'trash');
        return { ...noContent, version };
      },
    ),
    ...stepRoutes(articles),
  ];
}
