import { keysOfPage } from '../../article/read/answer-keys.ts';
import { absence, type FoundArticle, findElsewhere, findPage, type PageRow } from '../../article/read/page.ts';
import { chosen, fieldsOf } from '../../article/read/shown-fields.ts';
import { callerOf } from '../../article/read/visible.ts';
import type { Actor } from '../../core/actor.ts';
import { cacheKeys } from '../../core/cache-keys.ts';
import { notFound } from '../../core/errors.ts';
import { keyOf, refOf } from '../../core/ref.ts';
import type { Db } from '../../db/client.ts';
import type { LatestService } from '../latest/latest.service.ts';
import type { ArticlePageQuery } from './articles.schema.ts';

export type ArticleReading = {
  /** By id or slug. Throws 404, or 410 for what was public once and is now archived, expired or deleted. */
  get(actor: Actor | null, segment: string, query: ArticlePageQuery): Promise<FoundArticle>;
};

export type ReadingParts = { db: Db; latest: LatestService; publicUrl: string };

const sooner = (a: number | undefined, b: number | undefined) =>
  a === undefined || (b !== undefined && b < a) ? b : a;

/** Adds a member to the JSON of an object. */
const withMember = (json: Buffer, name: string, value: string) =>
  Buffer.concat([json.subarray(0, -1), Buffer.from(`,"${name}":${value}}`)]);

/** The cache keys of a page, for the public only. */
const keysOf = ({ id, relations }: PageRow) => (relations === undefined ? [] : keysOfPage(id, relations));

export function articleReading({ db, latest, publicUrl }: ReadingParts): ArticleReading {
  return {
    async get(actor, segment, { include, latestLimit, latestLanguage, fields: asked, redirects }) {
      const ref = refOf(segment);
      const viewer = {
        ...callerOf(actor),
        publicUrl,
        sourceIds: actor?.key?.sourceIds ?? [],
      };
      const fields = asked && chosen(fieldsOf(actor), asked, () => true);
      const page = (at: typeof ref) => findPage(db.read, at, viewer, fields);
      let row = await page(ref);
      let movesIn: number | undefined;
      let movedKeys: string[] = [];
      const elsewhere = row === null ? await findElsewhere(db.read, ref, viewer) : null;
      if (elsewhere?.visible && !elsewhere.moved) row = await page(ref);
      if (row === null) {
        if (!elsewhere?.moved || !elsewhere.visible) throw absence(elsewhere);
        movesIn = elsewhere.changes_in ?? undefined;
        movedKeys = [cacheKeys.redirects];
        if (redirects !== 'false') {
          const keys = [...movedKeys, cacheKeys.article(elsewhere.id)];
          return { kind: 'moved', slug: elsewhere.slug, maxAgeS: movesIn, keys };
        }
        row = await page({ id: elsewhere.id });
        if (row === null) throw notFound();
        row = {
          ...row,
          json: withMember(row.json, 'redirectedFrom', JSON.stringify(keyOf(ref))),
        };
      }
      const found = {
        kind: 'found',
        version: row.version,
        json: row.json,
        maxAgeS: sooner(row.changes_in ?? undefined, movesIn),
        keys: [...keysOf(row), ...movedKeys],
      } as const;
      if (!include) return found;
      const { data, maxAgeS, endsInS, keys } = await latest.list({
        exclude: [row.id],
        limit: latestLimit,
        language: latestLanguage,
      });
      return {
        ...found,
        json: withMember(row.json, 'latest', `{"data":${data}}`),
        maxAgeS: sooner(found.maxAgeS, maxAgeS),
        endsInS: sooner(found.maxAgeS, endsInS),
        keys: [...found.keys, ...keys],
      };
    },
  };
}
