import { presentWritten } from '../../article/answers.ts';
import { notYetPublic } from '../../article/samples.ts';
import { ArticleWritten } from '../../article/views.ts';
import { del, type Endpoint, put } from '../../http/endpoint.ts';
import { StoryBody } from './stories.schema.ts';
import type { StoryService } from './stories.service.ts';

const linkText = `**When**
- Editors link any article, authors their own drafts, with any article that they may see.

**Effect**
- The article gets the storyId of the one named, and each shows the other among its \`translations\`.
- A story has one edition in a language: the exact tag; drafts and the archive count, the trash does not.

**Errors**
- 409 \`edition-taken\`: the story has an edition in this language, and \`existing\` is its id where the caller may see it.
- 409 \`wrong-state\`: the article is in the trash.
- 422 \`unknown-article\`: the one named is not there, is in the trash, or is not to be seen by this caller.`;

export function storyRoutes(stories: StoryService): Endpoint[] {
  const common = {
    access: 'author',
    ifMatch: true,
    reply: ArticleWritten,
    codes: ['wrong-state', 'gone', 'draft-etag'],
    replyExample: notYetPublic,
  } as const;
  return [
    put(
      '/articles/{idOrSlug}/story',
      {
        ...common,
        id: 'linkArticle',
        summary: 'Make an article an edition of a story',
        description: linkText,
        codes: ['edition-taken', 'wrong-state', 'conflict', 'unknown-article', 'own-story', 'gone', 'draft-etag'],
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
        description: 'It gets a storyId of its own, where others have the same; one that is alone keeps its version.',
      },
      async ({ actor, params, ifMatch, call }) =>
        presentWritten(await stories.unlink({ actor, segment: params.idOrSlug, ifMatch, call })),
    ),
  ];
}
