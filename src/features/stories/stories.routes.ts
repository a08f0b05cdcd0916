import { presentWritten } from '../../article/answers.ts';
import { ArticleWritten } from '../../article/views.ts';
import { del, type Endpoint, put } from '../../http/endpoint.ts';
import { StoryBody } from './stories.schema.ts';
import type { StoryService } from './stories.service.ts';

export function storyRoutes(stories: StoryService): Endpoint[] {
  const common = {
    access: 'author',
    ifMatch: true,
    reply: ArticleWritten,
    failures: ['Conflict', 'Unprocessable', 'Gone'],
  } as const;
  return [
    put(
      '/articles/{idOrSlug}/story',
      {
        ...common,
        id: 'linkArticle',
        summary: 'Make an article an edition of a story',
        description:
          'The article gets the storyId of the one named, and each shows the other among its `translations`. Editors link any article, authors their own ' +
          'drafts, with any article that they may see; one that they may not see is `unknown-article`, as one that is not there. ' +
          'A story has one edition in a language (the exact tag; drafts and the archive count, the trash does not): a second is 409 `edition-taken`, ' +
          'and `existing` is the id of the first where the caller may see it.',
        body: StoryBody,
        bodyExample: { with: 'quiet-nights-on-the-meghna-bring-the-hilsa-back-say-fishers' },
      },
      async ({ actor, params, body, ifMatch, call }) =>
        presentWritten(await stories.link({ actor, segment: params.idOrSlug, ifMatch, call }, body.with)),
    ),
    del(
      '/articles/{idOrSlug}/story',
      {
        ...common,
        id: 'unlinkArticle',
        summary: 'Let an article stand alone',
        description: 'It gets a storyId of its own.',
      },
      async ({ actor, params, ifMatch, call }) =>
        presentWritten(await stories.unlink({ actor, segment: params.idOrSlug, ifMatch, call })),
    ),
  ];
}
