import { z } from 'zod';
import { pageOf, paging, shownId } from '../../http/schema/values.ts';

export const redirectListQuery = (itemsMax: number) => z.strictObject(paging(itemsMax));
export type RedirectListQuery = z.output<ReturnType<typeof redirectListQuery>>;

const RedirectView = z
  .object({
    from: z.string().meta({ description: 'The old slug.', example: 'নদীর-পানি-বাড়ছে' }),
    to: z.string().meta({ description: 'The slug of the article now.', example: 'নদীর-পানি-কমছে' }),
    articleId: shownId('The id of the article.'),
    language: z.string().meta({ description: 'The language of the article, a BCP 47 tag.', example: 'bn' }),
  })
  .meta({ id: 'Redirect' });
export type RedirectView = z.input<typeof RedirectView>;

export const RedirectPage = pageOf(RedirectView, 'RedirectPage');
