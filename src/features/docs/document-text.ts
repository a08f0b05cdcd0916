import type { JsonSchema } from '../../http/openapi/json-schema.ts';

/**
 * The document as YAML, deterministic. Words that YAML 1.1 reads as something else (`no`, `on`, `12:30`) are quoted, since
 * many tools still use that version. There are no anchors, since some tools cannot read them.
 */
export async function yamlOf(document: JsonSchema): Promise<string> {
  // Imported when it is needed: the library takes 9 MB of memory, and a server may never be asked.
  const { default: yaml } = await import('yaml');
  return yaml.stringify(document, { lineWidth: 0, aliasDuplicateObjects: false, compat: 'yaml-1.1' });
}

/** Placeholder for the server in the cached text, if only the call knows the server. */
const anyServer = 'https://server.invalid';

/** In JSON and in YAML a double-quoted text is the same, whatever it contains. */
const naming = (text: string, server: string) =>
  text.replace(/"?https:\/\/server\.invalid"?/, () => JSON.stringify(server));

/**
 * The document in both forms, each made at the first request and then cached. `server` is the server that it names; without
 * it, each call's own.
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
