import { del, type Endpoint, get, patch, post } from '../../http/endpoint.ts';
import { noContent, pageJson } from '../../http/json.ts';
import { presentFoundLabel, presentLabel, presentNewLabel } from '../../labels/answers.ts';
import { TagCreate, TagDeleteQuery, TagMerge, TagPageView, TagPatch, TagView, tagListQuery } from './tags.schema.ts';
import type { TagService } from './tags.service.ts';

const getText =
  'A slug that the tag had, and the id and the slugs of one that was merged into it, answer 308; as references and filters they mean this tag. ' +
  'A slug that another tag has now is that one’s.';
const createText =
  'The name is unique whatever its spelling and case: `Covid` and `COVID ` are one tag. Without a slug one is made of the name, with a number where it is taken or reserved.';
const moveText =
  'An article that has both keeps one, at the better of the two places. Working drafts follow, each with its next version and `draft.updated`; so do the limits of access keys, and what the tag was called leads to the one that stays. Each article that changes gets a version, a revision and an event; all of it happens or nothing.';

export function tagRoutes(tags: TagService, options: { itemsMax: number }): Endpoint[] {
  return [
    get(
      '/tags',
      {
        id: 'listTags',
        summary: 'List tags in slug order',
        order: 'by slug; no two have the same',
        access: 'public',
        query: tagListQuery(options.itemsMax),
        reply: TagPageView,
        cache: 'list',
      },
      async ({ query }) => {
        const { data, nextCursor } = await tags.list(query);
        return pageJson<TagView>(data, nextCursor);
      },
    ),
    post(
      '/tags',
      {
        id: 'createTag',
        summary: 'Create a tag',
        description: createText,
        access: 'editor',
        keys: 'unlimited',
        body: TagCreate,
        reply: TagView,
        status: 201,
        failures: ['Conflict'],
        bodyExample: { name: 'নদী ও চর', description: 'নদীভাঙন, নৌপথ আর চরের মানুষের খবর।' },
      },
      async ({ actor, body, call }) => presentNewLabel<TagView>('tags', await tags.create(actor, body, call)),
    ),
    get(
      '/tags/{idOrSlug}',
      {
        id: 'getTag',
        summary: 'Read a tag',
        description: getText,
        access: 'public',
        reply: TagView,
        cache: 'page',
        redirects: true,
      },
      async ({ params }) => presentFoundLabel<TagView>('tags', await tags.get(params.idOrSlug)),
    ),
    patch(
      '/tags/{idOrSlug}',
      {
        id: 'updateTag',
        summary: 'Change a tag',
        description:
          'JSON Merge Patch: absent leaves alone, null clears. The slug stays when the name changes, unless one is given; the old one leads to the tag from then on, until another tag takes it. A change that changes nothing keeps the version.',
        access: 'editor',
        keys: 'unlimited',
        body: TagPatch,
        ifMatch: true,
        reply: TagView,
        failures: ['Conflict'],
        bodyExample: { name: 'নদী, চর ও হাওর', description: null },
      },
      async ({ actor, params, body, ifMatch, call }) =>
        presentLabel<TagView>(await tags.update({ actor, segment: params.idOrSlug, ifMatch, call }, body)),
    ),
    ...removals(tags),
  ];
}

function removals(tags: TagService): Endpoint[] {
  return [
    del(
      '/tags/{idOrSlug}',
      {
        id: 'deleteTag',
        summary: 'Delete a tag',
        description: `A tag that articles have, working drafts and trash counted, is 409 \`in-use\` with their number, unless \`reassignTo\` names the tag that they get. ${moveText}`,
        access: 'editor',
        keys: 'unlimited',
        query: TagDeleteQuery,
        ifMatch: true,
        reply: null,
        failures: ['Conflict', 'Unprocessable'],
      },
      async ({ actor, params, query, ifMatch, call }) => {
        await tags.remove({ actor, segment: params.idOrSlug, ifMatch, call }, query.reassignTo);
        return noContent;
      },
    ),
    post(
      '/tags/{idOrSlug}/merge',
      {
        id: 'mergeTag',
        summary: 'Merge a tag into another',
        description: `The articles of the tag in the path, which may be named by its slug too, get \`into\` in its place; it is gone then. Answers the tag that stays. ${moveText}`,
        access: 'editor',
        keys: 'unlimited',
        body: TagMerge,
        ifMatch: true,
        reply: TagView,
        failures: ['Conflict', 'Unprocessable'],
        bodyExample: { into: 'কৃষি' },
      },
      async ({ actor, params, body, ifMatch, call }) =>
        presentLabel<TagView>(await tags.merge({ actor, segment: params.idOrSlug, ifMatch, call }, body.into)),
    ),
  ];
}
