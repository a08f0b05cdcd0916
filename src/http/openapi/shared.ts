import type { JsonSchema } from './json-schema.ts';

type Use = { readonly name: string; readonly value: JsonSchema };

/**
 * Shares what several operations have in common, as components of one section. What is used more than once becomes a named
 * component; the rest stays inline. If several have the same name, the most frequent one gets it, and the others a number.
 */
export function openShared(section: string, uses: readonly Use[]) {
  const counted = new Map<string, Use & { times: number }>();
  for (const use of uses) {
    const key = JSON.stringify(use);
    counted.set(key, { ...use, times: (counted.get(key)?.times ?? 0) + 1 });
  }
  const components: JsonSchema = {};
  const keys = new Map<string, string>();
  for (const [key, { name, value, times }] of [...counted].sort(([, a], [, b]) => b.times - a.times)) {
    if (times < 2) continue;
    const taken = Object.keys(components).filter((other) => other === name || other.startsWith(`${name}.`)).length;
    const own = taken === 0 ? name : `${name}.${taken + 1}`;
    components[own] = value;
    keys.set(key, own);
  }
  return {
    components,
    /** A reference to the component; undefined if there is none. */
    refTo({ name, value }: Use): { $ref: string } | undefined {
      const known = keys.get(JSON.stringify({ name, value }));
      return known === undefined ? undefined : { $ref: `#/components/${section}/${known}` };
    },
  };
}
