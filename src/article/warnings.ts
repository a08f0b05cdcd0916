/** Every warning that the answer to a write may carry. The write was done; the warning says what else there is to know. */
export const warningTexts = {
  'removed-element':
    'The sanitiser took an element out of what is shown, as `script`. An HTML body is kept without it, Markdown as it was written.',
  'removed-attribute': 'The sanitiser took out an attribute, as `onerror on img`.',
  'removed-url': 'The sanitiser took out an address that may not be linked to, as `javascript: in href of a`.',
  'removed-embed': 'The sanitiser took out a frame of a host that is not allowed, as `iframe from evil.example`.',
  'removed-comment': 'The sanitiser took out comments.',
  'removed-characters': 'Characters that do not belong in text were taken out, as `combining marks`.',
  'too-deep': 'An element was nested too deep and was taken out, its text kept; Markdown is shown as it was written.',
  'not-rendered': 'The body is shown as it was written, since it cannot be rendered in bounds; `detail` says what.',
  more: 'There were further kinds of warnings than are listed.',
  'applied-draft':
    'A working draft that the call did not name was published; `detail` has its version and who changed it last.',
  'removed-tag': 'The working draft names a tag that is gone; it was left out.',
  'removed-source': 'The working draft names a source that is gone; it was left out.',
  'gone-tag': 'The restored version names a tag that is gone; it was left out.',
  'gone-source': 'The restored version names a source that is gone; it was left out.',
  'merged-tag': 'The restored version names a tag that went over into another, which the article has now.',
  'merged-source': 'The restored version names a source that went over into another, which the article has now.',
  'taken-source-item': 'Another article has the `sourceItemId` of the restored version by now; it was left out.',
  'expiry-dropped': 'The `expiresAt` that had passed was dropped on publishing.',
  killed: 'The source has killed this item, and no newer version of it has come; `detail` is its reason.',
  'no-longer-public': 'With its new dates readers do not see the article any more: it is `scheduled` or `expired`.',
  'now-public':
    'With its new dates readers see the article; where it was published before its date, `detail` has that.',
  'takes-redirect': 'The slug in `detail` led to another article, and leads to this one once it is published.',
  'left-story': 'Its story has another edition in this language by now, so that the article stands alone.',
  'older-version': 'A higher `itemVersion` of the item is here already: nothing was changed.',
  'same-version': 'This `itemVersion` is here already and said something else: nothing was changed.',
  'item-killed': 'The source has killed this item, with the version in `detail`; only a higher one is taken.',
  'kill-not-carried-out':
    'The article stays public: an editor has published it, which the caller may not take back (the desk was told), or has published it since this kill.',
  expired: 'The item was sent as published, and readers do not see it: its `expiresAt`, in `detail`, has passed.',
  scheduled:
    'The item was sent as published without a `publishedAt`, and its article has one that is ahead, in `detail`: readers do not see it before.',
  republished:
    'The article had been taken from readers, by a step to the status in `detail`, and this item published it again.',
  withdrawn:
    'Readers do not see the article: it was taken back, and its status stays as in `detail` until an item says `status: published` or the desk publishes it.',
  'status-kept': 'Of the status of a later version only `published` counts: that of the article stays, as in `detail`.',
  'in-trash': 'The desk has the article in the trash, where this version is kept.',
  'overwrote-desk-edit': 'The item took the place of what the desk had written in the field `detail`.',
} as const;

export type WarningCode = keyof typeof warningTexts;
export type Warning = { code: WarningCode; detail: string; count: number };

const isCode = (code: string): code is WarningCode => Object.hasOwn(warningTexts, code);

export const warningCodes: readonly WarningCode[] = Object.keys(warningTexts).filter(isCode);

export const warning = (code: WarningCode, detail: string, count = 1): Warning => ({ code, detail, count });

export type Warn = (code: WarningCode, detail: string) => void;

const kindsMax = 50;
const detailMax = 120;

/**
 * Counts warnings by kind. After 50 kinds the rest are counted under `more`, since a hostile body can name a hundred
 * thousand attributes.
 */
export function collectWarnings(): { warn: Warn; list: () => Warning[] } {
  const found = new Map<string, Warning>();

  function warn(code: WarningCode, detail: string): void {
    const short = [...detail.slice(0, 2 * detailMax)].slice(0, detailMax).join('');
    const key = `${code} ${short}`;
    const known = found.get(key);
    if (known) known.count += 1;
    else if (found.size < kindsMax || code === 'more') found.set(key, warning(code, short));
    else warn('more', 'further kinds');
  }

  return { warn, list: () => [...found.values()] };
}
