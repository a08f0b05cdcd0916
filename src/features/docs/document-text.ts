import type { JsonSchema } from '../../http/openapi/json-schema.ts';

/**
 * The document as YAML, the same text for the same document. Words that YAML 1.1 reads as something else (`no`, `on`,
 * `12:30`) are quoted, since many tools still read that version; no anchors, since some know none.
 */
export async function yamlOf(document: JsonSchema): Promise<string> {
  // Loaded here, because the library takes 9 MB of memory and a server may never be asked.
  const { stringify } = await import('yaml');
  return stringify(document, { lineWidth: 0, aliasDuplicateObjects: false, compat: 'yaml-1.1' });
}

/** Stands in the kept text for a server that only the call knows. */
const anyServer = 'https://server.invalid';

/** In JSON and in YAML alike a text in double quotes, whatever is in it. */
const naming = (text: string, server: string) =>
  text.replace(/"?https:\/\/server\.invalid"?/, () => JSON.stringify(server));

/**
 * The document in both forms, each made when it is first asked for and then kept. `server` is the one that it names;
 * without it, each call's own.
 */
export function openDocumentText(document: (server: string) => JsonSchema, server: string | undefined) {
  let json: string | undefined;
  let yaml: Promise<string> | undefined;
  const named = (text: string, own: string) => (server === undefined ? naming(text, own) : text);
  return {
    json(own: string): string {
      json ??= JSON.stringify(document(server ?? anyServer));
      return named(json, own);
    },
    async yaml(own: string): Promise<string> {
      yaml ??= yamlOf(document(server ?? anyServer));
      return named(await yaml, own);
    },
  };
}
