import type { Actor } from '../../core/actor.ts';
import type { Call } from '../../core/call.ts';
import type { Db } from '../../db/client.ts';
import type { ArticleWriting } from '../articles/articles.writing.ts';
import type { SourceService } from '../sources/sources.service.ts';
import type { TagService } from '../tags/tags.service.ts';
import { readDemo } from './demo.files.ts';
import { lockNewsroom } from './demo.repository.ts';

export type DemoParts = {
  db: Db;
  articles: ArticleWriting;
  sources: SourceService;
  tags: TagService;
  publicUrl: string;
};
type DemoArticle = ReturnType<typeof readDemo>['articles'][number];

const call: Call = {
  requestId: 'demo',
  address: 'local',
  accept: '',
  lastEventId: '',
  origin: '',
  keyed: false,
  report: () => undefined,
};

/** The publication time of an article, relative to the database's clock; undefined for a draft. */
function momentOf({ publishedMinutesAgo, publishedInHours }: DemoArticle, now: number): Date | undefined {
  if (publishedMinutesAgo !== undefined) return new Date(now - publishedMinutesAgo * 60_000);
  return publishedInHours === undefined ? undefined : new Date(now + publishedInHours * 3_600_000);
}

/**
 * Fills an empty installation with a small newsroom, all or nothing. Runs once, however many instances start together.
 * Returns the number of articles made: 0 if the installation was not empty.
 */
export function plantDemo({ db, articles, sources, tags, publicUrl }: DemoParts, admin: Actor): Promise<number> {
  return db.transaction(async (tx) => {
    const { empty, now } = await lockNewsroom(tx);
    if (!empty) return 0;
    const demo = readDemo(publicUrl);
    for (const source of demo.sources) await sources.create(admin, source, call);
    for (const tag of demo.tags) await tags.create(admin, tag, call);
    for (const article of demo.articles) {
      const { publishedMinutesAgo: _, publishedInHours: __, ...body } = article;
      const publishedAt = momentOf(article, now);
      const published = publishedAt === undefined ? {} : { status: 'published' as const, publishedAt };
      await articles.create(admin, { ...body, ...published }, call);
    }
    return demo.articles.length;
  });
}
