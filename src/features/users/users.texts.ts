/** The descriptions in the document of changing users, and of ending their sessions, keys and links. */

export const patchText = `JSON Merge Patch. A change that changes nothing keeps the version; a password always counts as a change.

**Effect**
- A new role, a new password and \`disabled\` end the access tokens of this user at once, the latter two every session as well.
- A new password also forgets the failed log-ins of this user, from every address.
- Access keys and preview links outlive a new password, so that feeds do not stop: \`POST /v1/users/{id}/revoke\` ends them. While the user is disabled they are refused, and good again once the user is enabled; a lower role is theirs too.

**Errors**
- 409 \`last-admin\`: nobody, not even the caller, can demote or disable the last admin who can log in.`;

export const revokeText = `**Effect**
- At once, on every instance, and all of what is named or nothing; the user is not changed otherwise and may log in again.
- The preview links that were made with a key end with it; \`previews\` ends those that the user made without one (\`GET /v1/users/{id}/previews\` lists both).
- The answer says how many of each were ended: what had ended already is not counted.

No \`If-Match\` is needed.`;
