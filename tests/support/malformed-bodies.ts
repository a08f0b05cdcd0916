/** A word in bodies, that no answer may show. */
export const canary = 'canary-7f3a';
/** Lists in lists, as JSON. */
export const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
/** An object with so many members, as JSON. */
export const keys = (count: number) =>
  JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 1])));

/** Bodies that are no JSON object of ours, whatever the route. */
export const malformed: [string, string | Buffer][] = [
  ['an empty body', ''],
  ['white space', ' \n'],
  ['a number', '1'],
  ['null', 'null'],
  ['a string', `"${canary}"`],
  ['true', 'true'],
  ['an array', `["${canary}"]`],
  ['no JSON', `${canary}`],
  ['a trailing comma', `{"name":"${canary}",}`],
  ['single quotes', `{'name':'${canary}'}`],
  ['a bare key', `{name:"${canary}"}`],
  ['a comment', `{"name":"${canary}"/* */}`],
  ['NaN', `{"name":NaN,"x":"${canary}"}`],
  ['a line break in a string', `{"name":"${canary}\n"}`],
  ['an end that is missing', `{"name":"${canary}`],
  ['two objects', `{"name":"${canary}"}{"name":"b"}`],
  ['a byte order mark alone', '\uFEFF'],
  ['two byte order marks', `\uFEFF\uFEFF{"name":"${canary}"}`],
  ['a key twice', `{"name":"a","name":"${canary}"}`],
  ['a key twice, once escaped', `{"name":"a","\\u006eame":"${canary}"}`],
  ['a key twice deep inside', `{"cover":{"url":"/a","url":"/${canary}"}}`],
  ['__proto__', `{"__proto__":{"role":"${canary}"}}`],
  ['__proto__, escaped', `{"\\u005f_proto__":{"role":"${canary}"}}`],
  ['constructor.prototype', `{"constructor":{"prototype":{"role":"${canary}"}}}`],
  ['33 levels', `{"name":${nested(32)}}`],
  ['half a million levels', `{"name":${nested(500_000)}}`],
  ['1,001 keys', keys(1_001)],
  ['a list of 300,000 lists', `{"name":[${'[],'.repeat(300_000)}[]]}`],
  [
    'bytes that are no UTF-8',
    Buffer.concat([Buffer.from(`{"name":"${canary}`), Buffer.from([0xff, 0xfe, 0x22, 0x7d])]),
  ],
  ['a surrogate as UTF-8', Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0xed, 0xa0, 0x80, 0x22, 0x7d])])],
  ['an overlong slash', Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0xc0, 0xaf, 0x22, 0x7d])])],
  ['UTF-16', Buffer.from(`{"name":"${canary}"}`, 'utf16le')],
];
