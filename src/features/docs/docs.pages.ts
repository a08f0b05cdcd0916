import { type Answer, answer, toJson } from '../../http/json.ts';
import type { HomeView } from './docs.schema.ts';
import { prefersHtml } from './prefers-html.ts';

/** All addresses in the pages are relative, so that they work below any prefix of a proxy. */
const page = (options: { title: string; styles: readonly string[]; body: string }) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${options.title}</title>
<link rel="icon" type="image/svg+xml" href="docs/favicon.svg">
${options.styles.map((name) => `<link rel="stylesheet" href="docs/${name}">`).join('\n')}
</head>
<body>
${options.body}
</body>
</html>
`;

const homeHtml = page({
  title: 'Khobor · খবর',
  styles: ['docs.css'],
  body: `<main class="home">
<h1><span lang="bn">খবর</span> <small>Khobor</small></h1>
<p>The API of a newsroom: editors publish, sites and apps read what is public as JSON.</p>
<p lang="bn">সংবাদকক্ষের এপিআই: সম্পাদক লেখেন ও প্রকাশ করেন, পাঠকের পাতা সেখান থেকে পড়ে নেয়।</p>
<nav>
<a href="docs"><b>Reference</b><span>Every call, explained and ready to be tried</span></a>
<a href="v1/latest"><b>/v1/latest</b><span>What is public, newest first</span></a>
<a href="openapi.yaml"><b>openapi.yaml</b><span>The whole API as an OpenAPI 3.1 document</span></a>
<a href="openapi.json"><b>openapi.json</b><span>The same as JSON</span></a>
<a href="livez"><b>/livez</b><span>Whether the server lives</span></a>
</nav>
</main>`,
});

const policy = (directives: readonly string[]) =>
  ["default-src 'none'", ...directives, "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"].join('; ');

const homePolicy = policy(["style-src 'self'", "img-src 'self'"]);

/** The viewer has images in data URLs. Everything else it loads comes from this server: calls and files, but no fonts. */
const referencePolicy = policy(["script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'"]);

export type DocsPages = { home(accept: string): Answer<HomeView>; reference(): Answer<null> };

/** `reference` makes the body of the reference. It is called once, at the first request. */
export function openDocsPages(publicUrl: string, reference: () => string): DocsPages {
  const vary = { Vary: 'Accept, Authorization, Origin' };
  const addresses: HomeView = {
    name: 'Khobor',
    reference: `${publicUrl}/docs`,
    openapiJson: `${publicUrl}/openapi.json`,
    openapiYaml: `${publicUrl}/openapi.yaml`,
    latest: `${publicUrl}/v1/latest`,
    liveness: `${publicUrl}/livez`,
  };
  const json = answer(toJson(addresses), { headers: vary });
  const html: Answer<HomeView> = {
    body: { text: homeHtml },
    mediaType: 'text/html; charset=utf-8',
    headers: { ...vary, 'Content-Security-Policy': homePolicy },
  };
  let referenceHtml: string | undefined;
  return {
    home: (accept) => (prefersHtml(accept) ? html : json),
    reference: () => {
      referenceHtml ??= page({
        title: 'Khobor · reference',
        styles: ['docs.css', 'reference.css'],
        body: reference(),
      });
      return { body: { text: referenceHtml }, headers: { 'Content-Security-Policy': referencePolicy } };
    },
  };
}
