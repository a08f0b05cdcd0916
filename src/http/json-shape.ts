import { malformedBody } from '../core/errors.ts';

const depthMax = 32;
/** Of a body that is one thing; a body of many may have more. */
export const keysMaxDefault = 1_000;
const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]/gs;
const poison = new Set(['__proto__', 'constructor', 'prototype']);

/** Lists hold values without keys. */
const valuesMax = 50_000;

/** Refuses JSON (already known to be well-formed) that is too deep, has too many keys or values, repeats one or names a prototype. */
export function checkJsonShape(text: string, keysMax = keysMaxDefault): void {
  const scopes: (Set<string> | null)[] = [];
  let [keys, values] = [0, 0];
  let last = '';
  for (const [part] of text.matchAll(token)) {
    if (part === '{' || part === '[') {
      scopes.push(part === '{' ? new Set() : null);
      if (scopes.length > depthMax) throw malformedBody(`The body may be nested ${depthMax} levels deep at most.`);
    } else if (part === '}' || part === ']') {
      scopes.pop();
    } else if (part === ',') {
      values += 1;
      if (values > valuesMax) throw malformedBody(`The body may have ${valuesMax} values at most.`);
    } else if (part === ':') {
      const key = String(JSON.parse(last));
      const scope = scopes.at(-1);
      keys += 1;
      if (keys > keysMax) throw malformedBody(`The body may have ${keysMax} keys at most.`);
      if (scope?.has(key)) throw malformedBody('The body names a key twice in one object.');
      if (poison.has(key)) throw malformedBody('The body names a key that no object here has.');
      scope?.add(key);
    }
    last = part;
  }
}
