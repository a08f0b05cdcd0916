import type { z } from 'zod';
import { presentWritten } from '../../article/answers.ts';
import { PublishBody, ReturnBody, StepBody } from '../../article/inputs.ts';
import type { Step } from '../../article/lifecycle.ts';
import { ArticleWritten } from '../../article/views.ts';
import { type Endpoint, post, type Spec } from '../../http/endpoint.ts';
import type { ArticleWriting, StepOptions } from './articles.writing.ts';

/** The steps that an article takes by a POST of their own; the trash is a DELETE. */

const publishText =
  'Draft, in review, archived or published already. With `at` it becomes public then, past times too. Without: a scheduled article is public now; ' +
  'otherwise the date that it already has stays, and one without a date gets this moment. An expiry that has passed is dropped; `expiry-dropped` in `warnings` names it. A time to come takes from readers what is public now: `no-longer-public`. ' +
  'A working draft is applied whole and is gone then; one that the live article has overtaken is 409 `draft-behind` until it is rebased. ' +
  'If-Match is of the article and does not know what is typed into the draft: name the draft that you have read as `draftVersion` (0 for none), and nothing else goes out. ' +
  'Without it, `warnings` has `applied-draft` with the version of the draft that was applied, who changed it last, and when. ' +
  'Published again as it is, an article keeps its version, and a draft that changes nothing of it is gone (`draft.deleted`); a `note` makes a version also then. ' +
  'What a wire has killed may be published; `killed` in `warnings` gives the reason, the first time and until the wire sends a newer version.';

type StepFacts = Pick<
  Spec,
  'id' | 'summary' | 'description' | 'access' | 'bodyOptional' | 'bodyExample' | 'failures'
> & {
  readonly body: z.ZodType<StepOptions>;
};

/** To editors nothing is gone: they see what is in the trash. */
const byEditors = { access: 'editor', failures: ['Conflict', 'Unprocessable'] } as const;
const byAuthors = { access: 'author', failures: ['Conflict', 'Unprocessable', 'Gone'] } as const;
const withNote = { body: StepBody, bodyOptional: true } as const;

const steps = {
  publish: {
    id: 'publishArticle',
    summary: 'Publish now, or at a time',
    description: publishText,
    ...byEditors,
    body: PublishBody,
    bodyOptional: true,
    bodyExample: { draftVersion: 0, note: 'সম্পাদক দেখেছেন।' },
  },
  submit: {
    id: 'submitArticle',
    summary: 'Submit a draft for review',
    ...byAuthors,
    ...withNote,
    bodyExample: { note: 'ছবির ক্যাপশন পরে আসবে।' },
  },
  return: {
    id: 'returnArticle',
    summary: 'Return an article from review to its author, with a note',
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

export const stepRoutes = (articles: ArticleWriting): Endpoint[] => [
  stepRoute(articles, 'publish'),
  stepRoute(articles, 'submit'),
  stepRoute(articles, 'return'),
  stepRoute(articles, 'unpublish'),
  stepRoute(articles, 'archive'),
  stepRoute(articles, 'restore'),
];
