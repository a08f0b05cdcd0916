import { keyOfLabel, type LabelRef } from '../../core/label-ref.ts';
import { slugTurn } from '../../core/turn-keys.ts';
import { expectFew } from '../../db/sql.ts';
import type { Tx } from '../../db/tx.ts';
import { instantSql } from '../read/view-sql.ts';
import {
  type HeldLabels,
  type HeldRow,
  heldBoth,
  heldJson,
  heldOf,
  type LabelRefs,
  type LookBeforeNew,
  labelTables,
  passLabels,
  valuesOfRefs,
} from './looks.ts';
import { slugLocks } from './write-sql.ts';

/** One look for several new articles of a transaction, in the place of one for each. */

/** A new article, as far as it is looked up. `isGiven`: its slug is the caller's and may not get a number. */
export type NewNames = { readonly slug: string; readonly isGiven: boolean; readonly refs: LabelRefs };

export type LooksTogether = {
  /** Locks the slugs, and looks. Returns whether every label is there, and every slug free that is given. */
  look(tx: Tx, news: readonly NewNames[]): Promise<boolean>;
  /** Takes over what a statement of another found, besides its own, for a new article with this slug. */
  looked(tx: Tx, slug: string, found: LookBeforeNew): void;
  /** What was found for one of the articles. Null if something is missing, so that it has to be looked up alone. */
  found(tx: Tx, slug: string, refs: LabelRefs): LookBeforeNew | null;
  /** Called for each slug that the transaction takes. */
  took(tx: Tx, slug: string): void;
};

type Looked = Pick<LookBeforeNew, 'now' | 'held'> & { readonly free: Set<string> };

const statement = {
  name: 'look-before-several',
  text: `WITH ${heldBoth(2, 'true')}
  SELECT ${instantSql("date_trunc('milliseconds', now())")} AS now, ${labelTables.map(heldJson).join(', ')},
    (SELECT coalesce(json_agg(s), '[]') FROM unnest($1::text[]) s
      WHERE ${expectFew.text('s')} AND EXISTS (SELECT FROM @articles a WHERE a.slug = s))::text AS "takenSlugs"`,
};

/** Always in the same order: in that of the articles, two calls that make the same ones could deadlock. */
const lockStatement = {
  name: 'lock-several-slugs',
  text: `SELECT pg_advisory_xact_lock(${slugLocks}, o.h)::text AS locked
    FROM (SELECT DISTINCT hashtext(s) AS h FROM unnest($1::text[]) s WHERE ${expectFew.text('s')} ORDER BY h OFFSET 0) o`,
};

const distinct = (refs: readonly LabelRef[]) => [...new Map(refs.map((ref) => [keyOfLabel(ref), ref])).values()];

const holdsAll = (held: HeldLabels, { source, tags }: LabelRefs) =>
  (source === null || held.sources.has(keyOfLabel(source))) && tags.every((tag) => held.tags.has(keyOfLabel(tag)));

export function openLooksTogether(): LooksTogether {
  const ofTransactions = new WeakMap<Tx, Looked>();
  return {
    async look(tx, news) {
      const slugs = [...new Set(news.map(({ slug }) => slug))];
      tx.turn(...slugs.filter((slug) => slug !== '').map(slugTurn));
      await tx.read(lockStatement, [slugs.filter((slug) => slug !== '')]);
      for (const { refs } of news) passLabels(tx, refs);
      const sources = distinct(news.flatMap(({ refs }) => refs.source ?? []));
      const tags = distinct(news.flatMap(({ refs }) => refs.tags));
      const values = [slugs, ...valuesOfRefs(sources, tags)];
      const [row] = await tx.read<HeldRow & { now: string; takenSlugs: string }>(statement, values);
      if (row === undefined) throw new Error('the database did not say the time');
      const taken: ReadonlySet<string> = new Set<string>(JSON.parse(row.takenSlugs));
      const looked = { now: row.now, held: heldOf(row), free: new Set(slugs.filter((slug) => !taken.has(slug))) };
      ofTransactions.set(tx, looked);
      return news.every(({ slug, isGiven, refs }) => holdsAll(looked.held, refs) && !(isGiven && taken.has(slug)));
    },
    looked(tx, slug, { now, held, slugTaken }) {
      ofTransactions.set(tx, { now, held, free: new Set(slugTaken ? [] : [slug]) });
    },
    found(tx, slug, refs) {
      const looked = ofTransactions.get(tx);
      if (!looked?.free.has(slug) || !holdsAll(looked.held, refs)) return null;
      return { now: looked.now, held: looked.held, slugTaken: false };
    },
    took: (tx, slug) => void ofTransactions.get(tx)?.free.delete(slug),
  };
}
