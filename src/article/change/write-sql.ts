import { parameters } from '../../db/sql.ts';
import { insertEventsSql } from '../../outbox/record.ts';
import { storyKeysSql } from '../cache-keys.ts';
import { columns, keptFields, staffArticleFields } from '../field-lists.ts';
import type { Member } from '../fields.ts';
import { keepSlugSql } from '../read/old-slugs.ts';
import {
  articleJson,
  articleJsonFor,
  fieldSql,
  notesOf,
  otherEditionSqlOf,
  personSql,
  sharedFields,
  tagsOf,
} from '../read/view-sql.ts';
import { type Audience, visibleTo } from '../read/visible.ts';
import { keepEntrySql } from '../search/entries.ts';
import { instants } from './stored-sql.ts';

/**
 * The statement that stores a change: row, tags, old slugs, revision, events and instants to come, with the article as it
 * is afterwards. All parts of one statement see the tables as they were before it: what the call changes is taken from
 * `RETURNING` and from its parameters, and a part that must come after another reads that one.
 */

type ColumnMember = (typeof columns)[number]['member'];

const typeOfMember = (member: Member): string => {
  if (instants.has(member)) return 'timestamptz';
  switch (member) {
    case 'sourceId':
    case 'storyId':
      return 'uuid';
    case 'cover':
    case 'corrections':
      return 'jsonb';
    case 'itemVersion':
      return 'int';
    case 'slugDerived':
      return 'boolean';
    default:
      return 'text';
  }
};

const bookkeeping = {
  id: 'uuid',
  version: 'int',
  actorId: 'uuid',
  now: 'timestamptz',
  tags: 'uuid[]',
  step: 'text',
  note: 'text',
  changed: 'text[]',
  events: 'text',
  /** The story whose other editions, if there are any, show what changes; or null. */
  story: 'uuid',
  dueWhat: 'text[]',
  dueAt: 'timestamptz[]',
  /** Whether to look for another article to which the slug led. */
  takesSlug: 'boolean',
  placeholder: 'text',
  /** What the search keeps of the article; null if it is to stay as it is. */
  entry: 'text',
  neighbours: 'text',
} as const;

const ofUpdates = {
  bodyChanges: 'boolean',
  tagsChange: 'boolean',
  dueChanges: 'boolean',
  slugChanges: 'boolean',
  keepsSlug: 'text',
  expiredAt: 'timestamptz',
  dropsSlug: 'text',
  dropsDraft: 'boolean',
} as const;

const ofAnswers = { publicUrl: 'text' } as const;
const ofAuthors = { caller: 'uuid' } as const;

const types = { ...ofAnswers, ...bookkeeping, ...ofUpdates, ...ofAuthors };
type FurtherName = keyof typeof types;
export type WriteName = ColumnMember | FurtherName;

const isFurther = (name: WriteName): name is FurtherName => Object.hasOwn(types, name);
const typeOf = (name: WriteName): string => (isFurther(name) ? types[name] : typeOfMember(name));

const namesOf = (record: Partial<Record<FurtherName, string>>) =>
  Object.keys(record).filter((name): name is FurtherName => Object.hasOwn(types, name));

/** Advisory locks on slugs; see `writes.ts`. */
export const slugLocks = 72707371;

export type WriteKind = { readonly audience: Audience; readonly isNew: boolean; readonly answers: boolean };

/** The statement for one kind of write, and how its values are put in order. */
export function writeStatement({ audience, isNew, answers }: WriteKind) {
  const names: WriteName[] = [
    // The views take `$1` for the public address.
    ...namesOf(answers ? ofAnswers : {}),
    ...namesOf(bookkeeping),
    ...columns.map(({ member }) => member),
    ...namesOf(isNew ? {} : ofUpdates),
    ...namesOf(audience === 'author' ? ofAuthors : {}),
  ];
  const { at, bind } = parameters<WriteName>(names, typeOf);
  // A value of the execution: PostgreSQL would otherwise prefer a plan for these very values, and make one for each call.
  const late = (name: WriteName) => `(SELECT ${at(name)})`;
  const lateArray = (name: 'tags' | 'dueWhat' | 'dueAt') => `(${late(name)}::${types[name]})`;
  const caller = audience === 'author' ? at('caller') : '';

  const own = [
    ...columns.map(({ member, column }) => [column, at(member)] as const),
    ['version', at('version')],
    ['updated_by_id', at('actorId')],
    ['updated_at', at('now')],
  ] as const;
  const inserted = [...own, ['id', at('id')], ['created_by_id', at('actorId')], ['created_at', at('now')]] as const;
  const unchangedBody = (column: string, value: string) =>
    column === 'body' || column === 'body_html'
      ? `CASE WHEN ${late('bodyChanges')} THEN ${value} ELSE x.${column} END`
      : value;

  const lock = `SELECT pg_advisory_xact_lock(${slugLocks}, hashtext(${at('slug')}))::text AS done`;
  const row = isNew
    ? `INSERT INTO @articles (${inserted.map(([column]) => column).join(', ')})
      SELECT ${inserted.map(([, value]) => value).join(', ')} FROM locked RETURNING *`
    : `UPDATE @articles x SET ${own.map(([column, value]) => `${column} = ${unchangedBody(column, value)}`).join(', ')}
      FROM locked WHERE x.id = ${at('id')} AND locked.done IS NOT NULL RETURNING x.*`;

  const tagRows = `unnest(${lateArray('tags')}) WITH ORDINALITY at (tag_id, position)`;
  const tagged = `INSERT INTO @article_tags (article_id, tag_id, position)
      SELECT a.id, at.tag_id, at.position - 1 FROM a CROSS JOIN ${tagRows}`;
  // What the revision and the answer both show is made once.
  const shared = sharedFields(keptFields);
  const sharedSql = shared.map((name) => `${name === 'tags' ? tagsOf(tagRows, 'true') : fieldSql(name)} AS "${name}"`);
  const given = Object.fromEntries(shared.map((name) => [name, `o."${name}"`]));
  const snapshot = articleJson(keptFields, given).replaceAll('$1::text', at('placeholder'));
  const earlierNotes = `SELECT n.at, n.step, n.note, n.actor_id, n.version FROM @revisions n
      WHERE n.article_id = a.id AND n.note IS NOT NULL UNION ALL`;
  const notes = notesOf(`(${isNew ? '' : earlierNotes} SELECT k.* FROM kept k WHERE k.note IS NOT NULL) r`);
  const updatedBy = 'o.editor';
  const people = isNew ? { createdBy: updatedBy, updatedBy } : { updatedBy };
  const body = answers ? articleJsonFor(audience, staffArticleFields, caller, { ...given, ...people, notes }) : 'NULL';
  const due = `INSERT INTO @due (article_id, what, at) SELECT a.id, i.what, i.at
      FROM a CROSS JOIN unnest(${lateArray('dueWhat')}, ${lateArray('dueAt')}) i (what, at)`;

  const parts = [
    `locked AS MATERIALIZED (${isNew ? lock : `SELECT CASE WHEN ${late('slugChanges')} THEN (${lock}) ELSE '' END AS done`})`,
    `a AS (${row})`,
    ...(isNew
      ? [`tagged AS (${tagged})`, `due_kept AS (${due})`]
      : [
          `untagged AS (DELETE FROM @article_tags t USING a WHERE ${late('tagsChange')} AND t.article_id = a.id AND t.tag_id <> ALL(${lateArray('tags')}))`,
          `tagged AS (${tagged} WHERE ${late('tagsChange')} ON CONFLICT (article_id, tag_id) DO UPDATE SET position = EXCLUDED.position)`,
          `due_gone AS (DELETE FROM @due d USING a WHERE ${late('dueChanges')} AND d.article_id = a.id AND d.what <> ALL(${lateArray('dueWhat')}))`,
          `due_kept AS (${due} WHERE ${late('dueChanges')} ON CONFLICT (article_id, what) DO UPDATE SET at = EXCLUDED.at)`,
          `slug_kept AS (${keepSlugSql(late('keepsSlug'), at('id'), late('expiredAt'))})`,
          `slug_dropped AS (DELETE FROM @slug_history h USING a WHERE h.slug = ${late('dropsSlug')} AND h.article_id = a.id)`,
          `draft_gone AS (DELETE FROM @drafts d USING a WHERE ${late('dropsDraft')} AND d.article_id = a.id)`,
        ]),
    `shown AS MATERIALIZED (SELECT ${[...sharedSql, ...(answers ? [`${personSql(at('actorId'))} AS editor`] : [])].join(', ')}
      FROM a LEFT JOIN @sources s ON s.id = a.source_id)`,
    `searched AS (${keepEntrySql('a', { terms: late('entry'), neighbours: late('neighbours') }, `${late('entry')} IS NOT NULL`)})`,
    `kept AS (INSERT INTO @revisions (article_id, version, step, snapshot, changed, note, actor_id, at)
      SELECT a.id, a.version, ${at('step')}, ${snapshot}::jsonb, ${at('changed')}, ${at('note')}, ${at('actorId')}, ${at('now')}
      FROM a CROSS JOIN shown o RETURNING at, step, note, actor_id, version)`,
    `further AS MATERIALIZED (SELECT CASE WHEN ${late('story')} IS NOT NULL
      AND EXISTS (${otherEditionSqlOf(at('id'), late('story'))}) THEN ${storyKeysSql(late('story'))} ELSE '{}' END AS keys)`,
    `told AS (${insertEventsSql(at('events'), 'e.keys || ARRAY(SELECT k FROM further f, unnest(f.keys) k WHERE e.further AND k <> ALL(e.keys))')})`,
  ];
  const text = `WITH ${parts.join(',\n  ')}
  SELECT ${body}::text AS body, (SELECT f.keys FROM further f) AS further, ${late('takesSlug')} AND EXISTS (SELECT FROM @slug_history h JOIN @articles b ON b.id = h.article_id
    WHERE h.slug = ${at('slug')} AND b.id <> a.id AND b.deleted_at IS NULL
      AND ${visibleTo(audience, caller).replaceAll(/\ba\./g, 'b.')}) AS takes
  FROM a CROSS JOIN shown o`;
  const name = ['write', isNew ? 'new' : 'change', audience, answers ? 'answered' : 'unread'].join('-');
  return { statement: { name, text }, bind };
}
