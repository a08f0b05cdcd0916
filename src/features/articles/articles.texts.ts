/** Descriptions in the document, for operations that need more than a paragraph. */

export const updateText = `JSON Merge Patch: absent leaves alone, null clears. A change that changes nothing keeps the version.

**When**
- Outside of the trash: editors any article, authors their own drafts. Dates, corrections and the slug of what was public are for editors.

**Effect**
- It takes no step: a draft stays a draft, and what is published stays so.
- But of what is published the dates decide what readers see: with \`publishedAt\` ahead it is scheduled, with \`expiresAt\` behind it is expired.

**Warnings**
- What the sanitiser took out of the body.
- \`no-longer-public\`, \`now-public\`: what new dates changed for readers.
- \`takes-redirect\`: the slug leads to another article until this one is published.

**Errors**
- 409 \`edition-taken\`: another edition of the story has this language.
- 409 \`wrong-state\`: it is in the trash.`;

export const publishText = `**When**
- From every state but the trash, also from published.
- With \`at\` it becomes public then, past times too. Without: a scheduled article now; otherwise its date stays, and without one it gets this moment.

**Effect**
- A working draft is applied whole and is gone then. If-Match is of the article and does not know the draft: name the one that you have read as \`draftVersion\` (0 for none), and nothing else goes out.
- An expiry that has passed is dropped.
- Published as it is, an article keeps its version, unless there is a \`note\`; a draft that changes nothing is gone too (\`draft.deleted\`).

**Warnings**
- \`applied-draft\`: the draft applied unnamed, who changed it last, and when.
- \`removed-tag\`, \`removed-source\`: the draft names it and it is gone.
- \`expiry-dropped\`; \`no-longer-public\`: the time is ahead, and readers saw it; \`now-public\`: out before its date.
- \`killed\`: the reason, once, of a kill that no newer version answered.
- \`takes-redirect\`: the slug led to another article.

**Errors**
- 409 \`draft-behind\`: the live article has overtaken the draft; rebase it.
- 412: the draft is not \`draftVersion\`, or is gone.`;
