/** The description of making a link in the document. */
export const createText = `A link for somebody without an account.

**When**
- Editors make them, and authors of what is theirs.

**Effect**
- Whoever has it sees this article until it expires or is revoked, and while who made it may share the article.
- An editor's link shows it with its working draft, as publishing would make it; an author's shows it as it is, since working drafts are for editors.
- A link that was made with an access key ends with that key.

**Errors**
- 409 \`killed\`: its source has killed it.
- 409 \`wrong-state\`: it is in the trash.`;
