import { z } from 'zod';
import { ArticlePage } from '../../article/views.ts';
import { PersonRef } from '../../http/schema/references.ts';
import { pageOf, paging, shownInstant } from '../../http/schema/values.ts';
import { blockedBy } from '../drafts/drafts.schema.ts';

export const hoursDefault = 24;
const hoursMax = 168;

export const PreviewCreate = z
  .strictObject({
    expiresInHours: z
      .int({ error: `Use a whole number from 1 to ${hoursMax}.` })
      .min(1)
      .max(hoursMax)
      .optional()
      .meta({ description: `${hoursDefault} when absent.`, example: 48 }),
  })
  .meta({ id: 'PreviewCreate' });
export type PreviewCreate = z.output<typeof PreviewCreate>;

export const previewListQuery = (itemsMax: number) => z.strictObject(paging(itemsMax));
export type PreviewListQuery = z.output<ReturnType<typeof previewListQuery>>;

const shown = {
  id: z.string().meta({ format: 'uuid' }),
  showsDraft: z.boolean().meta({
    description: 'Whether it shows the working draft; the link of who is no editor, or no longer, does not.',
  }),
  suspended: z.boolean().meta({
    description:
      'Whether it shows nothing for now, though it has not ended: who made it is disabled, gone or may not share the article any more, its access key is no longer good, or the article is in the trash or killed by its source.',
  }),
  createdBy: PersonRef.nullable().meta({ description: 'Null when that user is gone.' }),
  article: z.string().meta({ format: 'uuid' }),
  key: z
    .string()
    .nullable()
    .meta({ format: 'uuid', description: 'The access key with which it was made; it ends with that.' }),
  createdAt: shownInstant(),
  expiresAt: shownInstant(),
  revokedAt: shownInstant().nullable(),
};

/** A link as the newsroom sees it; its token is shown once, in the answer that made it. */
const PreviewView = z.object(shown).meta({ id: 'Preview' });
export type PreviewView = z.input<typeof PreviewView>;

export const PreviewPage = pageOf(PreviewView, 'PreviewPage');

export const PreviewMade = z
  .object({
    ...shown,
    url: z.string().meta({ format: 'uri', description: 'For whoever shall see it. It is not shown again.' }),
    token: z.string().meta({ description: 'The last part of `url`, for a page of your own that asks for it.' }),
  })
  .meta({ id: 'PreviewMade' });
export type PreviewMade = z.input<typeof PreviewMade>;

/** What a link shows: the article as publishing would make it, and as readers would see it. */
export const PreviewedArticle = z
  .object({
    ...ArticlePage.omit({
      latest: true,
      createdBy: true,
      createdAt: true,
      updatedBy: true,
      updatedAt: true,
      deletedAt: true,
      notes: true,
    }).shape,
    preview: z.object({
      isDraft: z.boolean().meta({ description: 'Whether a working draft is shown, and not the article as it is.' }),
      blockedBy: blockedBy(),
      expiresAt: shownInstant().meta({ description: 'When the link ends.' }),
    }),
  })
  .meta({ id: 'PreviewedArticle' });
export type PreviewedArticle = z.input<typeof PreviewedArticle>;
