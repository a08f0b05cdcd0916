import type { StemOf } from '../../core/search/dictionaries.ts';
import { indexTerms } from '../../core/search/terms.ts';
import type { Content } from '../content.ts';
import { dayOf, entryKeys, monthOf, periodsOf } from './keys.ts';
import { type FieldTerms, placed, vectorText } from './lexemes.ts';
import { neighboursText } from './neighbours.ts';
import { plainText } from './plain-text.ts';

/** What the search keeps of an article. */

const members = [
  'title',
  'kicker',
  'excerpt',
  'byline',
  'bodyHtml',
  'language',
  'status',
  'publishedAt',
  'expiresAt',
  'deletedAt',
  'sourceId',
] as const satisfies (keyof Content)[];

export type Searched = Pick<Content, (typeof members)[number] | 'tagIds'> & { createdById: string | null };

const sameSet = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((one) => b.includes(one));

/** Whether a change of an article changes its entry: its words, dates, state or labels. */
export const changesEntry = (before: Content, after: Content): boolean =>
  members.some((member) => before[member] !== after[member]) || !sameSet(before.tagIds, after.tagIds);

function keysOf(article: Searched): string[] {
  const { status, deletedAt, language, sourceId, tagIds, createdById, publishedAt } = article;
  return [
    entryKeys.state(deletedAt === null ? status : 'trash'),
    entryKeys.language(language),
    ...(createdById === null ? [] : [entryKeys.author(createdById)]),
    ...(sourceId === null ? [] : [entryKeys.source(sourceId)]),
    ...tagIds.map(entryKeys.tag),
    ...(publishedAt === null ? [entryKeys.undated] : timesOf(new Date(publishedAt))),
  ];
}

const timesOf = (published: Date) => [entryKeys.day(dayOf(published)), ...periodsOf(monthOf(published))];

/** The texts of an entry, as PostgreSQL reads them. */
export type Entry = { terms: string; neighbours: string };

export function entryOf(article: Searched, stemOf: StemOf): Entry {
  const { language } = article;
  const field = (text: string | null, weight: FieldTerms['weight']): FieldTerms => ({
    terms: text === null ? [] : indexTerms(text, stemOf, { language }),
    weight,
    isTitle: false,
  });
  const title = {
    terms: indexTerms(article.title, stemOf, { language, wholes: true }),
    weight: 'A',
    isTitle: true,
  } as const;
  const fields = [
    title,
    field(article.kicker, 'B'),
    field(article.excerpt, 'B'),
    field(article.byline, 'B'),
    field(plainText(article.bodyHtml), ''),
  ];
  return { terms: vectorText(fields, keysOf(article)), neighbours: neighboursText(placed(fields)) };
}
