import { presentWritten } from '../../article/answers.ts';
import { StepBody } from '../../article/inputs.ts';
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

const who = 'Viewers, editors and admins of every article that they see; authors of their own.';

const restoreText =
  'A new version with the text and the relations of an old one: title, kicker, excerpt, body (cleaned anew), cover, byline, desk initials, language, ' +
  'source with its address and item, tags in their order. Status, dates, owner, corrections and story stay. An article that was public keeps its slug, ' +
  'and so does one whose slug was given; a derived slug of a draft follows the title. A tag or source that was merged comes back as the one that took its place. ' +
  '`warnings` names these, `merged-tag` and `merged-source`, and what could not come back: `gone-tag`, `gone-source` (its item goes with it), ' +
  '`taken-source-item` (another article has it). A language that another edition of the story has is 409 `edition-taken`. Editors, and authors their own drafts. ' +
  'Restoring what is there already keeps the version; with a note, which is kept, it makes a new one.';

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
        failures: ['NotFound', 'Conflict', 'Unprocessable'],
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
