import { presentWritten } from '../../article/answers.ts';
import { StepBody } from '../../article/inputs.ts';
import { notYetPublic, publishedOnce } from '../../article/samples.ts';
import { ArticleWritten } from '../../article/views.ts';
import { type Endpoint, get, post } from '../../http/endpoint.ts';
import { presentComparison, presentRevision, presentRevisionPage } from './revisions.presenter.ts';
import {
  ArticleRevision,
  CompareQuery,
  RevisionComparison,
  RevisionPage,
  revisionListQuery,
} from './revisions.schema.ts';
import type { RevisionService } from './revisions.service.ts';
import { restoreText } from './revisions.texts.ts';

const who = 'Viewers, editors and admins of every article that they see; authors of their own.';

export function revisionRoutes(revisions: RevisionService, limits: { itemsMax: number }): Endpoint[] {
  return [
    get(
      '/articles/{idOrSlug}/revisions',
      {
        id: 'listRevisions',
        summary: 'List the revisions of an article, newest first',
        order: 'newest first, by `version`',
        description: `Every change makes one. ${who}`,
        access: 'viewer',
        query: revisionListQuery(limits.itemsMax),
        reply: RevisionPage,
        failures: ['NotFound'],
      },
      async ({ actor, params, query }) => presentRevisionPage(await revisions.list(actor, params.idOrSlug, query)),
    ),
    get(
      '/articles/{idOrSlug}/revisions/{version}',
      {
        id: 'getRevision',
        summary: 'Read an article as it was after a change',
        description: `${who} The ETag names this version: as If-Match it holds while the version is the current one.`,
        access: 'viewer',
        reply: ArticleRevision,
        replyExample: publishedOnce,
        failures: ['NotFound'],
      },
      async ({ actor, params }) => presentRevision(await revisions.get(actor, params.idOrSlug, params.version)),
    ),
    get(
      '/articles/{idOrSlug}/revisions/{version}/compare',
      {
        id: 'compareRevisions',
        summary: 'Compare two versions field by field, texts word by word',
        description: `What differs from \`with\` to this version. \`bodyHtml\` follows from the body and is left out. ${who}`,
        access: 'viewer',
        query: CompareQuery,
        costly: true,
        reply: RevisionComparison,
        failures: ['NotFound'],
      },
      async ({ actor, params, query }) =>
        presentComparison(await revisions.compare(actor, params.idOrSlug, params.version, query), (from, to) =>
          revisions.diff(actor, from, to),
        ),
    ),
    post(
      '/articles/{idOrSlug}/revisions/{version}/restore',
      {
        id: 'restoreRevision',
        summary: 'Bring an old version back as a new one',
        description: restoreText,
        access: 'author',
        body: StepBody,
        bodyOptional: true,
        ifMatch: true,
        reply: ArticleWritten,
        codes: [
          ...(['wrong-state', 'edition-taken', 'conflict', 'body-too-costly.restored'] as const),
          ...(['unprocessable', 'gone', 'draft-etag'] as const),
        ],
        replyExample: notYetPublic,
        bodyExample: { note: 'আগের শিরোনামটিই ঠিক ছিল।' },
      },
      async ({ actor, params, body, ifMatch, call }) =>
        presentWritten(
          await revisions.restore({ actor, segment: params.idOrSlug, ifMatch, call }, params.version, body?.note),
        ),
      ({ actor, params }) => revisions.prepareRestore(actor, params.idOrSlug, params.version),
    ),
  ];
}
