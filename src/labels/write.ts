import { notFound } from '../core/errors.ts';
import { identityKey, identityVersion } from '../core/identity-key.ts';
import { keyOfLabel, type LabelRef } from '../core/label-ref.ts';
import { derivedSlug } from '../core/slug-choice.ts';
import { labelTurns } from '../core/turn-keys.ts';
import type { Db } from '../db/client.ts';
import { withFreeSlug } from '../db/free-slug.ts';
import type { Tx } from '../db/tx.ts';
import {
  type AnyLabelKind,
  findLabel,
  findTakenLabelSlugs,
  isPresentLabelSql,
  type LabelContent,
  type LabelKind,
  type LabelView,
} from './labels.ts';
import { type Called, keepNames, keptNames, takeNames } from './references.ts';
import { checkFormer, namingTakenLabel, refused } from './taken.ts';

/** The writes of tags and sources. Each calls the caller's `record` inside its transaction. */

/**
 * A label after a change: `wasSlug` is its slug before, `changed` are the members that changed, and `tookFrom` are the labels
 * to which its slug or name led before.
 */
export type LabelChange = {
  id: string;
  slug: string;
  /** Null for a new label. */
  wasSlug: string | null;
  version: number;
  changed: readonly string[];
  tookFrom: readonly string[];
};

type Locked<Content> = { id: string; version: number; content: Content };

/** A label as it is after a write, read in the transaction of that write. */
export async function readWrittenLabel(tx: Tx, kind: AnyLabelKind, id: string): Promise<LabelView> {
  const view = await findLabel(tx.read, kind, { id });
  if (view === null) throw new Error('a label that was just written is gone');
  return view;
}

type Creation<Content> = {
  id: string;
  name: string;
  /** As the caller gave it. Without it, a slug is made from the name. */
  slug: string | undefined;
  content(slug: string): Content;
  record(tx: Tx, made: LabelChange): Promise<void>;
};

/** Stores a new label. Throws 409 `slug-taken` for a given slug, and `name-taken` for a name that exists already. */
export function createLabel<Content extends LabelContent>(
  db: Db,
  kind: LabelKind<Content>,
  creation: Creation<Content>,
): Promise<LabelView> {
  const { id, name, record } = creation;
  const insertWith = (number: number) =>
    db.transaction(async (tx) => {
      const derived = creation.slug === undefined ? derivedSlug(name, id, number) : null;
      const slug = creation.slug ?? derived?.slug ?? id;
      await insert(tx, kind, id, creation.content(slug), derived?.base ?? null);
      const tookFrom = await takeNames(tx, { table: kind.table, id }, { slug, name });
      await record(tx, { id, slug, wasSlug: null, version: 1, changed: [], tookFrom });
      return readWrittenLabel(tx, kind, id);
    });
  const findTaken = (slugs: readonly string[]) => findTakenLabelSlugs(db.read, kind, slugs);
  return namingTakenLabel(db, kind, () => withFreeSlug(findTaken, insertWith));
}

async function insert<Content extends LabelContent>(
  tx: Tx,
  kind: LabelKind<Content>,
  id: string,
  content: Content,
  derivedBase: string | null,
): Promise<void> {
  const columns = Object.entries<string>(kind.columns);
  const text = `INSERT INTO @${kind.table} (id, identity_version, identity_key, ${columns.map(([, column]) => column).join(', ')})
    VALUES ($1::uuid, ${identityVersion}, $2::text, ${columns.map((_, index) => `$${index + 3}::text`).join(', ')}) RETURNING id::text`;
  try {
    await tx.read({ text }, valuesOf(columns, id, content, identityKey(content.name)));
  } catch (thrown) {
    throw refused(thrown, kind, content, derivedBase);
  }
  await checkFormer(tx, kind, id, content.name);
}

/** `key`: null keeps the identity key. */
const valuesOf = (columns: readonly [string, string][], id: string, content: LabelContent, key: string | null) => [
  id,
  key,
  ...columns.map(([member]) => content[member] ?? null),
];

/** The label with a lock on its row: until the transaction ends, no article can get it or lose it. */
export async function lockLabel<Content extends LabelContent>(
  tx: Tx,
  kind: LabelKind<Content>,
  ref: LabelRef,
): Promise<Locked<Content> | null> {
  const members = Object.entries<string>(kind.columns).map(([member, column]) => `x.${column} AS "${member}"`);
  const text = `SELECT x.id::text, x.version, (SELECT row_to_json(v)::text FROM (SELECT ${members.join(', ')}) v) AS content
    FROM @${kind.table} x WHERE ${isPresentLabelSql(kind.table, ref)} FOR UPDATE`;
  tx.turn(...labelTurns(kind.table, ref));
  const [row] = await tx.read<{ id: string; version: number; content: string }>({ text }, [keyOfLabel(ref)]);
  if (row === undefined) return null;
  const content: Content = JSON.parse(row.content);
  tx.turn(...labelTurns(kind.table, { id: row.id, slug: content.slug }));
  return { id: row.id, version: row.version, content };
}

type Alteration<Content> = {
  /** Throws if the version is not the one that the caller has read. */
  check(version: number): void;
  content(before: Content): Content;
  record(tx: Tx, change: LabelChange): Promise<void>;
};

/** Stores the new content of a label. If nothing changes, the version stays and nothing is recorded. */
export function changeLabel<Content extends LabelContent>(
  db: Db,
  kind: LabelKind<Content>,
  ref: LabelRef,
  alteration: Alteration<Content>,
): Promise<LabelView> {
  const change = () =>
    db.transaction(async (tx) => {
      const stored = await lockLabel(tx, kind, ref);
      if (stored === null) throw notFound();
      alteration.check(stored.version);
      const content = alteration.content(stored.content);
      const changed = Object.keys(content).filter((member) => content[member] !== stored.content[member]);
      if (changed.length > 0) {
        await update(tx, kind, stored.id, content, changed.includes('name'));
        const tookFrom = await rename(tx, kind, stored, content);
        const { id, version } = stored;
        const { slug } = content;
        const wasSlug = stored.content.slug;
        await alteration.record(tx, { id, slug, wasSlug, version: version + 1, changed, tookFrom });
      }
      return readWrittenLabel(tx, kind, stored.id);
    });
  return namingTakenLabel(db, kind, change);
}

/**
 * If the slug or the name changes, the old one keeps leading to this label. Returns the other labels to which the new ones
 * led.
 */
async function rename(
  tx: Tx,
  kind: AnyLabelKind,
  { id, content: before }: Locked<Called>,
  after: Called,
): Promise<string[]> {
  if (before.slug === after.slug && before.name === after.name) return [];
  const names = { table: kind.table, id };
  const left = keptNames(before).filter((was) => !keptNames(after).includes(was));
  if (left.length > 0) await keepNames(tx, names, left);
  return takeNames(tx, names, after);
}

async function update<Content extends LabelContent>(
  tx: Tx,
  kind: LabelKind<Content>,
  id: string,
  content: Content,
  renamed: boolean,
): Promise<void> {
  const columns = Object.entries<string>(kind.columns);
  const sets = columns.map(([, column], index) => `${column} = $${index + 3}::text`);
  const text = `UPDATE @${kind.table} SET identity_key = coalesce($2::text, identity_key), ${sets.join(', ')},
    identity_version = CASE WHEN $2::text IS NULL THEN identity_version ELSE ${identityVersion} END, version = version + 1, updated_at = date_trunc('milliseconds', now()) WHERE id = $1::uuid RETURNING id::text`;
  try {
    await tx.read({ text }, valuesOf(columns, id, content, renamed ? identityKey(content.name) : null));
  } catch (thrown) {
    throw refused(thrown, kind, content, null);
  }
  if (renamed) await checkFormer(tx, kind, id, content.name);
}
