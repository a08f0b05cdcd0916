/** The description of making an access key in the document. */
export const createText = `A long-lived token for a machine. It acts for the admin who makes it, with the lower of both roles.

**When**
- A machine sends or reads. Give the feed of an agency a key of its own that names its source, and that source \`itemsFrom: "keys"\`: nobody else can then take the number of an item before it comes, and a key with the role of an author kills its items in every state.

**Effect**
- It ends with that account and outlives a new password of it, so that feeds do not stop; while the account is disabled it is refused (\`suspended\`). \`POST /v1/users/{id}/revoke\` ends all keys of an account.
- Its token is good while the server accepts the secret that signed it. After a change of the secret keys with an earlier \`createdAt\` must be made anew before the old one is taken out.
- It reaches neither users nor keys, and \`GET /v1/auth/me\` tells a machine what its key may do.
- With \`sources\` or \`tags\` it writes only articles of those. Where one of these is merged into another, the limit goes over (\`key.limits-moved\` in the events); a key for which nothing of its limits is left shows \`dead\`.`;
