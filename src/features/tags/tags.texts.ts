/** The descriptions of deleting and merging tags in the document. */

const moved = `- An article that has both keeps one, at the better of the two places.
- Working drafts follow, each with its next version and \`draft.updated\`; so do the limits of access keys.
- What the tag was called leads to the one that stays.
- Each article that changes gets a version, a revision and an event; all of it happens or nothing.`;

export const deleteText = `**When**
- No article has the tag, working drafts and trash counted; otherwise \`reassignTo\` names the tag that they get.

**Effect**, with \`reassignTo\`
${moved}

**Errors**
- 409 \`in-use\`, with the number of articles: articles have it, and \`reassignTo\` is absent.`;

export const mergeText = `**Effect**
- The articles of the tag in the path, which may be named by its slug too, get \`into\` in its place; it is gone then. Answers the tag that stays.
${moved}`;
