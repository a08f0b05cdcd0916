/**
 * Values for the examples of answers that must be consistent within one article, and so cannot come from its members one by
 * one: its state, its times, and what it does not have.
 */

const published = '2026-03-01T00:00:00.000Z';

const shown = {
  cover: { caption: 'সকালে নদীর ঘাটে মাঝিরা', credit: 'খবর', width: 1_600, height: 900 },
  sourceUrl: 'https://www.reuters.com/world/river-rises',
  sourceItemId: 'tag:reuters.com,2026:newsml_L8N/1',
  expiresAt: null,
  modifiedAt: null,
  corrections: [],
  translations: [
    {
      language: 'en',
      id: '0199f3c2-7a10-7cc3-9d5b-5b1e9a77c0d4',
      slug: 'river-rises-people-told-to-stay-alert',
      title: 'River rises, people told to stay alert',
    },
  ],
};

const staff = { deletedAt: null, notes: [], warnings: [] };

/** An article as readers see it. */
export const publishedForReaders = {
  ...shown,
  status: 'published',
  publishedAt: published,
  firstPublishedAt: published,
};

/** The articles that a write answers with: one published, one not yet public. */
export const publishedForStaff = { ...publishedForReaders, ...staff, version: 4 };
export const notYetPublic = { ...shown, ...staff, status: 'draft', publishedAt: null, firstPublishedAt: null };

/** An article as a revision keeps it: as readers see it, without the other editions. */
const { translations: _, ...kept } = publishedForReaders;
export const publishedOnce = kept;
