/** The description of sending an item in the document. */
export const putItemText = `By the wire's own id and version.

**When**
- \`itemsFrom: authors\`: every author. \`keys\`: editors, and access keys whose limits name the source, which see and kill its items in every state; others: 403.

**Effect**
- A new item makes one article, published where the caller may, unless it says otherwise.
- A higher version changes it, also in the trash, and takes the place of desk edits, not of the working draft; a cover loses what is not named.
- Any other version changes nothing, but for a \`kill\` of the same.
- \`kill\` takes it back from readers and review, its reason a note. Of an item that never came: a mark in the trash, until the next version.

**Warnings**
- Not taken: \`older-version\`, \`same-version\`, \`item-killed\`.
- \`in-trash\`, \`overwrote-desk-edit\`, \`republished\`, \`status-kept\`; unseen: \`expired\`, \`scheduled\`, \`withdrawn\`.
- \`kill-not-carried-out\`: an editor published it; \`detail\` says it.

**Errors**
- 403: an author's version of what is in review or published.
- 410: the article was purged or given to another item; a higher version makes a new one.
- 412: \`If-Match\` (optional) does not match.`;
