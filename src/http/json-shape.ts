import { malformedBody } from '../core/errors.ts';

const depthMax = 32;
/** The limit for a body that is one thing; a body of many things may have more. */
const keysMaxDefault = 1_000;
const token = /"(?:[^"\\]|\\.)*"|[{}[\]:]/gs;
const poison = new Set(['__proto__', 'constructor', 'prototype']);

/** The limit of keys does not bound lists, whose values have no keys. */
const valuesMax = 50_000;

const sign = { quote: 0x22, comma: 0x2c, open: [0x5b, 0x7b], backslash: 0x5c, close: [0x5d, 0x7d] } as const;

/**
 * Refuses JSON that is too deep or has too many values, in one pass over its bytes: parsing a megabyte of small values
 * takes a hundred times as long. Malformed JSON may pass.
 */
export function checkJsonSize(bytes: Uint8Array): void {
  let [depth, values, isText] = [0, 0, false];
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === sign.quote) isText = !isText;
    else if (isText) at += byte === sign.backslash ? 1 : 0;
    else if (byte === sign.comma) values += 1;
    else if (byte === sign.open[0] || byte === sign.open[1]) depth += 1;
    else if (byte === sign.close[0] || byte === sign.close[1]) depth -= 1;
    if (depth > depthMax) throw malformedBody(`The body may be nested ${depthMax} levels deep at most.`);
    if (values > valuesMax) throw malformedBody(`The body may have ${valuesMax} values at most.`);
  }
}

/** Refuses JSON (already known to be well-formed) that has too many keys, repeats one or names a prototype. */
export function checkJsonKeys(text: string, keysMax = keysMaxDefault): void {
  const scopes: (Set<string> | null)[] = [];
  let keys = 0;
  let last = '';
  for (const [part] of text.matchAll(token)) {
    if (part === '{' || part === '[') scopes.push(part === '{' ? new Set() : null);
    else if (part === '}' || part === ']') scopes.pop();
    else if (part === ':') {
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
