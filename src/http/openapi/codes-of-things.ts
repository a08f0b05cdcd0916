import * as errors from '../../core/errors.ts';
import { Failure } from '../../core/errors.ts';
import type { CodeRow } from './codes-of-calls.ts';

/** Failure codes that depend on what the call is about: its state, its names, and what it refers to. */

const { bodyFault, conflict, unprocessable } = errors;
const gone = (code: string, detail: string, itemVersion: number) =>
  new Failure('Gone', code, detail, { members: { itemVersion } });
const changed = [{ field: 'title', before: 'নদীর পানি বাড়ছে', after: 'নদীর পানি কমছে' }];
const existing = '0199f3c2-7a10-7cc3-9d5b-6f0a3f1f2b11';
const sourceId = '0199f3c2-7a10-7cc3-9d5b-1c9e02d4a7f3';

export const codesOfThings = {
  'body-too-costly': {
    example: errors.bodyTooCostly(
      'The HTML of a body may have 20,000 elements; those count that are taken out, and those that are opened again count each time.',
    ),
    about: 'more would be made of the body than is stored',
  },
  'wrong-state': {
    example: conflict('wrong-state', 'The step submit begins at draft; this article is review.', { place: 'review' }),
    about: 'the step begins elsewhere, or the article is in the trash',
  },
  'draft-behind': {
    example: conflict(
      'draft-behind',
      'The live article has changed since this draft began. Look at both differences, then PATCH the draft with baseVersion.',
      {
        articleVersion: 5,
        liveChanges: changed,
        draftChanges: [{ field: 'title', before: 'নদীর পানি বাড়ছে', after: 'নদীর পানি বিপৎসীমার ওপরে' }],
      },
    ),
    about: 'publishing the working draft would undo a change of the live article',
  },
  'slug-taken': {
    example: conflict('slug-taken', 'Another article has the slug নদীর-পানি-বাড়ছে.', {
      slug: 'নদীর-পানি-বাড়ছে',
      existing,
    }),
  },
  'name-taken': {
    example: conflict('name-taken', 'There is a tag of this name already, perhaps in another spelling.', { existing }),
  },
  'source-item-taken': {
    example: conflict('source-item-taken', 'Another article of this source has this sourceItemId.', {
      source: sourceId,
      sourceItemId: 'tag:reuters.com,2026:newsml_L8N/1',
      existing,
    }),
  },
  'edition-taken': {
    example: conflict(
      'edition-taken',
      'The story has an edition in bn already; let that one stand alone, or give this one another language.',
      { existing },
    ),
  },
  'email-taken': { example: conflict('email-taken', 'Another user has this e-mail address.') },
  'last-admin': {
    example: conflict('last-admin', 'This is the last admin who can log in; make or enable another one first.'),
  },
  'in-use': {
    example: conflict(
      'in-use',
      '12 articles have this tag, working drafts and trash counted; name another one with reassignTo.',
      { articles: 12 },
    ),
  },
  'too-many-webhooks': {
    example: conflict('too-many-webhooks', 'There are 100 webhooks, and there may be no more; delete one first.'),
  },
  'secret-lost': {
    example: conflict(
      'secret-lost',
      'Its secret cannot be read with the JWT_SECRET of now; rotate it first, which enables it.',
    ),
    about: 'a webhook whose secret or token cannot be read any more',
  },
  'signs-nothing': {
    example: conflict(
      'signs-nothing',
      'A purger signs nothing, so that it has no secret; PATCH its token if it has one.',
    ),
    about: 'a purger has no secret to rotate',
  },
  delivered: {
    example: conflict('delivered', 'The receiver has taken this delivery, so that there is nothing to give up.'),
  },
  killed: {
    example: conflict(
      'killed',
      'The source has killed this article: a link shows nothing until it is published or a newer version comes.',
    ),
    about: 'no preview of what its source has killed',
  },
  conflict: {
    example: conflict('conflict', 'The source or a tag was removed meanwhile; repeat the call.'),
    about: 'another call was faster',
  },
  gone: {
    example: errors.gone([]),
    about: 'public once, and archived, expired or deleted now (unpublished is 404)',
  },
  'cursor-expired': {
    example: errors.cursorExpired(),
    about: 'what followed this cursor of changes is not kept any more; begin anew without it',
  },
  'item-purged': {
    example: gone(
      'item-purged',
      'This item was taken with version 3, and its article was purged or given to another item; only a higher itemVersion is taken.',
      3,
    ),
    about: "a wire's item whose article is gone, with `itemVersion`",
  },
  'item-killed': {
    example: gone(
      'item-killed',
      'This item was killed with version 3, and its article was purged or given to another item; only a higher itemVersion is taken.',
      3,
    ),
    about: 'the same of an item that was killed',
  },
  'draft-gone': {
    example: new Failure(
      'Stale',
      'draft-gone',
      'The working draft that you have read is no more: it was published or discarded. Read the article; a new draft begins with its ETag.',
    ),
    about: 'that draft was published or discarded',
  },
  'draft-etag': {
    example: new Failure(
      'Stale',
      'draft-etag',
      'If-Match is the ETag of a working draft; read the article and send its own.',
    ),
    about: 'the ETag is that of a working draft and not of the article',
  },
  unprocessable: {
    example: unprocessable('unprocessable', 'These values do not go together.', [
      bodyFault('/expiresAt', 'It must be after publishedAt, which is now where publishing gives none.'),
    ]),
    about: 'values that do not go together or cannot be stored',
  },
  'body-too-costly.restored': {
    example: unprocessable(
      'body-too-costly',
      'The body of this version is beyond what a body may be today. The HTML of a body may have 20,000 elements; those count that are taken out, and those that are opened again count each time.',
    ),
    about: 'of a version that was kept when a body might be more',
  },
  'refused-target': {
    example: unprocessable('refused-target', 'Nothing is sent to this address.', [
      bodyFault(
        '/url',
        'Name a host with a public address; for one of your own network, have it listed in WEBHOOK_ALLOW_NETWORKS.',
      ),
    ]),
    about: 'an address to which no webhook may send',
  },
  'unfit-webhook': {
    example: unprocessable('unfit-webhook', 'These members do not go together; see errors.', [
      bodyFault('/tags', 'Leave it out: a purger purges whatever readers can see.'),
    ]),
    about: 'members of a webhook that do not go together',
  },
  'wrong-password': {
    example: unprocessable('wrong-password', 'currentPassword is not the password of this account.', [
      bodyFault('/currentPassword', 'Send the password that the account has now.'),
    ]),
  },
  'bulk-failed': {
    example: new Failure('Unprocessable', 'bulk-failed', 'An operation failed, so that nothing was changed.', {
      errors: [bodyFault('/operations/1', 'not-found: There is nothing here.')],
      members: { operation: { index: 1, code: 'not-found', detail: 'There is nothing here.' } },
    }),
  },
  'never-public': {
    example: unprocessable(
      'never-public',
      'Readers have not seen this article yet, so that there is nothing to tell them of a change.',
      [bodyFault('/correction', 'Leave it out until the article was public.')],
    ),
    about: 'a correction of what readers never saw',
  },
  'own-story': {
    example: unprocessable('own-story', 'An article cannot be another edition of itself.', [
      bodyFault('/with', 'An article cannot be another edition of itself.'),
    ]),
    about: 'an article and itself',
  },
  'merge-into-itself': {
    example: unprocessable('merge-into-itself', 'A tag cannot take the place of itself.', [
      bodyFault('/into', 'Name another tag.'),
    ]),
  },
  'reassign-to-itself': {
    example: unprocessable('reassign-to-itself', 'A source cannot take the place of itself.', [
      { in: 'query', pointer: '/reassignTo', detail: 'Name another source.' },
    ]),
  },
  'unknown-tag': {
    example: unprocessable('unknown-tag', 'A tag that is named does not exist.', [
      bodyFault('/tags/1', 'No tag has the id, slug or name আবহাওয়া; name one by those, or make it first.'),
    ]),
    about: 'a tag that is named does not exist',
  },
  'unknown-source': {
    example: unprocessable('unknown-source', 'A source that is named does not exist.', [
      bodyFault('/source', 'No source has the id, slug or name reuters; name one by those, or make it first.'),
    ]),
    about: 'a source that is named does not exist',
  },
  'unknown-article': {
    example: unprocessable('unknown-article', 'There is no such article to tell the same story.', [
      bodyFault('/with', 'There is no such article to tell the same story.'),
    ]),
    about: 'an article that is named does not exist, or not for this caller',
  },
  'unknown-correction': {
    example: unprocessable('unknown-correction', 'There is no correction of this instant; name the `at` of one.', [
      bodyFault('/correctionAt', 'There is no correction of this instant; name the `at` of one.'),
    ]),
    about: 'there is no correction of that instant',
  },
  'not-tried': {
    example: new Failure(
      'Unavailable',
      'not-tried',
      'An operation before this one could not be served, so that this one was not tried; send it again.',
    ),
    about: 'of an operation of a bulk behind one that was not served',
  },
} as const satisfies Readonly<Record<string, CodeRow>>;
