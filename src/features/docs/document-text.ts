import type { JsonSchema } from '../../http/openapi-schema.ts';

/**
 * The document as YAML, the same text for the same document. Words that YAML 1.1 reads as something else (`no`, `on`,
 * `12:30`) are quoted, since many tools still read that version; no anchors, since some know none.
 */
export async function yamlOf(document: JsonSchema): Promise<string> {
  // Loaded here, because the library takes 9 MB of memory and a server may never be asked.
  const { stringify } = await import('yaml');
  return stringify(document, { lineWidth: 0, aliasDuplicateObjects: false, compat: 'yaml-1.1' });
}

/** The document in both forms, each made when it is first asked for and then kept. */
export function openDocumentText(document: () => JsonSchema): { json(): string; yaml(): Promise<string> } {
  let json: string | undefined;
  let yaml: Promise<string> | undefined;
  return {
    json: () => {
      json ??= JSON.stringify(document());
      return json;
    },
    yaml: () => {
      yaml ??= yamlOf(document());
      return yaml;
    },
  };
}
