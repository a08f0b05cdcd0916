import type { z } from 'zod';
import { presentWritten } from '../../article/answers.ts';
import { PublishBody, ReturnBody, StepBody } from '../../article/inputs.ts';
import type { Step } from '../../article/lifecycle.ts';
import { notYetPublic, publishedForStaff } from '../../article/samples.ts';
import { ArticleWritten } from '../../article/views.ts';
import { type Endpoint, post, type Spec } from '../../http/endpoint.ts';
import { publishText } from './articles.texts.ts';
import type { ArticleWriting, StepOptions } from './articles.writing.ts';

/** The steps that have a POST of their own. Moving to the trash is a DELETE. */

type StepFacts = Pick<
  Spec,
  'id' | 'summary' | 'description' | 'access' | 'bodyOptional' | 'bodyExample' | 'codes' | 'replyExample'
> & {
  readonly body: z.ZodType<StepOptions>;
};

/** Without `gone` for editors: they see what is in the trash. */
const byEditors = { access: 'editor', codes: ['wrong-state', 'draft-etag'], replyExample: notYetPublic } as const;
const byAuthors = { ...byEditors, access: 'author', codes: ['wrong-state', 'gone', 'draft-etag'] } as const;
const withNote = { body: StepBody, bodyOptional: true } as const;

const steps = {
  publish: {
    id: 'publishArticle',
    summary: 'Publish now, or at a time',
    description: publishText,
    access: 'editor',
    codes: [
      ...(['draft-behind', 'wrong-state', 'slug-taken', 'source-item-taken', 'edition-taken', 'conflict'] as const),
      ...(['never-public', 'unprocessable', 'draft-gone', 'draft-etag'] as const),
    ],
    replyExample: publishedForStaff,
    body: PublishBody,
    bodyOptional: true,
    bodyExample: { draftVersion: 0, note: 'সম্পাদক দেখেছেন।' },
  },
  submit: {
    id: 'submitArticle',
    summary: 'Submit a draft for review',
    description: 'From `draft` only, elsewhere 409 `wrong-state`. Editors any, authors their own.',
    ...byAuthors,
    ...withNote,
    bodyExample: { note: 'ছবির ক্যাপশন পরে আসবে।' },
    replyExample: { ...notYetPublic, status: 'review' },
  },
  return: {
    id: 'returnArticle',
    summary: 'Return an article from review to its author, with a note',
    description:
      'From `review` only, elsewhere 409 `wrong-state`. The article is a draft then, and `notes` has the note.',
    ...byEditors,
    body: ReturnBody,
    bodyExample: { note: 'দ্বিতীয় অনুচ্ছেদে সংখ্যাটি মিলিয়ে নিন।' },
  },
  unpublish: {
    id: 'unpublishArticle',
    summary: 'Take an article back to draft',
    description: 'Readers get 404. A date that is still ahead is lost; those that have passed stay.',
    ...byEditors,
    ...withNote,
    bodyExample: { note: 'তথ্য আবার যাচাই করা হচ্ছে।' },
  },
  archive: {
    id: 'archiveArticle',
    summary: 'Archive an article',
    description: 'Readers get 410 if it was public once. A date that is still ahead is lost.',
    ...byEditors,
    ...withNote,
    bodyExample: { note: 'নতুন প্রতিবেদনে সবই আছে।' },
    replyExample: { ...publishedForStaff, status: 'archived' },
  },
  restore: {
    id: 'restoreArticle',
    summary: 'Bring an article back from trash or archive, as a draft',
    description:
      'Editors any, authors their own from the trash, whoever put it there; the event names both. Where the story has another edition in its language by now, it stands alone and `left-story` in `warnings` says so.',
    ...byAuthors,
    ...withNote,
    bodyExample: { note: 'ভুল করে সরানো হয়েছিল।' },
  },
} as const satisfies Readonly<Record<Exclude<Step, 'trash'>, StepFacts>>;

const stepRoute = (articles: ArticleWriting, step: keyof typeof steps): Endpoint => {
  const facts: StepFacts = steps[step];
  return post(
    `/articles/{idOrSlug}/${step}`,
    { ...facts, ifMatch: true, reply: ArticleWritten },
    async ({ actor, params, body, ifMatch, call }) =>
      presentWritten(await articles.step({ actor, segment: params.idOrSlug, ifMatch, call }, step, body)),
  );
};

const hasRoute = (step: string): step is keyof typeof steps => Object.hasOwn(steps, step);

export const stepRoutes = (articles: ArticleWriting): Endpoint[] =>
  Object.keys(steps)
    .filter(hasRoute)
    .map((step) => stepRoute(articles, step));
