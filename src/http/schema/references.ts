import { z } from 'zod';
import { shownId } from './values.ts';

/** Schemas of the small objects that several answers contain. */

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
