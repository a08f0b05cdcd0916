import { type Endpoint, get } from '../../http/endpoint.ts';
import { answer } from '../../http/json.ts';
import type { JsonSchema } from '../../http/openapi-schema.ts';
import { fileTypes, openDocsFiles } from './docs.files.ts';
import { openDocsPages } from './docs.pages.ts';
import { ApiDocumentView, HomeView } from './docs.schema.ts';
import { openDocumentText } from './document-text.ts';

/** The document, the reference made of it, and the root. `document` is called once for each form, at the first request. */
export function docsRoutes({ document, publicUrl }: { document: () => JsonSchema; publicUrl: string }): Endpoint[] {
  const text = openDocumentText(document);
  const pages = openDocsPages(publicUrl);
  const file = openDocsFiles();
  const open = { access: 'public', token: 'ignored', cache: 'document' } as const;
  return [
    get(
      '/',
      {
        ...open,
        id: 'getHome',
        summary: 'Where everything is',
        description: 'JSON, or a page for callers that prefer `text/html`.',
        reply: HomeView,
        mediaType: 'text/html',
      },
      async ({ call }) => pages.home(call.accept),
    ),
    get(
      '/openapi.json',
      { ...open, id: 'getOpenApiJson', summary: 'This document as JSON', reply: ApiDocumentView },
      async () => answer({ text: text.json() }),
    ),
    get(
      '/openapi.yaml',
      {
        ...open,
        id: 'getOpenApiYaml',
        summary: 'This document as YAML',
        reply: null,
        mediaType: 'application/yaml; charset=utf-8',
      },
      async () => ({
        body: { text: await text.yaml() },
      }),
    ),
    get(
      '/docs',
      {
        ...open,
        id: 'getReference',
        summary: 'The reference, for a browser',
        reply: null,
        mediaType: 'text/html; charset=utf-8',
      },
      async () => pages.reference,
    ),
    get(
      '/docs/{file}',
      { ...open, id: 'getReferenceFile', summary: 'A file of the reference', reply: null, mediaType: fileTypes },
      async ({ params }) => file(params.file),
    ),
  ];
}
