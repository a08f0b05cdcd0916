import type { Actor } from '../../core/actor.ts';
import type { Db, Tx } from '../../db/client.ts';
import type { Call } from '../../http/endpoint.ts';
import type { ArticleWriting } from '../articles/articles.writing.ts';
import type { SourceService } from '../sources/sources.service.ts';
import type { TagService } from '../tags/tags.service.ts';
import { coverFor } from './cover-image.ts';
import { type DemoArticle, demoArticles } from './demo-articles.ts';
import { demoSources } from './demo-sources.ts';
import { demoTags } from './demo-tags.ts';

export type DemoParts = { db: Db; articles: ArticleWriting; sources: SourceService; tags: TagService };

const lockKey = 72707370;
const call: Call = { requestId: 'demo', address: 'local', accept: '' };

/** The moment of an article by the database's clock; undefined for a draft. */
function momentOf({ minutesAgo, inHours }: DemoArticle, now: number): Date | undefined {
  if (minutesAgo !== undefined) return new Date(now - minutesAgo * 60_000);
  return inHours === undefined ? undefined : new Date(now + inHours * 3_600_000);
}

async function isEmpty(tx: Tx): Promise<{ empty: boolean; now: number }> {
  await tx.read({ text: 'SELECT pg_advisory_xact_lock($1::bigint)::text AS locked' }, [String(lockKey)]);
  const text = `SELECT NOT EXISTS (SELECT 1 FROM @articles) AND NOT EXISTS (SELECT 1 FROM @sources) AND NOT EXISTS (SELECT 1 FROM @tags) AS empty,
    (extract(epoch FROM now()) * 1000)::bigint::text AS now`;
  const [row] = await tx.read<{ empty: boolean; now: string }>({ text });
  return { empty: row?.empty === true, now: Number(row?.now) };
}

/**
 * Fills an empty house with a small newsroom, all of it or nothing, once however many instances start together.
 * Gives how many articles were made; 0 where there was something already.
 */
export function plantDemo({ db, articles, sources, tags }: DemoParts, admin: Actor): Promise<number> {
  return db.transaction(async (tx) => {
    const { empty, now } = await isEmpty(tx);
    if (!empty) return 0;
    for (const source of demoSources) await sources.create(admin, source, call);
    const slugs = new Map<string, string>();
    for (const tag of demoTags) slugs.set(tag.name, (await tags.create(admin, tag, call)).id);
    for (const [index, article] of demoArticles.entries()) {
      const publishedAt = momentOf(article, now);
      const { title, kicker, excerpt, body, bodyFormat, language, byline, deskInitials, source } = article;
      await articles.create(
        admin,
        {
          title,
          excerpt,
          body,
          bodyFormat,
          language,
          deskInitials,
          ...(kicker === undefined ? {} : { kicker }),
          ...(byline === undefined ? {} : { byline }),
          ...(source === undefined ? {} : { source: { slug: source } }),
          tags: article.tags.map((name) => ({ id: slugs.get(name) ?? '' })),
          cover: {
            url: `/demo/covers/${coverFor(index)}.png`,
            alt: article.coverAlt,
            caption: article.coverCaption ?? null,
            credit: article.coverCredit ?? null,
            width: 1200,
            height: 675,
          },
          ...(publishedAt === undefined ? {} : { status: 'published' as const, publishedAt }),
        },
        call,
      );
    }
    return demoArticles.length;
  });
}
