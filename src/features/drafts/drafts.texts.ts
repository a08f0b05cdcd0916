/** The descriptions of the writes to a working draft in the document. */

const rest = `**When**
- Where there is none, one begins from the live article: send the article's ETag as If-Match. Where there is one, the draft's own.

**Effect**
- Readers see nothing of it until the article is published, which applies it whole: name its \`version\` then as \`draftVersion\`.

**Warnings**
- What the sanitiser took out of the body of this call.
- \`removed-tag\`, \`removed-source\`: the draft names it and it is gone.

**Errors**
- 412 \`stale\`: the draft has changed since, \`draftChanges\` says what it changes; for who had read only the article, one has begun.
- 412 \`draft-gone\`: that draft was published or discarded; its ETag begins no other.
- 409 \`draft-behind\`: \`baseVersion\` is not the version of the article now.
- 409 \`wrong-state\`: the article is in the trash.`;

export const putText = `Each member that is named is replaced whole, also the cover; the others stay.

${rest}`;

export const patchText = `JSON Merge Patch. \`{"baseVersion": …}\` alone rebases the draft on the live article: what the draft changed stays, all else follows.

${rest}`;
