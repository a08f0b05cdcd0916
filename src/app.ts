import type { RequestListener } from 'node:http';
import express from 'express';
import { apiDocument } from './api-document.ts';
import { defaultPublicUrl } from './config.ts';
import type { Deps } from './deps.ts';
import { articleChanges } from './features/articles/articles.changes.ts';
import { articleLists } from './features/articles/articles.lists.ts';
import { articleRoutes } from './features/articles/articles.routes.ts';
import { articleReading } from './features/articles/articles.service.ts';
import { articleWriting } from './features/articles/articles.writing.ts';
import { authRoutes, jwksRoutes } from './features/auth/auth.routes.ts';
import { authService } from './features/auth/auth.service.ts';
import { bulkRoutes } from './features/bulk/bulk.routes.ts';
import { bulkService } from './features/bulk/bulk.service.ts';
import { demoRoutes } from './features/demo/demo.routes.ts';
import { docsRoutes } from './features/docs/docs.routes.ts';
import { draftPublishing } from './features/drafts/drafts.publishing.ts';
import { draftRoutes } from './features/drafts/drafts.routes.ts';
import { draftService } from './features/drafts/drafts.service.ts';
import { editingRoutes } from './features/editing/editing.routes.ts';
import { editingService } from './features/editing/editing.service.ts';
import { eventRoutes } from './features/events/events.routes.ts';
import { eventService } from './features/events/events.service.ts';
import { keyRoutes } from './features/keys/keys.routes.ts';
import { keyService } from './features/keys/keys.service.ts';
import { latestRoutes } from './features/latest/latest.routes.ts';
import { latestService } from './features/latest/latest.service.ts';
import { opsRoutes } from './features/ops/ops.routes.ts';
import { previewRoutes } from './features/previews/previews.routes.ts';
import { previewService } from './features/previews/previews.service.ts';
import { redirectRoutes } from './features/redirects/redirects.routes.ts';
import { redirectService } from './features/redirects/redirects.service.ts';
import { revisionRoutes } from './features/revisions/revisions.routes.ts';
import { revisionService } from './features/revisions/revisions.service.ts';
import { sourceRoutes } from './features/sources/sources.routes.ts';
import { sourceService } from './features/sources/sources.service.ts';
import { storyRoutes } from './features/stories/stories.routes.ts';
import { storyService } from './features/stories/stories.service.ts';
import { tagRoutes } from './features/tags/tags.routes.ts';
import { tagService } from './features/tags/tags.service.ts';
import { trashRoutes } from './features/trash/trash.routes.ts';
import { trashService } from './features/trash/trash.service.ts';
import { userRoutes } from './features/users/users.routes.ts';
import { userService } from './features/users/users.service.ts';
import { wireRoutes } from './features/wire/wire.routes.ts';
import { wireService } from './features/wire/wire.service.ts';
import type { Authenticate } from './http/authenticate.ts';
import { openCors } from './http/cors.ts';
import type { Endpoint } from './http/endpoint.ts';
import { openExchanges } from './http/exchange.ts';
import { openLanes } from './http/lanes.ts';
import { mount } from './http/mount.ts';
import { logRequest } from './http/request-log.ts';
import { securityHeaders } from './http/security.ts';
import { refuseMalformed } from './http/well-formed.ts';

/** The routes of the API by group: the router, the document and the tests read this one list. */
export type RouteGroup = { tag: string; description: string; endpoints: Endpoint[] };

const under = (prefix: string, endpoints: Endpoint[]): Endpoint[] =>
  endpoints.map((endpoint) => ({ ...endpoint, path: `${prefix}${endpoint.path}` }));

const authOf = ({ db, cursors, keyTokens, passwords, accessTokens, refreshTokens, loginLimit }: Deps) =>
  authService({
    db,
    passwords,
    accessTokens,
    refreshTokens,
    loginLimit,
    keys: keyService({ db, cursors, keyTokens }),
  });

/** Who a token stands for: a machine with an access key, or a person who logged in. */
function authenticateOf(deps: Deps): Authenticate {
  const auth = authOf(deps);
  const { keys } = openServices(deps);
  return async (token) => (await keys.authenticate(token)) ?? auth.authenticate(token);
}

/** The services of the house, each made of what it needs. */
export function openServices({
  config,
  cursors,
  db,
  passwords,
  loginLimit,
  keyTokens,
  previewTokens,
  bodies,
  work,
}: Deps) {
  const publicUrl = config.PUBLIC_URL;
  const changes = articleChanges({ db, publicUrl });
  const latest = latestService({ db, cursors, publicUrl, itemsMax: config.PAGE_ITEMS_MAX });
  const articles = {
    ...articleReading({ db, latest, publicUrl }),
    ...articleLists({ db, cursors, publicUrl, timeZone: config.TIME_ZONE }),
    ...articleWriting({ changes, drafts: draftPublishing({ publicUrl }), bodies }),
  };
  const drafts = draftService({ db, changes, bodies, publicUrl });
  return {
    latest,
    stories: storyService({ db, changes }),
    editing: editingService({ db }),
    trash: trashService({ db, changes }),
    redirects: redirectService({ db, cursors }),
    articles,
    wire: wireService({ db, changes, articles }),
    bulk: bulkService({ db, changes, articles }),
    drafts,
    previews: previewService({ db, cursors, tokens: previewTokens, drafts, publicUrl }),
    revisions: revisionService({ db, cursors, changes, bodies, publicUrl, diffApart: work.diff }),
    sources: sourceService({ db, cursors, publicUrl }),
    tags: tagService({ db, cursors }),
    users: userService({ db, cursors, passwords, loginLimit }),
    keys: keyService({ db, cursors, keyTokens }),
    events: eventService({ db, cursors, timeZone: config.TIME_ZONE }),
  };
}

export function routeGroups(deps: Deps): RouteGroup[] {
  const { config } = deps;
  const publicUrl = config.PUBLIC_URL;
  const paged = { itemsMax: config.PAGE_ITEMS_MAX };
  const { prepare } = deps.bodies;
  const written = { publicUrl, prepare };
  const {
    articles,
    bulk,
    drafts,
    editing,
    events,
    keys,
    latest,
    previews,
    redirects,
    revisions,
    sources,
    stories,
    tags,
    trash,
    users,
    wire,
  } = openServices(deps);
  const v1 = (tag: string, description: string, endpoints: Endpoint[]) => ({
    tag,
    description,
    endpoints: under('/v1', endpoints),
  });
  const groups: RouteGroup[] = [
    v1('Articles', 'Stories, from the draft to the archive.', articleRoutes(articles, { ...written, ...paged })),
    v1('Bulk', 'Many changes in one call.', bulkRoutes(bulk, written)),
    v1('Drafts', 'A working draft beside the live article; for editors.', draftRoutes(drafts, written)),
    v1(
      'Previews',
      'Links that show one article to somebody without an account.',
      previewRoutes(previews, { publicUrl, ...paged }),
    ),
    v1('Revisions', 'What an article was after each of its changes.', revisionRoutes(revisions, paged)),
    v1('Editions', 'One story in several languages.', storyRoutes(stories)),
    v1('Presence', 'Who has an article open.', editingRoutes(editing)),
    v1('Trash', 'What was deleted, and removing it for good.', trashRoutes(trash)),
    v1('Latest', 'What is public, newest first.', latestRoutes(latest, paged)),
    v1('Redirects', 'Old slugs and where their articles are now.', redirectRoutes(redirects, paged)),
    v1('Sources', 'Where stories come from: agencies and desks.', sourceRoutes(sources, { publicUrl, ...paged })),
    v1('Wire', 'What agencies send.', wireRoutes(wire, written)),
    v1('Tags', 'What stories are about; the first tag of an article is its section.', tagRoutes(tags, paged)),
    v1('Auth', 'Access tokens for 15 minutes, refresh tokens for 30 days.', authRoutes(authOf(deps))),
    v1('Users', 'The people of the newsroom; for admins.', userRoutes(users, paged)),
    v1('Keys', 'Access keys of machines; for admins.', keyRoutes(keys, paged)),
    v1('Events', 'The record of every change; for admins.', eventRoutes(events, paged)),
    {
      tag: 'Operations',
      description: 'For operators; no token is needed.',
      endpoints: [...opsRoutes(deps), ...jwksRoutes(deps.signingKeys.jwks)],
    },
    { tag: 'Demonstration', description: 'The pictures of the demonstration newsroom.', endpoints: demoRoutes() },
  ];
  const documents = docsRoutes({
    document: (server) => apiDocument(groups, { server }),
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

/** Calls with long bodies that are served at once, of one account. */
const longAtOnceMax = 2;

/** The whole application as one listener over Node's own request and response. */
export function createApp(deps: Deps): RequestListener {
  const { config, log, metrics } = deps;
  const exchanges = openExchanges();
  const secure = securityHeaders({ hstsSeconds: config.HSTS_SECONDS });
  const cors = openCors(config.CORS_ORIGINS);
  const groups = routeGroups(deps);
  const endpoints = groups.flatMap((group) => group.endpoints);
  const secretPaths = endpoints.flatMap(({ spec, path }) => (spec.secretPath ? [path.split('{', 1)[0] ?? path] : []));

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', false);
  app.enable('case sensitive routing');
  app.enable('strict routing');
  mount(app, endpoints, {
    authenticate: authenticateOf(deps),
    exchanges,
    writeLimit: deps.writeLimit,
    idempotency: deps.idempotency,
    publicUrl: config.PUBLIC_URL,
    bodyBytesMax: config.BODY_BYTES_MAX,
    trustedProxies: config.TRUST_PROXY,
    paced: deps.paced,
    lanes: openLanes(longAtOnceMax),
  });

  return (req, res) => {
    const exchange = exchanges.begin(req, res);
    logRequest({ log, secretPaths, trustedProxies: config.TRUST_PROXY }, req, res, exchange);
    metrics.observe(req, res, exchange);
    secure(res);
    if (cors(req, res) || refuseMalformed(req, res, exchange.requestId)) return;
    app(req, res);
  };
}
