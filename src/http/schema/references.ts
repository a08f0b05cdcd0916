import { z } from 'zod';
import { shownId, shownInstant } from './values.ts';

/** The small objects that several answers show; shapes only. */

export const SourceRef = z
  .object({
    id: shownId('The id of the source.'),
    slug: z.string().meta({ description: 'The slug of the source, for addresses and filters.', example: 'reuters' }),
    name: z.string().meta({ description: 'What the source is called.', example: 'রয়টার্স' }),
    creditLine: z.string().nullable().meta({
      description: 'What readers are shown as the source, as it was written. Null: none.',
      example: 'সূত্র : রয়টার্স',
    }),
  })
  .meta({ id: 'SourceRef' });

export const TagRef = z
  .object({
    id: shownId('The id of the tag.'),
    slug: z.string().meta({ description: 'The slug of the tag, for addresses and filters.', example: 'কৃষি' }),
    name: z.string().meta({ description: 'What the tag is called.', example: 'কৃষি' }),
  })
  .meta({ id: 'TagRef' });

export const PersonRef = z
  .object({
    id: shownId('The id of the user.'),
    name: z.string().meta({ description: 'The name of the user.', example: 'রিনা আখতার' }),
    initials: z
      .string()
      .nullable()
      .meta({ description: 'As the desk signs stories. Null where the user has none.', example: 'রআ' }),
  })
  .meta({ id: 'PersonRef' });

export const CoverView = z
  .object({
    url: z.string().meta({ format: 'uri', example: 'https://news.example/media/nodi.jpg' }),
    alt: z.string().meta({ example: 'ভোরের আলোয় নদীর ঘাট' }),
    caption: z.string().nullable(),
    credit: z.string().nullable(),
    width: z.int().nullable(),
    height: z.int().nullable(),
  })
  .meta({ id: 'Cover' });

/** One item of the latest list: what a sidebar shows. */
export const LatestItem = z
  .object({
    id: z.string().meta({ format: 'uuid' }),
    slug: z.string().meta({ example: 'নদীর-পানি-বাড়ছে-সতর্ক-থাকার-পরামর্শ' }),
    title: z.string().meta({ example: 'নদীর পানি বাড়ছে, সতর্ক থাকার পরামর্শ' }),
    kicker: z.string().nullable(),
    excerpt: z.string().nullable(),
    cover: CoverView.nullable(),
    source: SourceRef.nullable(),
    tags: z.array(TagRef),
    language: z.string().meta({ example: 'bn' }),
    publishedAt: shownInstant(),
  })
  .meta({ id: 'LatestItem' });
export type LatestItem = z.input<typeof LatestItem>;
