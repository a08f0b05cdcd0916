import { marked } from 'marked';
import type { Endpoint } from '../../http/endpoint.ts';
import { type RouteGroup, type TokenUse, tokenUse } from '../../http/openapi/document.ts';

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** What a lock means: closed if a call without a token is refused, open if anybody may call. */
const locks: Readonly<Record<TokenUse, { shape: string; says: string }>> = {
  needed: { shape: 'lock-closed', says: 'Needs a token' },
  optional: { shape: 'lock-open', says: 'Needs no token; one is read if it is sent' },
  ignored: { shape: 'lock-open', says: 'Needs no token and reads none' },
};

const shapes = `<svg width="0" height="0" aria-hidden="true">
<symbol id="lock-closed" viewBox="0 0 16 16"><rect x="3" y="7" width="10" height="7" rx="1"/><path d="M5 7V5a3 3 0 0 1 6 0v2"/></symbol>
<symbol id="lock-open" viewBox="0 0 16 16"><rect x="3" y="7" width="10" height="7" rx="1" stroke-dasharray="2 1.5"/><path d="M5 7V4a3 3 0 0 1 5.8-1"/></symbol>
</svg>`;

/**
 * The address of an operation in the page, after its `#`. The same as in Swagger UI, so that existing links keep working.
 */
const addressOf = (tag: string, { spec }: Endpoint) => `/${tag}/${spec.id}`;

function linkTo(tag: string, endpoint: Endpoint): string {
  const { method, path, spec } = endpoint;
  const { shape, says } = locks[tokenUse(spec)];
  const address = addressOf(tag, endpoint);
  return `<li><a href="#${encodeURI(address)}" data-address="${escaped(address)}" data-group="${escaped(tag)}" data-id="${spec.id}" title="${escaped(`${method.toUpperCase()} ${path}`)}"><b class="${method}">${method}</b><span>${escaped(spec.summary)}</span><svg class="lock" role="img" aria-label="${says}"><use href="#${shape}"/></svg></a></li>`;
}

const groupOf = ({ tag, description, endpoints }: RouteGroup) =>
  `<details open data-group="${escaped(tag)}"><summary>${escaped(tag)} <small>${escaped(description)}</small></summary>
<ul>
${endpoints.map((endpoint) => linkTo(tag, endpoint)).join('\n')}
</ul>
</details>`;

const html = (markdown: string) =>
  marked
    .parse(markdown, { async: false })
    .replaceAll('<table>', '<div class="table"><table>')
    .replaceAll('</table>', '</table></div>');

const idOf = (heading: string) => heading.toLowerCase().replaceAll(/[^a-z]+/g, '-');

/** The rules for every call: the first paragraphs, and each section folded under its heading. */
function guideOf(markdown: string): string {
  const [opening = '', ...sections] = markdown.split(/^## /m);
  const folded = sections.map((section) => {
    const end = section.indexOf('\n');
    const heading = section.slice(0, end);
    return `<details id="${idOf(heading)}"><summary>${escaped(heading)}</summary>${html(section.slice(end))}</details>`;
  });
  return [html(opening), ...folded].join('\n');
}

export type ReferenceParts = { groups: readonly RouteGroup[]; guide: string; version: string };

/** The body of the reference. It contains every operation before any script runs; the script loads the viewer. */
export const referenceBody = ({ groups, guide, version }: ReferenceParts): string => `${shapes}
<header class="bar"><a href="."><span lang="bn">খবর</span> <small>Khobor</small></a> <button id="menu" type="button" aria-expanded="false" aria-controls="nav">Operations</button> <a href="#guide">Guide</a> <a class="file" href="openapi.yaml">openapi.yaml</a> <a class="file" href="openapi.json">openapi.json</a></header>
<div class="columns">
<nav id="nav" aria-label="Operations">
<input id="find" type="search" placeholder="Find an operation" aria-label="Find an operation">
${groups.map(groupOf).join('\n')}
</nav>
<main>
<section id="guide">
<h1>Khobor ${escaped(version)}</h1>
<noscript><p class="notice">Operations are shown with JavaScript only. The same is in <a href="openapi.yaml">openapi.yaml</a>.</p></noscript>
${guideOf(guide)}
</section>
<section id="operation" aria-label="Operation">
<p id="access"></p>
<div id="reference"></div>
</section>
</main>
</div>
<script src="docs/reference.js" defer></script>`;
