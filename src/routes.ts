import { articleBodies } from './article/inputs.ts';
import { defaultPublicUrl } from './config.ts';
import type { Deps } from './deps.ts';
import { articleRoutes } from './features/articles/articles.routes.ts';
import { authRoutes, jwksRoutes } from './features/auth/auth.routes.ts';
import { bulkRoutes } from './features/bulk/bulk.routes.ts';
import { changeRoutes } from './features/changes/changes.routes.ts';
import { demoRoutes } from './features/demo/demo.routes.ts';
import { docsRoutes } from './features/docs/docs.routes.ts';
import { draftRoutes } from './features/drafts/drafts.routes.ts';
import { editingRoutes } from './features/editing/editing.routes.ts';
import { eventRoutes } from './features/events/events.routes.ts';
import { keyRoutes } from './features/keys/keys.routes.ts';
import { latestRoutes } from './features/latest/latest.routes.ts';
import { opsRoutes } from './features/ops/ops.routes.ts';
import { previewRoutes } from './features/previews/previews.routes.ts';
import { redirectRoutes } from './features/redirects/redirects.routes.ts';
import { revisionRoutes } from './features/revisions/revisions.routes.ts';
import { searchRoutes } from './features/search/search.routes.ts';
import { sourceRoutes } from './features/sources/sources.routes.ts';
import { storyRoutes } from './features/stories/stories.routes.ts';
import { tagRoutes } from './features/tags/tags.routes.ts';
import { trashRoutes } from './features/trash/trash.routes.ts';
import { userRoutes } from './features/users/users.routes.ts';
import { deliveryRoutes } from './features/webhooks/deliveries.routes.ts';
import { webhookRoutes } from './features/webhooks/webhooks.routes.ts';
import { wireRoutes } from './features/wire/wire.routes.ts';
import type { Endpoint } from './http/endpoint.ts';
import type { RouteGroup } from './http/openapi/document.ts';
import type { Services } from './services.ts';

const under = (prefix: string, endpoints: Endpoint[]): Endpoint[] =>
  endpoints.map((endpoint) => ({ ...endpoint, path: `${prefix}${endpoint.path}` }));

/** The routes of the API by group. The router, the document and the tests all read this list. */
export function routeGroups(deps: Deps, services: Services): RouteGroup[] {
  const { config } = deps;
  const publicUrl = config.PUBLIC_URL;
  const paged = { itemsMax: config.PAGE_ITEMS_MAX };
  const { prepare } = deps.bodies;
  const writing = { bodies: articleBodies(publicUrl), prepare };
  const {
    articles,
    auth,
    bulk,
    changes,
    deliveries,
    drafts,
    editing,
    events,
    keys,
    latest,
    previews,
    redirects,
    revisions,
    search,
    sources,
    stories,
    streams,
    tags,
    trash,
    users,
    webhooks,
    wire,
  } = services;
  const v1 = (tag: string, description: string, endpoints: Endpoint[]) => ({
    tag,
    description,
    endpoints: under('/v1', endpoints),
  });
  const groups: RouteGroup[] = [
    v1('Articles', 'Stories, from the draft to the archive.', articleRoutes(articles, { ...writing, ...paged })),
    v1('Bulk', 'Many changes in one call.', bulkRoutes(bulk, writing)),
    v1('Drafts', 'A working draft beside the live article; for editors.', draftRoutes(drafts, writing)),
    v1(
      'Previews',
      'Links that show one article to somebody without an account.',
      previewRoutes(previews, { publicUrl, ...paged }),
    ),
    v1('Revisions', 'What an article was after each of its changes.', revisionRoutes(revisions, paged)),
    v1('Editions', 'One story in several languages.', storyRoutes(stories)),
    v1('Presence', 'Who has an article open.', editingRoutes(editing)),
    v1('Trash', 'What was deleted, and removing it for good.', trashRoutes(trash)),
    v1('Latest', 'What is public, newest first.', latestRoutes(latest, streams, paged)),
    v1('Search', 'Articles by their words.', searchRoutes(search, paged)),
    v1('Redirects', 'Old slugs and where their articles are now.', redirectRoutes(redirects, paged)),
    v1('Sources', 'Where stories come from: agencies and desks.', sourceRoutes(sources, { publicUrl, ...paged })),
    v1('Wire', 'What agencies send.', wireRoutes(wire, writing)),
    v1('Tags', 'What stories are about; the first tag of an article is its section.', tagRoutes(tags, paged)),
    v1('Auth', 'Access tokens for 15 minutes, refresh tokens for 30 days.', authRoutes(auth)),
    v1('Users', 'The people of the newsroom; for admins.', userRoutes(users, paged)),
    v1('Keys', 'Access keys of machines; for admins.', keyRoutes(keys, paged)),
    v1('Changes', 'What others follow to keep a copy.', changeRoutes(changes, streams, paged)),
    v1('Webhooks', 'Who is told of changes, and what came of it; for admins.', [
      ...webhookRoutes(webhooks, paged),
      ...deliveryRoutes(deliveries, paged),
    ]),
    v1('Events', 'The record of every change; for admins.', eventRoutes(events, paged)),
    {
      tag: 'Operations',
      description: 'For operators; no token is needed.',
      endpoints: [...opsRoutes(deps), ...jwksRoutes(deps.signingKeys.jwks)],
    },
    { tag: 'Demonstration', description: 'The pictures of the demonstration newsroom.', endpoints: demoRoutes() },
  ];
  const documents = docsRoutes({
    groups,
    server: publicUrl === defaultPublicUrl(config) ? undefined : publicUrl,
    publicUrl,
  });
  groups.push({
    tag: 'Documents',
    description: 'This document, the reference made of it, and the root.',
    endpoints: documents,
  });
  return groups;
}
