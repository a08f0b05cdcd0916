import fc from 'fast-check';
import { arrayOf, recordOf, resolve, type Schema } from './document.ts';

/** Generates values that a schema of the document allows, and values that break one of its rules. */

const words = [
  'নদী',
  'রয়টার্স',
  'র‍্যাব',
  'ক্‌ষ',
  'হাওর',
  'R&D',
  '<b>',
  'a\\b',
  '"খ"',
  "'গ'",
  '১,১৫০',
  '50%',
  '👨‍👩‍👧',
  '।',
  '…',
  'Ünïcode',
];
const text = (schema: Schema): fc.Arbitrary<string> => {
  const max = typeof schema.maxLength === 'number' ? schema.maxLength : 200;
  const examples = arrayOf(schema.examples).filter((example) => typeof example === 'string');
  const made = fc
    .array(fc.constantFrom(...words), { minLength: 1, maxLength: 5 })
    .map((parts) => [...`ক ${parts.join(' ')}`].slice(0, max).join(''));
  if (examples.length === 0) return made;
  return 'pattern' in schema ? fc.constantFrom(...examples) : fc.oneof(made, fc.constantFrom(...examples));
};

const formats: Readonly<Record<string, fc.Arbitrary<string>>> = {
  uuid: fc.uuid({ version: 7 }),
  'date-time': fc
    .date({ min: new Date('1950-01-01'), max: new Date('2026-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString()),
  'idn-email': fc.integer({ min: 0, max: 1e9 }).map((number) => `ডেস্ক.${number}@খবর${number % 2 ? '' : '-পাতা'}.example`),
  password: fc.constantFrom('নদীর ধারে সাদা কাশফুল', 'correct horse battery staple'),
  iri: fc.constantFrom('https://news.example/hooks/khobor', 'https://খবর.example/হুক?দিন=১'),
  'iri-reference': fc.constantFrom(
    'https://news.example/media/a.jpg',
    '/media/খ.jpg',
    'https://খবর.example/ছবি/নদী.jpg',
    'http://xn--54b7fta0cc.example/?a=b#c',
  ),
};

const number = (schema: Schema) =>
  fc.integer({
    min: typeof schema.minimum === 'number' ? Math.max(schema.minimum, -1_000) : 0,
    max: typeof schema.maximum === 'number' ? Math.min(schema.maximum, 1_000) : 1_000,
  });

/** An object with these members; those not required may be absent. */
export const recordWith = (
  members: Readonly<Record<string, fc.Arbitrary<unknown>>>,
  requiredKeys: readonly string[],
): fc.Arbitrary<Record<string, unknown>> =>
  fc
    .tuple(fc.record(members), fc.subarray(Object.keys(members)))
    .map(([whole, chosen]) =>
      Object.fromEntries(Object.entries(whole).filter(([key]) => requiredKeys.includes(key) || chosen.includes(key))),
    );

const branchesOf = (schema: Schema): unknown[] => arrayOf(schema.anyOf ?? schema.oneOf);

export function validOf(root: Schema, given: unknown): fc.Arbitrary<unknown> {
  const schema = resolve(root, given);
  const branches = branchesOf(schema);
  if (branches.length > 0) return fc.oneof(...branches.map((branch) => validOf(root, branch)));
  if ('const' in schema) return fc.constant(schema.const);
  if (Array.isArray(schema.enum)) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return number(schema);
    case 'string':
      return formats[String(schema.format)] ?? text(schema);
    case 'array':
      return fc.array(validOf(root, schema.items), {
        minLength: typeof schema.minItems === 'number' ? schema.minItems : 0,
        maxLength: typeof schema.maxItems === 'number' ? Math.min(schema.maxItems, 3) : 3,
      });
    case 'object': {
      const members = Object.entries(recordOf(schema.properties)).map(([key, member]) => [key, validOf(root, member)]);
      return recordWith(Object.fromEntries(members), arrayOf(schema.required).map(String));
    }
    default:
      return fc.constantFrom('x', 1, true);
  }
}

/** The smallest value that a schema allows: only required members of objects, and as few items of arrays as possible. */
function leastOf(root: Schema, given: unknown, sample: (schema: unknown) => unknown): unknown {
  const schema = resolve(root, given);
  const branch = branchesOf(schema).find((each) => resolve(root, each).type !== 'null');
  if (branch !== undefined) return leastOf(root, branch, sample);
  if (schema.type === 'array')
    return Array(typeof schema.minItems === 'number' ? schema.minItems : 0).fill(leastOf(root, schema.items, sample));
  if (schema.type !== 'object') return sample(schema);
  const properties = recordOf(schema.properties);
  return Object.fromEntries(
    arrayOf(schema.required).map((key) => [String(key), leastOf(root, properties[String(key)], sample)]),
  );
}

/** A value that breaks one rule, and the pointer to the fault. */
export type Violation = { readonly value: unknown; readonly pointer: string; readonly rule: string };

const wrongTypes: Readonly<Record<string, unknown[]>> = {
  string: [1, true, ['ক'], { not: 'ক' }],
  integer: ['1', 1.5, true, [1], { gt: 0 }],
  boolean: ['true', 1, [true], {}],
  array: [{}, 'ক', 1],
  object: [[], 'ক', 1, true],
};

const longest = 5_000;
const wrongFormats: Readonly<Record<string, string>> = {
  uuid: '0199F3C2-7A10-7CC3-9D5B-6F0A3F1F2B11',
  'date-time': '2024-02-30T00:00:00Z',
  'idn-email': 'কেউ নেই',
  'iri-reference': 'javascript:alert(1)',
};

function broken(root: Schema, schema: Schema, sample: (schema: unknown) => unknown): Violation[] {
  const here = (rule: string, ...values: unknown[]) => values.map((value) => ({ value, pointer: '', rule }));
  const wrong = here('type', ...(wrongTypes[String(schema.type)] ?? []));
  if ('const' in schema) return [...wrong, ...here('const', schema.const === true ? false : 'nonsense')];
  if (Array.isArray(schema.enum)) return [...wrong, ...here('enum', 'nonsense', '')];
  const { minLength, maxLength, minimum, maximum, minItems, maxItems, format } = schema;
  const wrongFormat = wrongFormats[String(format)];
  return [
    ...wrong,
    ...(typeof minLength === 'number' && minLength > 0 ? here('minLength', 'ক'.repeat(minLength - 1)) : []),
    ...(typeof maxLength === 'number' && maxLength < longest ? here('maxLength', 'ক'.repeat(maxLength + 1)) : []),
    ...(schema.type === 'string' && format !== 'uuid' ? here('text', 'ক\u0000খ', '\uD83C') : []),
    ...(wrongFormat === undefined ? [] : here('format', wrongFormat)),
    ...(typeof minimum === 'number' ? here('minimum', minimum - 1) : []),
    ...(typeof maximum === 'number' ? here('maximum', maximum + 1) : []),
    ...(typeof minItems === 'number' && minItems > 0 ? here('minItems', []) : []),
    ...(typeof maxItems === 'number'
      ? here('maxItems', Array(maxItems + 1).fill(leastOf(root, schema.items, sample)))
      : []),
    ...(schema.type === 'array' ? inItems(root, schema, sample) : []),
    ...(schema.type === 'object' ? inMembers(root, schema, sample) : []),
  ];
}

const inItems = (root: Schema, schema: Schema, sample: (schema: unknown) => unknown): Violation[] =>
  violationsOf(root, schema.items, sample).map(({ value, pointer, rule }) => ({
    value: [value],
    pointer: `/0${pointer}`,
    rule,
  }));

function inMembers(root: Schema, schema: Schema, sample: (schema: unknown) => unknown): Violation[] {
  const required = arrayOf(schema.required).map(String);
  const properties = recordOf(schema.properties);
  const base = recordOf(leastOf(root, schema, sample));
  const members = Object.entries(properties).flatMap(([key, member]) =>
    violationsOf(root, member, sample).map(({ value, pointer, rule }) => ({
      value: { ...base, [key]: value },
      pointer: `/${key}${pointer}`,
      rule,
    })),
  );
  const missing = required.map((key) => ({
    value: Object.fromEntries(Object.entries(base).filter(([other]) => other !== key)),
    pointer: `/${key}`,
    rule: 'required',
  }));
  const extra = { value: { ...base, nonsense: 1 }, pointer: '/nonsense', rule: 'additionalProperties' };
  return schema.additionalProperties === false ? [...members, ...missing, extra] : [...members, ...missing];
}

/** Values that each break one rule of a schema. For a choice between several shapes, only values that match none. */
export function violationsOf(root: Schema, given: unknown, sample: (schema: unknown) => unknown): Violation[] {
  const schema = resolve(root, given);
  const branches = branchesOf(schema).map((branch) => resolve(root, branch));
  const [only, ...others] = branches.filter(({ type }) => type !== 'null');
  if (only !== undefined && others.length > 0)
    return [1, 'ক', null].map((value) => ({ value, pointer: '', rule: 'oneOf' }));
  const nullable = branches.some(({ type }) => type === 'null') || schema.type === 'null';
  return [...broken(root, only ?? schema, sample), ...(nullable ? [] : [{ value: null, pointer: '', rule: 'null' }])];
}
