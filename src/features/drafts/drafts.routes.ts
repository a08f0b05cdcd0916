import type { Bodies } from '../../article/body/bodies.ts';
import type { ArticleBodies } from '../../article/inputs.ts';
import { publishedForReaders } from '../../article/samples.ts';
import { del, type Endpoint, get, patch, put } from '../../http/endpoint.ts';
import { noContent } from '../../http/json.ts';
import { presentDraft, presentWrittenDraft } from './drafts.presenter.ts';
import { DraftView, draftBodies } from './drafts.schema.ts';
import type { DraftService } from './drafts.service.ts';
import { patchText, putText } from './drafts.texts.ts';

const { cover, sourceUrl, sourceItemId } = publishedForReaders;
const title = { live: 'নদীর পানি বাড়ছে, সতর্ক থাকার পরামর্শ', draft: 'নদীর পানি নামছে' };
const replyExample = {
  ...{ cover, sourceUrl, sourceItemId, expiresAt: null },
  title: title.draft,
  ...{ version: 240_117_365, baseVersion: 4, articleVersion: 4, behind: false, blockedBy: [] },
  changes: [{ field: 'title', ...title }],
  warnings: [],
};

const path = '/articles/{idOrSlug}/draft';

export function draftRoutes(
  drafts: DraftService,
  options: { bodies: ArticleBodies; prepare: Bodies['prepare'] },
): Endpoint[] {
  const bodies = draftBodies(options.bodies);
  const write = {
    access: 'editor',
    ifMatch: true,
    reply: DraftView,
    codes: [
      ...(['wrong-state', 'draft-behind', 'conflict', 'body-too-costly'] as const),
      ...(['unknown-tag', 'unknown-source', 'unprocessable', 'draft-gone'] as const),
    ],
    replyExample,
  } as const;
  return [
    get(
      path,
      {
        id: 'getDraft',
        summary: 'Read the working draft of an article',
        description: 'The article as publishing would make it, and `changes`: the draft against the live one.',
        access: 'editor',
        costly: true,
        reply: DraftView,
        replyExample,
      },
      async ({ params }) => presentDraft(await drafts.get(params.idOrSlug)),
    ),
    put(
      path,
      {
        ...write,
        id: 'putDraft',
        summary: 'Replace members of the working draft, or begin one',
        description: putText,
        body: bodies.put,
        bodyExample: {
          title: 'নদীর পানি নামছে',
          cover: { url: 'https://news.example/media/ghat.jpg', alt: 'ঘাটে নৌকা' },
        },
      },
      async ({ actor, params, body, ifMatch, call }) =>
        presentWrittenDraft(
          await drafts.edit({ actor, segment: params.idOrSlug, ifMatch, call }, { how: 'put', body }),
        ),
      ({ actor, params, body }) => options.prepare(actor, [{ ...body, of: { segment: params.idOrSlug, draft: true } }]),
    ),
    patch(
      path,
      {
        ...write,
        id: 'updateDraft',
        summary: 'Change the working draft, or begin one',
        description: patchText,
        body: bodies.patch,
        bodyExample: { title: 'নদীর পানি নামছে, ঘরে ফিরছেন মানুষ' },
      },
      async ({ actor, params, body, ifMatch, call }) =>
        presentWrittenDraft(
          await drafts.edit({ actor, segment: params.idOrSlug, ifMatch, call }, { how: 'patch', body }),
        ),
      ({ actor, params, body }) => options.prepare(actor, [{ ...body, of: { segment: params.idOrSlug, draft: true } }]),
    ),
    del(
      path,
      {
        id: 'deleteDraft',
        summary: 'Discard the working draft',
        description:
          'The live article stays as it is; what the draft says is gone for good. `draft.deleted` records the fields that it changed and who had changed it.',
        access: 'editor',
        ifMatch: true,
        reply: null,
      },
      async ({ actor, params, ifMatch, call }) => {
        await drafts.remove({ actor, segment: params.idOrSlug, ifMatch, call });
        return noContent;
      },
    ),
  ];
}
