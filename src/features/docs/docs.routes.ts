import { version } from '../../core/version.ts';
import { type Endpoint, get } from '../../http/endpoint.ts';
import { answer } from '../../http/json.ts';
import type { RouteGroup } from '../../http/openapi/document.ts';
import { guide } from './api-document.ts';
import { fileTypes, openDocsFiles } from './docs.files.ts';
import { openDocsPages } from './docs.pages.ts';
import { ApiDocumentView, HomeView } from './docs.schema.ts';
import { openDocumentText } from './document-text.ts';
import { referenceBody } from './reference-page.ts';

export type DocsParts = {
  /** The groups that the reference links to: all, once those of this file are added. */
  groups: readonly RouteGroup[];
  /** The server that the document names. Without it, the host and port of each call. */
  server: string | undefined;
  publicUrl: string;
};

/** The routes of the document, of the reference made from it, and of the root. */
export function docsRoutes({ groups, server, publicUrl }: DocsParts): Endpoint[] {
  const text = openDocumentText(server);
  // A document made for one host must not be cached for another.
  const kept = server === undefined ? { headers: { 'Cache-Control': 'no-store' } } : {};
  const pages = openDocsPages(publicUrl, () => referenceBody({ groups, guide, version }));
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
      async ({ call }) => answer({ text: await text('json', call.origin) }, kept),
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
      async ({ call }) => ({ body: { text: await text('yaml', call.origin) }, ...kept }),
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
      async () => pages.reference(),
    ),
    get(
      '/docs/{file}',
      { ...open, id: 'getReferenceFile', summary: 'A file of the reference', reply: null, mediaType: fileTypes },
      async ({ params }) => file(params.file),
    ),
  ];
}
