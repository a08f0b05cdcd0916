import { demoArticles1 } from './demo-articles-1.ts';
import { demoArticles2 } from './demo-articles-2.ts';
import { demoArticles3 } from './demo-articles-3.ts';
import { demoArticles4 } from './demo-articles-4.ts';

/**
 * An article of the demonstration newsroom. Every happening and every person in it is invented.
 *
 * `source` is the slug of a demo source. `tags` are names of demo tags, the section first.
 * A published article went out `minutesAgo` before the newsroom is filled, a scheduled one is due `inHours` after it.
 * The cover is `coverFor(index)`, so `coverAlt` describes the picture at the article's place in the list.
 */
export type DemoArticle = {
  title: string;
  kicker?: string;
  excerpt: string;
  body: string;
  bodyFormat: 'html' | 'markdown' | 'text';
  language: string;
  source?: string;
  tags: string[];
  deskInitials: string;
  byline?: string;
  coverAlt: string;
  coverCaption?: string;
  coverCredit?: string;
  minutesAgo?: number;
  inHours?: number;
  state: 'published' | 'scheduled' | 'draft';
};

/** Newest first; the scheduled one and the draft come last. */
export const demoArticles: readonly DemoArticle[] = [
  ...demoArticles1,
  ...demoArticles2,
  ...demoArticles3,
  ...demoArticles4,
];
