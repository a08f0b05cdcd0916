import { z } from 'zod';
import { articleBodies, wholeMax } from '../../article/inputs.ts';
import { ArticleWritten } from '../../article/views.ts';
import { PersonRef } from '../../http/schema/references.ts';
import { shownInstant } from '../../http/schema/values.ts';

const base = () => ({
  baseVersion: z.int().min(1).max(wholeMax).optional().meta({
    description:
      'The version of the article now: rebases the draft on it. What the draft changed stays, all else follows the live article. Another version is 409.',
  }),
});

export const draftBodies = (publicUrl: string) => {
  const { create, patch } = articleBodies(publicUrl);
  return {
    put: create.omit({ status: true, publishedAt: true }).partial().extend(base()).meta({ id: 'DraftPut' }),
    patch: patch
      .omit({ publishedAt: true, correction: true, correctionAt: true, modified: true })
      .extend(base())
      .meta({ id: 'DraftPatch' }),
  };
};
export type DraftPut = z.output<ReturnType<typeof draftBodies>['put']>;
export type DraftPatch = z.output<ReturnType<typeof draftBodies>['patch']>;

const { shape } = ArticleWritten;

export const blockedBy = () =>
  z.array(z.string()).meta({
    description:
      'The codes with which publishing it now would be refused, in their order: `draft-behind`, `slug-taken`, `source-item-taken`, `edition-taken` and others; none where nothing stops it.',
    example: ['slug-taken'],
  });

const members = {
  id: shape.id.meta({ format: 'uuid', description: "The article's id." }),
  language: shape.language,
  slug: shape.slug,
  kicker: shape.kicker,
  title: shape.title,
  excerpt: shape.excerpt,
  body: shape.body,
  bodyFormat: shape.bodyFormat,
  bodyHtml: shape.bodyHtml,
  cover: shape.cover,
  byline: shape.byline,
  deskInitials: shape.deskInitials,
  source: shape.source,
  sourceUrl: shape.sourceUrl,
  sourceItemId: shape.sourceItemId,
  tags: shape.tags,
  expiresAt: shape.expiresAt,
  version: z.int().meta({
    description:
      "The draft's own: a million or more, and never one of the article. Publishing takes it as `draftVersion`.",
  }),
  baseVersion: z.int().meta({ description: 'The version of the article that the draft began from or was rebased on.' }),
  articleVersion: z.int().meta({ description: "The article's version now: publishing needs it as If-Match." }),
  behind: z.boolean().meta({ description: 'Publishing would undo a change of the live article, and is 409.' }),
  blockedBy: blockedBy(),
  updatedAt: shownInstant(),
  updatedBy: PersonRef.nullable().meta({ description: 'Null when that user is gone.' }),
  changes: z
    .array(z.object({ field: z.string(), live: z.unknown(), draft: z.unknown() }))
    .meta({ description: 'What publishing would change.' }),
  warnings: shape.warnings.meta({
    description:
      '`removed-tag` and `removed-source` for what the draft names and is there no longer; of a write also what the sanitiser took out of its body.',
  }),
};

export const DraftView = z.object(members).meta({ id: 'Draft' });
export type DraftView = z.input<typeof DraftView>;

export const DraftWritten = z.object(members).meta({ id: 'DraftWritten' });
export type DraftWritten = z.input<typeof DraftWritten>;
