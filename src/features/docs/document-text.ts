import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkout } from '../../checkout.ts';

export type DocumentForm = 'json' | 'yaml';

/** Placeholder for the server in the built document: the settings or the call name it. */
export const anyServer = 'https://server.invalid';

/** Where the build puts the OpenAPI document (cli/document.ts): to make it takes the main thread half a second. */
export const builtDocument = (form: DocumentForm): string => join(checkout, 'dist', `openapi.${form}`);

/** In JSON and in YAML a double-quoted text is the same, whatever it contains. */
const naming = (text: string, server: string) =>
  text.replace(/"?https:\/\/server\.invalid"?/, () => JSON.stringify(server));

/** The built document, naming this server. */
export const readDocument = async (form: DocumentForm, server: string): Promise<string> =>
  naming(await readFile(builtDocument(form), 'utf8'), server);

/**
 * The document by its form, read at the first request and then cached. `server` is the server that it names; without it,
 * each call's own.
 */
export function openDocumentText(server: string | undefined) {
  const kept = new Map<DocumentForm, string>();
  return async (form: DocumentForm, own: string): Promise<string> => {
    const text = kept.get(form) ?? (await readDocument(form, server ?? anyServer));
    kept.set(form, text);
    return server === undefined ? naming(text, own) : text;
  };
}
