import type { Actor } from '../../core/actor.ts';
import { publicArticleFields, staffArticleFields } from '../field-lists.ts';
import type { ArticleField } from '../fields.ts';

/** The fields that a caller may ever see. */
export const fieldsOf = (actor: Actor | null): readonly ArticleField[] =>
  actor === null ? publicArticleFields : staffArticleFields;

/** The fields to show: those asked for, and always the id. */
export const chosen = (
  all: readonly ArticleField[],
  asked: readonly string[] | undefined,
  otherwise: (field: ArticleField) => boolean,
) => all.filter((field) => (asked === undefined ? otherwise(field) : field === 'id' || asked.includes(field)));

/** What lists show when they are not told: all but what may be very long. */
export const lean = (field: ArticleField) => field !== 'body' && field !== 'bodyHtml';
