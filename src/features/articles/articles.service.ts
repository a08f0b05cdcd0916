import type { Actor } from '../../core/actor.ts';
import { gone, notFound, unauthenticated } from '../../core/errors.ts';
import type { Cursors } from '../../core/page.ts';
import { refOf } from '../../core/ref.ts';
import type { ArticleOrder } from '../../db/article-list.ts';
import { type ArticleField, articleJsonFor, publicArticleFields, staffArticleFields } from '../../db/article-sql.ts';
import type { Db } from '../../db/client.ts';
import { audienceOf, publicPredicate } from '../../db/visible.ts';
import { itemsDefault } from '../../http/schema.ts';
import { rangeFrom, rangeTo } from '../../http/schema-day.ts';
import type { LatestService } from '../latest/latest.service.ts';
import * as repository from './articles.repository.ts';
import type { ArticleListQuery, ArticlePageQuery } from './articles.schema.ts';

/** `maxAgeS`: seconds until time alone changes the answer. */
export type FoundArticle =
  | { kind: 'found'; body: string; version: number; maxAgeS: number | undefined }
  | { kind: 'moved'; slug: string };
export type ArticleItems = { data: string; nextCursor: string | null; maxAgeS: number | undefined };

export type ArticleReading = {
  /** By id or slug. Throws 404, or 410 for what was public once and is now archived, expired or deleted. */
  get(actor: Actor | null, segment: string, query: ArticlePageQuery): Promise<FoundArticle>;
  list(actor: Actor | null, query: ArticleListQuery): Promise<ArticleItems>;
};

export type ReadingParts = { db: Db; cursors: Cursors; latest: LatestService; publicUrl: string; timeZone: string };

const stateSql = {
  draft: `a.status = 'draft'`,
  review: `a.status = 'review'`,
  archived: `a.status = 'archived'`,
  scheduled: `a.status = 'published' AND a.published_at > now()`,
  expired: `a.status = 'published' AND a.published_at <= now() AND a.expires_at <= now()`,
  published: publicPredicate,
} as const;

const orders: Readonly<Record<string, ArticleOrder>> = {
  publishedAt: 'publishedAt',
  title: 'title',
  updatedAt: 'updatedAt',
};
const lean = (field: ArticleField) => field !== 'body' && field !== 'bodyHtml';

/** The fields to show: those asked for and always the id. */
const chosen = (
  all: readonly ArticleField[],
  asked: readonly string[] | undefined,
  otherwise: (field: ArticleField) => boolean,
) => all.filter((field) => (asked === undefined ? otherwise(field) : field === 'id' || asked.includes(field)));

const sooner = (a: number | undefined, b: number | undefined) =>
  a === undefined || (b !== undefined && b < a) ? b : a;

/** Why an article is not to be had here: 404, or 410 where readers knew it once. */
export const absence = (row: repository.ElsewhereRow | null): Error =>
  row !== null && !row.visible && row.once_public && row.withdrawn ? gone() : notFound();

export function articleReading({ db, cursors, latest, publicUrl, timeZone }: ReadingParts): ArticleReading {
  const viewerOf = (actor: Actor | null): repository.Viewer => ({
    audience: audienceOf(actor),
    actorId: actor?.userId ?? null,
    publicUrl,
  });
  const fieldsOf = (actor: Actor | null) => (actor === null ? publicArticleFields : staffArticleFields);

  return {
    async get(actor, segment, { include, fields: asked }) {
      const ref = refOf(segment);
      const viewer = viewerOf(actor);
      const row = await repository.findPage(
        db.read,
        ref,
        viewer,
        chosen(fieldsOf(actor), asked, () => true),
        asked !== undefined,
      );
      if (row === null) {
        const elsewhere = await repository.findElsewhere(db.read, ref, viewer);
        if (elsewhere?.moved && elsewhere.visible) return { kind: 'moved', slug: elsewhere.slug };
        throw absence(elsewhere);
      }
      const found = {
        kind: 'found',
        version: row.version,
        body: row.body,
        maxAgeS: row.expires_in ?? undefined,
      } as const;
      if (!include) return found;
      const { data, maxAgeS } = await latest.list({ exclude: [row.id] });
      const body = `${row.body.slice(0, -1)},"latest":{"data":${data}}}`;
      return { ...found, body, maxAgeS: sooner(found.maxAgeS, maxAgeS) };
    },

    async list(actor, query) {
      if (actor === null && query.status?.some((status) => status !== 'published')) {
        throw unauthenticated('Only staff may ask for articles that are not public; log in.');
      }
      const viewer = viewerOf(actor);
      const sort = query.sort ?? (actor === null ? '-publishedAt' : '-updatedAt');
      const order = orders[sort.replace('-', '')] ?? 'publishedAt';
      const listName = `articles:${viewer.audience}:${sort}`;
      const fields = chosen(fieldsOf(actor), query.fields, lean);
      const { data, more, last_key, last_id, changes_in } = await repository.listPage(db.read, {
        ...viewer,
        item: (actorId) => articleJsonFor(viewer.audience, fields, actorId),
        order,
        descending: sort.startsWith('-'),
        prepared: query.fields === undefined && order === 'publishedAt' && viewer.audience === 'public',
        after: query.after === undefined ? null : cursors.open(listName, query.after),
        limit: query.limit ?? itemsDefault,
        tags: query.tag,
        sources: query.source,
        languages: query.language,
        ids: query.ids,
        publishedFrom: query.publishedFrom && rangeFrom(query.publishedFrom, timeZone),
        publishedTo: query.publishedTo && rangeTo(query.publishedTo, timeZone),
        states: query.status && `(${query.status.map((status) => `(${stateSql[status]})`).join(' OR ')})`,
      });
      return {
        data,
        nextCursor: more && last_key !== null && last_id !== null ? cursors.seal(listName, [last_key, last_id]) : null,
        maxAgeS: changes_in ?? undefined,
      };
    },
  };
}
