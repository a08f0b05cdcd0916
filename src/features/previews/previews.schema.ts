import { z } from 'zod';
import { readersPage } from '../../article/views.ts';
import { PersonRef } from '../../http/schema/references.ts';
import { pageOf, paging, shownId, shownInstant, shownInstantOrNull } from '../../http/schema/values.ts';
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
      .meta({ description: `For how many hours the link is good; ${hoursDefault} when absent.`, example: 48 }),
  })
  .meta({ id: 'PreviewCreate' });
export type PreviewCreate = z.output<typeof PreviewCreate>;

export const previewListQuery = (itemsMax: number) => z.strictObject(paging(itemsMax));
export type PreviewListQuery = z.output<ReturnType<typeof previewListQuery>>;

const tokenExample = '0199f3c27a107cc39d5b6f0a3f1f2b11.b3BlbnMgbm90aGluZywgb25seSBhbiBleGFtcGxlLi4uLi4';

const shown = {
  id: shownId('The id of the link.'),
  showsDraft: z.boolean().meta({
    description: 'Whether it shows the working draft; the link of who is no editor, or no longer, does not.',
  }),
  suspended: z.boolean().meta({
    description:
      'Whether it shows nothing for now, though it has not ended: who made it is disabled, gone or may not share the article any more, its access key is no longer good, or the article is in the trash or killed by its source.',
  }),
  createdBy: PersonRef.nullable().meta({ description: 'Null when that user is gone.' }),
  article: shownId('The id of the article that it shows.'),
  key: z.string().nullable().meta({
    format: 'uuid',
    description: 'The access key with which it was made; it ends with that. Null without one.',
    example: null,
  }),
  createdAt: shownInstant('When the link was made.'),
  expiresAt: shownInstant('When the link ends, unless it is revoked before.').meta({
    example: '2026-03-03T00:00:00.000Z',
  }),
  revokedAt: shownInstantOrNull('When the link was revoked. Null where it was not.'),
};

/** A link as the newsroom sees it. Its token is shown once, in the answer that made the link. */
const PreviewView = z.object(shown).meta({ id: 'Preview' });
export type PreviewView = z.input<typeof PreviewView>;

export const PreviewPage = pageOf(PreviewView, 'PreviewPage');

export const PreviewMade = z
  .object({
    ...shown,
    url: z.string().meta({
      format: 'uri',
      description: 'The address, to be given to those who are to see the article. It is not shown again.',
      example: `https://news.example/v1/previews/${tokenExample}`,
    }),
    token: z.string().meta({
      description: 'The last part of `url`, for a page of your own that asks for it.',
      example: tokenExample,
    }),
  })
  .meta({ id: 'PreviewMade' });
export type PreviewMade = z.input<typeof PreviewMade>;

/** What a link shows: the article as publishing would make it, and as readers would see it. */
export const PreviewedArticle = z
  .object({
    ...readersPage,
    preview: z
      .object({
        isDraft: z.boolean().meta({
          description: 'Whether a working draft is shown, and not the article as it is.',
          example: true,
        }),
        blockedBy: blockedBy(),
        expiresAt: shownInstant('When the link ends.').meta({ example: '2026-03-03T00:00:00.000Z' }),
      })
      .meta({ description: 'What the link shows, and until when.' }),
  })
  .meta({ id: 'PreviewedArticle' });
export type PreviewedArticle = z.input<typeof PreviewedArticle>;
