import type { ArticleCreate } from '../../article/inputs.ts';
import { slugify } from '../../core/slug.ts';
import { derivedSlug } from '../../core/slug-choice.ts';
import type { BulkElement } from './bulk.schema.ts';

/** The articles that a bulk makes: what can be looked up before, and which of them are stored together. */

const madeBy = (element: BulkElement): ArticleCreate[] =>
  'operation' in element && element.operation.op === 'create' ? [element.operation.body] : [];

/** The slug that is tried first. Empty if the title gives none, and then it is the id. */
const firstSlug = ({ slug, title }: ArticleCreate) =>
  slug === undefined ? derivedSlug(title, '', 1).slug : slugify(slug);

export type NewArticle = { slug: string; isGiven: boolean; labels: ArticleCreate };

export const newArticles = (elements: readonly BulkElement[]): NewArticle[] =>
  elements.flatMap(madeBy).map((body) => ({ slug: firstSlug(body), isGiven: body.slug !== undefined, labels: body }));

/** This many are stored within a tenth of a second; others wait that long for the slugs and labels that they lock. */
const groupMax = 20;

/** The creations that follow one another from this place on, as many as one transaction takes. */
export function creationsFrom(elements: readonly BulkElement[], place: number): readonly BulkElement[] {
  const within = elements.slice(place, place + groupMax);
  const other = within.findIndex((element) => madeBy(element).length === 0);
  return other < 0 ? within : within.slice(0, other);
}
