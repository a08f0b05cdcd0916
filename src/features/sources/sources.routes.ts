import { cacheKeys } from '../../core/cache-keys.ts';
import { del, type Endpoint, get, patch, post } from '../../http/endpoint.ts';
import { noContent, pageJson } from '../../http/json.ts';
import { presentFoundLabel, presentLabel, presentNewLabel } from '../../labels/answers.ts';
import { SourceDeleteQuery, SourcePageView, SourceView, sourceBodies, sourceListQuery } from './sources.schema.ts';
import type { SourceService } from './sources.service.ts';
import { deleteText } from './sources.texts.ts';

const getText =
  'A slug that the source had, and the id and the slugs of one that was merged into it, answer 308; as references and filters they mean this source. ' +
  'A slug that another source has now is that one’s.';
const createText =
  'The name is unique whatever its spelling and case: both spellings of রয়টার্স are one source. Without a slug one is made of the name, with a number where it is taken or reserved.';
const patchText =
  'JSON Merge Patch: absent leaves alone, null clears. The slug stays when the name changes, unless one is given; the old one leads to the source from then on, until another source takes it. A change that changes nothing keeps the version.';
const example = {
  name: 'হাওর বার্তা',
  slug: 'haor-barta',
  url: 'https://haor-barta.example',
  creditLine: 'সূত্র : হাওর বার্তা',
  licence: 'গ্রাহক চুক্তি',
  language: 'en',
  itemsFrom: 'keys',
};

export function sourceRoutes(sources: SourceService, options: { publicUrl: string; itemsMax: number }): Endpoint[] {
  const bodies = sourceBodies(options.publicUrl);
  return [
    get(
      '/sources',
      {
        id: 'listSources',
        summary: 'List sources in slug order',
        order: 'by slug; no two have the same',
        access: 'public',
        query: sourceListQuery(options.itemsMax),
        reply: SourcePageView,
        cache: 'list',
      },
      async ({ query }) => {
        const { data, nextCursor } = await sources.list(query);
        return pageJson<SourceView>(data, nextCursor, { keys: [cacheKeys.sources] });
      },
    ),
    post(
      '/sources',
      {
        id: 'createSource',
        summary: 'Create a source',
        description: createText,
        access: 'editor',
        keys: 'unlimited',
        body: bodies.create,
        reply: SourceView,
        status: 201,
        codes: ['name-taken', 'slug-taken'],
        bodyExample: example,
      },
      async ({ actor, body, call }) => presentNewLabel<SourceView>('sources', await sources.create(actor, body, call)),
    ),
    get(
      '/sources/{idOrSlug}',
      {
        id: 'getSource',
        summary: 'Read a source',
        description: getText,
        access: 'public',
        reply: SourceView,
        cache: 'page',
        redirects: true,
      },
      async ({ params }) => presentFoundLabel<SourceView>('sources', await sources.get(params.idOrSlug)),
    ),
    patch(
      '/sources/{idOrSlug}',
      {
        id: 'updateSource',
        summary: 'Change a source',
        description: patchText,
        access: 'editor',
        keys: 'unlimited',
        body: bodies.patch,
        ifMatch: true,
        reply: SourceView,
        codes: ['name-taken', 'slug-taken'],
        bodyExample: { creditLine: 'এএফপি অবলম্বনে', licence: null },
      },
      async ({ actor, params, body, ifMatch, call }) =>
        presentLabel<SourceView>(await sources.update({ actor, segment: params.idOrSlug, ifMatch, call }, body)),
    ),
    del(
      '/sources/{idOrSlug}',
      {
        id: 'deleteSource',
        summary: 'Delete a source',
        description: deleteText,
        access: 'editor',
        keys: 'unlimited',
        query: SourceDeleteQuery,
        ifMatch: true,
        reply: null,
        codes: ['in-use', 'source-item-taken', 'conflict', 'unknown-source', 'reassign-to-itself'],
      },
      async ({ actor, params, query, ifMatch, call }) => {
        await sources.remove({ actor, segment: params.idOrSlug, ifMatch, call }, query.reassignTo);
        return noContent;
      },
    ),
  ];
}
