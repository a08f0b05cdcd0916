/** The description of deleting a source in the document. */
export const deleteText = `**When**
- No article has the source, working drafts and trash counted; otherwise \`reassignTo\` names the source that they get.

**Effect**, with \`reassignTo\`
- Working drafts follow, each with its next version and \`draft.updated\`; so do the limits of access keys.
- What the source was called leads to the one that stays.
- What it has sent is from then on what that source has, whose \`itemsFrom\` counts.
- Each article that has it gets a version, a revision and an event; all of it happens or nothing.

**Errors**
- 409 \`in-use\`, with the number of articles: articles have it, and \`reassignTo\` is absent.
- 409 \`source-item-taken\`: both sources have an article of one sourceItemId.`;
