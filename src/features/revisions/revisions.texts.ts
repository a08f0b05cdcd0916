/** The description of restoring a version in the document. */
export const restoreText = `Makes a new version with the text and the relations of an old one.

**When**
- Outside of the trash: editors any article, authors their own drafts.

**Effect**
- Comes back: title, kicker, excerpt, body (cleaned anew), cover, byline, desk initials, language, source with its address and item, tags in their order.
- Stays: status, dates, owner, corrections, story; the slug of what was public, and one that was given. A derived slug of a draft follows the title.
- Restoring what is there already keeps the version; with a note, which is kept, it makes a new one.

**Warnings**
- \`merged-tag\`, \`merged-source\`: what took its place comes back instead.
- \`gone-tag\`, \`gone-source\` (its item goes with it), \`taken-source-item\` (another article has it): could not come back.
- What the sanitiser took out of the body.

**Errors**
- 409 \`edition-taken\`: another edition of the story has the language of the version.
- 422 \`body-too-costly\`: the body of the version is beyond what a body may be today.`;
