import { articles, lists } from './chapters/articles.mjs';
import { bulk, idempotency } from './chapters/bulk.mjs';
import { drafts } from './chapters/drafts.mjs';
import { labels } from './chapters/labels.mjs';
import { lifecycle, times } from './chapters/lifecycle.mjs';
import { accounts, operators } from './chapters/people.mjs';
import { editions, previews, revisions } from './chapters/revisions.mjs';
import { wire } from './chapters/wire.mjs';

/** The storylines, in the order in which they are told. */
export const chapters = {
  articles,
  lifecycle,
  times,
  drafts,
  revisions,
  previews,
  editions,
  wire,
  bulk,
  idempotency,
  labels,
  lists,
  accounts,
  operators,
};
