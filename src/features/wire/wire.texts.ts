/** The description of sending an item in the document. */
export const putItemText = `By the wire's own id and version.

**When**
- \`itemsFrom: authors\`: every author. \`keys\`: editors, and access keys whose limits name the source, which see and kill its items in every state; others, and keys of other sources: 403.

**Effect**
- A new item makes one article, published where the caller may and the body does not say otherwise.
- A higher version changes it, also in the trash. It takes the place of desk edits, not of the working draft; a cover loses what is not named.
- The same version or an older one changes nothing, but for a \`kill\` of the same.
- \`kill\` takes it back from readers and review, its reason as a note. Of an item that never came: a mark in the trash, which the next version brings to life.

**Warnings**
- Not taken: \`older-version\`, \`same-version\`, \`item-killed\`.
- \`in-trash\`, \`overwrote-desk-edit\`; unseen by readers: \`expired\`, \`scheduled\`.
- \`kill-not-carried-out\`: of what an editor published, by an author; the desk is told.

**Errors**
- 410: the article was purged or given to another item; a higher version makes a new one.
- 412: \`If-Match\`, not needed, does not match.`;
