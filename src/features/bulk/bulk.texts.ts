/** The description of bulk calls in the document. */
export const bulkText = `One to 100 operations in order, each with the outcome that its own call would have; a fault within one is its own 400.

**Effect**
- With \`atomic\` all or nothing; two articles may swap their slugs.
- Without, each is a change of its own. Articles that are made one after the other may be stored at one moment.
- With an \`Idempotency-Key\` all are one change, lost whole or answered whole. An answer is kept if at least one operation was done; otherwise the repeat runs anew.
- A publish may apply a working draft: name the one that was read as \`draftVersion\`, as in the call of its own.
- An answer has 4 MB of articles at most; of those beyond, \`id\`, \`status\` and \`etag\`.

**Errors**
- 422 \`bulk-failed\`, with \`atomic\`: \`operation\` names the first that failed, and nothing is left of the others.
- 503 while none is done: nothing was changed, and the call may be repeated. Once one is done, an operation that cannot be served is 503 (or 500) in its place, and unless it was only waited for in vain the rest are 503 \`not-tried\`.
- \`outcome-unknown\` is said of all that were being stored at that moment.`;
