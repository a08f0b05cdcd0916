import { articleChanges } from './article/change/change.ts';
import { fillEntries } from './article/search/fill.ts';
import { openStems } from './article/search/stems.ts';
import { openWords } from './article/search/words.ts';
import { describeError } from './core/describe-error.ts';
import type { Deps } from './deps.ts';
import { articleLists } from './features/articles/articles.lists.ts';
import { articleReading } from './features/articles/articles.service.ts';
import { articleWriting } from './features/articles/articles.writing.ts';
import { authService } from './features/auth/auth.service.ts';
import { bulkService } from './features/bulk/bulk.service.ts';
import { changePages } from './features/changes/changes.pages.ts';
import { changeService } from './features/changes/changes.service.ts';
import { changeStreams } from './features/changes/changes.streams.ts';
import { openTail } from './features/changes/changes.tail.ts';
import { toldChanges } from './features/changes/changes.told.ts';
import { draftPublishing } from './features/drafts/drafts.publishing.ts';
import { draftService } from './features/drafts/drafts.service.ts';
import { editingService } from './features/editing/editing.service.ts';
import { eventService } from './features/events/events.service.ts';
import { keyService } from './features/keys/keys.service.ts';
import { latestItemSql, latestService } from './features/latest/latest.service.ts';
import { previewService } from './features/previews/previews.service.ts';
import { redirectService } from './features/redirects/redirects.service.ts';
import { revisionService } from './features/revisions/revisions.service.ts';
import { searchService } from './features/search/search.service.ts';
import { sourceService } from './features/sources/sources.service.ts';
import { storyService } from './features/stories/stories.service.ts';
import { tagService } from './features/tags/tags.service.ts';
import { trashService } from './features/trash/trash.service.ts';
import { userService } from './features/users/users.service.ts';
import { deliveryService } from './features/webhooks/deliveries.service.ts';
import { webhookService } from './features/webhooks/webhooks.service.ts';
import { wireService } from './features/wire/wire.service.ts';
import { holdNamed } from './labels/references.ts';

/** Opens every service with what it needs. Called once in a process. */
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
  accessTokens,
  refreshTokens,
  webhookSecrets,
  outbox,
  standing,
  clock,
  log,
}: Deps) {
  const publicUrl = config.PUBLIC_URL;
  const stems = openStems();
  const words = openWords(db.read, stems);
  const changes = articleChanges({ db, publicUrl, stems, holdLabels: holdNamed });
  const latest = latestService({ db, cursors, publicUrl, itemsMax: config.PAGE_ITEMS_MAX });
  const articles = {
    ...articleReading({ db, latest, publicUrl }),
    ...articleLists({ db, cursors, words, publicUrl, timeZone: config.TIME_ZONE }),
    ...articleWriting({ changes, drafts: draftPublishing({ publicUrl }), bodies }),
  };
  const keys = keyService({ db, cursors, keyTokens });
  const sources = sourceService({ db, cursors, publicUrl });
  const tags = tagService({ db, cursors });
  const feeds = { db, publicUrl, latestItem: latestItemSql, labels: { source: sources.feed, tag: tags.feed } };
  const pages = changePages(feeds);
  const tail = openTail({
    ...feeds,
    failed: (thrown) => log.warn({ err: describeError(thrown) }, 'streams wait for what has happened'),
  });
  outbox.following.onMoved(tail.moved);
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
    fillEntries: (stop: AbortSignal) => fillEntries({ db, stems }, stop),
    search: searchService({ db, cursors, stems, words, publicUrl, timeZone: config.TIME_ZONE, clock }),
    sources,
    tags,
    changes: changeService({ db, cursors, waiting: outbox.waiting, pages }),
    streams: changeStreams({ db, cursors, pages, tail, standing }),
    told: toldChanges(feeds),
    users: userService({ db, cursors, passwords, loginLimit }),
    keys,
    auth: authService({ db, passwords, accessTokens, refreshTokens, loginLimit, keys }),
    webhooks: webhookService({ db, cursors, secrets: webhookSecrets, allowNetworks: config.WEBHOOK_ALLOW_NETWORKS }),
    deliveries: deliveryService({ db, cursors }),
    events: eventService({ db, cursors, timeZone: config.TIME_ZONE }),
  };
}

export type Services = ReturnType<typeof openServices>;

/** For work that runs outside of calls: housekeeping, the outbox, the first run. */
export type RunningApp = { readonly deps: Deps; readonly services: Services };
