import { allowedElements, globalAttributes, postClasses } from '../../article/body/allow-list.ts';
import { embedHosts } from '../../article/body/embeds.ts';
import { warningTexts } from '../../article/warnings.ts';
import { yearMax, yearMin } from '../../core/time.ts';
import { version } from '../../core/version.ts';
import { openApiDocument, type RouteGroup } from '../../http/openapi/document.ts';
import type { JsonSchema } from '../../http/openapi/json-schema.ts';
import { failureTable } from '../../http/openapi/problem-codes.ts';
import { deliveredRequests } from '../webhooks/delivered.schema.ts';

const marked = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ');

const elements = Object.entries(allowedElements)
  .map(([name, attributes]) => ({ name, own: Object.keys(attributes).join(' ') }))
  .sort((a, b) => (a.name < b.name ? -1 : 1))
  .map(({ name, own }) => (own === '' ? `\`${name}\`` : `\`${name}\` (${own})`))
  .join(', ');

const embeds = embedHosts.map(({ host, path }) => `${host}${path}/`).sort();

const warnings = Object.entries(warningTexts)
  .map(([code, text]) => `| \`${code}\` | ${text} |`)
  .join('\n');

/** The rules for every call, so that operations need not repeat them. */
export const guide = `Khobor (খবর) is a headless CMS for newsrooms. Sites and apps read what is public; editors publish through API clients. Bangla comes first: slugs, names and texts may be Bangla everywhere.

## Who may what
What is public needs no token. \`POST /v1/auth/login\` gives an access token for 15 minutes and a refresh token for 30 days; send the access token as \`Authorization: Bearer …\`. A token that is not valid is 401 also where none is needed. Log-in, refresh, preview links, what is for operators, the documents and the pictures of the demonstration do not look at it, and log-out takes it for none. Of the roles \`viewer\` reads every article in every state; \`author\` reads what is public and own articles, writes own drafts and submits them for review; \`editor\` has all content and publishes; \`admin\` has users, keys and the record of events besides. An operation that needs a role is open to those after it in this order, each within what it may see. What a caller may not see answers as a missing thing does, 404; asking for a state that one may not see is 401 or 403.

## Lists
\`{ "data": […], "page": { "nextCursor": … } }\`, and a \`Link\` header with \`rel="next"\` that keeps every parameter. Send \`nextCursor\` unchanged as \`after\`; null is the end. A cursor belongs to its list: one that was edited or comes from another is 400, but of \`/changes\` 410 where no secret of the server has sealed it. A page has 20 items where \`limit\` does not say otherwise, and 100 at most, or what \`PAGE_ITEMS_MAX\` of the server says. \`limit\` is an upper bound: a page of articles ends before the item with which it would have more than 4 MB, and its \`nextCursor\` goes on from there; only null is the end. Each list says in which order it stands; where texts are compared, it is by code points. There are no page numbers and no totals. Several values of a parameter are one comma list, any of which matches. A parameter that is unknown, repeated or empty is 400, never ignored.

## Pages with a sidebar
\`GET /v1/articles/{idOrSlug}?include=latest\` is a whole page in one call: the article and the latest list without it, shaped by \`latestLimit\` and \`latestLanguage\`. \`fields=title,bodyHtml,…\` narrows the answer to these members and \`id\`, whatever the schema requires, and so leaves out what a page does not show, as \`body\`, which for HTML is the same text as \`bodyHtml\`. Caches may keep lists for 5 seconds and pages for 10, or less where time makes them untrue sooner.

## ETags
Every GET but \`/metrics\` and the streams has a strong \`ETag\`; send it as \`If-None-Match\` and get 304 while nothing has changed. Once what many ask for is sent as br or gzip, its ETag ends in \`-br\` or \`-gz\`, and the one of before gets a 200. The ETag of a single thing begins with its version. Changes need it as \`If-Match\`: 428 without, 412 with \`currentVersion\` when the thing has changed since. Of it only the version counts, so the ETag of any view of the thing serves, and so does \`"3"\` alone. Each write answers with the ETag that the next one needs.

A condition that is sent is looked at also where none is needed, in this order: 401, 403, 404, then 412. \`If-Match\` and, of a write, \`If-None-Match\` are about the thing that the path names, as it is before the call: the article of \`/articles/{idOrSlug}/previews\`, the article of a wire's item, on \`/auth\` the account. A POST that makes something names nothing yet, so that any \`If-Match\` is false and any \`If-None-Match\` true. Log-in and refresh look at no condition. \`If-Modified-Since\` and \`If-Unmodified-Since\` are ignored, as no answer has a \`Last-Modified\`.

## States and steps
\`status\` is what is true now: \`draft\` and \`review\` are being written, \`scheduled\` is published with a time ahead, \`published\` is what readers see, \`expired\` was that until its \`expiresAt\`, \`archived\` is withdrawn. What was deleted is in the trash, whatever its status; a date that is still ahead is lost there. Nothing has to run for a time to come: it is looked at in every answer.

| step | from | to |
| --- | --- | --- |
| submit | draft | review |
| return (with a note) | review | draft |
| publish (now, or \`at\` a time) | draft, review, archived; again from scheduled, published, expired | published, or scheduled |
| unpublish | scheduled, published, expired | draft |
| archive | any but the trash | archived |
| delete | any | the trash |
| restore | archived, the trash | draft |

From elsewhere a step is 409 \`wrong-state\`, with \`place\`; archiving what is archived and deleting what is deleted change nothing. A new article is a draft unless \`status\` says otherwise; with \`published\` and a \`publishedAt\` ahead it is scheduled.

## Changes
PATCH is JSON Merge Patch (RFC 7396): what is absent stays, \`null\` clears where the schema takes it and is 400 elsewhere: \`[]\` clears the tags of an article. A change that changes nothing answers 200 with the same version and leaves no revision. A reference in a path, a filter or a body is an id (in lower case), or a slug in any spelling: in capitals, with joiners, blanks or punctuation (\`"source": "reuters"\`, \`"tags": ["নদী ও জলবায়ু"]\`). Of a tag or source, text with a symbol or one of \`# & @ / \\\\ * %\`, as \`C++\` or \`R&D\`, is its name and never a slug, which would lose the sign. In an answer a reference is a small object, but for webhooks, keys and previews, which name ids.

## Warnings
An answer to a write may carry \`warnings\`, \`{ code, detail, count }\`: the write was done, and this is what to know about it. New codes may come.

| code | what it says |
| --- | --- |
${warnings}

## Retries
A POST may carry an \`Idempotency-Key\`, a word of your own: for 24 hours a repeat with the same body gets the first answer, with \`Idempotency-Replayed: true\`. A failure is not kept, nor a bulk in which no operation was done. Log-in, refresh and log-out know no such key.

## Text
Text is kept as Unicode NFC, with ত + hasanta + ZWJ as ৎ, so that both spellings of ড়, ঢ়, য় and ৎ are one. ZWJ and ZWNJ, the danda, digits and quotes stay as typed; byte order marks, zero-width spaces, soft hyphens and bidi controls are taken out, no-break spaces become spaces, the ends are trimmed. U+0000, half surrogate pairs, more than 8 combining marks in a row and tag characters outside of a flag are 400. Lengths count code points after that. A slug keeps Bangla letters with their signs and is found in any spelling or case; percent-encode it in an address, and take \`slug\` of the answer as its one canonical form. An id is a UUID in lower case. Reading by a changed slug answers 308, and so does reading by the id and the slugs of a tag or source that went over to another: those are good in references and filters as well. A slug that another thing has now is that one’s, and a list by a tag that is gone is empty. Times are RFC 3339 with an offset, of 14 hours at most, no 60th second, and a year from ${yearMin} to ${yearMax}; they are shown in UTC with milliseconds; a bare date in a filter is a day in the newsroom's time zone.

## HTML
A body is \`html\`, \`markdown\` or \`text\`; \`bodyHtml\` is what to show, whatever it was. Markdown is GitHub's; footnotes are shown as they were written. HTML is sanitised when it is written, and \`warnings\` names what was taken out. These elements stay, with these attributes besides ${marked(Object.keys(globalAttributes))}: ${elements}. Other values of these than they are made for are taken out: \`class\` is \`language-…\` of \`code\` and \`pre\`, and of \`blockquote\` and \`div\` that of a quoted post, ${marked([...postClasses])}; \`target\` is \`_blank\`, which brings \`rel="noopener noreferrer"\`; an \`id\` is no property of the DOM. Links are http, https, mailto, tel, \`#…\` or begin with \`/\`; pictures and media are http, https or begin with \`/\`. Addresses are kept in one form, as those of other members are: URIs, percent-encoded, the host in ASCII, without dot segments; one whose host has no letter or digit is removed. What begins with \`/\` is shown under the public address of the API: give full addresses of pages that are elsewhere. A body has at most 250,000 characters as it is stored, where \`&\` is \`&amp;\`. What is made of it is bounded too, and 400 \`body-too-costly\` names what is exceeded: 2,000,000 bytes and 20,000 elements of HTML, where what is opened again and each cell of a table counts, 2,000 characters of an address, 2,000 UTF-16 units of any other attribute. Markdown in which signs lead too far or too deep is shown as it was written, and \`not-rendered\` or \`too-deep\` in \`warnings\` says so. An \`iframe\` stays if it is a player or post below ${marked(embeds)}; the address of a page of YouTube becomes that of its player, and a path with \`%2f\`, \`%5c\` or \`%2e\` is that of none.

## Failures
Every failure is \`application/problem+json\` (RFC 9457): \`{ type, title, status, code, detail, requestId, errors? }\`. Decide by \`code\`; \`errors\` names every fault of the query and the body at once, each by the part of the request and a JSON pointer. Whether what a body names is there is asked after that, one member after another: the 422 is of the first. A write for which this document has no body takes none, or \`{}\`. Streams are 406 where \`Accept\` excludes them; other answers have one form, and are sent whatever it says.

${failureTable()}
`;

/** The OpenAPI document of all routes. `server` is the address below which the paths are. */
export const apiDocument = (groups: readonly RouteGroup[], { server }: { server: string }): JsonSchema =>
  openApiDocument(groups, { title: 'Khobor', version, description: guide, server, webhooks: deliveredRequests });
