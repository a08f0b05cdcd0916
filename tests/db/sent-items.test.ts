import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { type OlderDatabase, openOlderDatabase } from '../support/older-database.ts';

let older: OlderDatabase;
beforeEach(async () => {
  older = await openOlderDatabase();
});
afterEach(() => older.drop());

const query = (text: string) => older.query(text);
const remembering = '20261128120000_what_was';

type Revision = [step: string, changed: string[]];

const source = '0199f3c2-7a10-7cc3-9d5b-6f0a3f1f2b01';
const idOf = (index: number) => `0199f3c2-7a10-7cc3-9d5b-6f0a3f1f2b${10 + index}`;

/** An article as the program before left it: what the wire counted, and what became of it, version after version. */
async function insert(index: number, item: { id: string | null; version: number | null }, revisions: Revision[]) {
  const [id, itemId] = [idOf(index), item.id === null ? 'NULL' : `'${item.id}'`];
  await query(`INSERT INTO articles (id, language, slug, slug_derived, title, body, body_format, body_html, source_id, source_item_id, item_version, status, version)
    VALUES ('${id}', 'bn', 'খবর-${index}', true, 'খবর ${index}', '', 'html', '', '${source}', ${itemId}, ${item.version}, 'draft', ${revisions.length})`);
  for (const [place, [step, changed]] of revisions.entries())
    await query(`INSERT INTO revisions (article_id, version, step, snapshot, changed)
      VALUES ('${id}', ${place + 1}, '${step}', '{}', '{${changed.join(',')}}')`);
}

it('an older newsroom remembers what its articles tell: the version of each item, and whether it was killed last', async () => {
  await older.apply((name) => name < remembering);
  await query(`INSERT INTO sources (id, slug, name, identity_key) VALUES ('${source}', 'bss', 'বাসস', 'বাসস')`);
  const items: [string, boolean, Revision[]][] = [
    ['created', false, [['create', []]]],
    ['killed-early', true, [['kill', []]]],
    [
      'killed',
      true,
      [
        ['create', []],
        ['kill', ['status', 'itemVersion']],
      ],
    ],
    [
      'killed-and-published',
      true,
      [
        ['create', []],
        ['kill', ['itemVersion']],
        ['publish', ['status']],
      ],
    ],
    [
      'killed-and-edited',
      true,
      [
        ['create', []],
        ['kill', ['itemVersion']],
        ['update', ['title']],
      ],
    ],
    [
      'lifted',
      false,
      [
        ['create', []],
        ['kill', ['itemVersion']],
        ['update', ['title', 'itemVersion']],
      ],
    ],
    [
      'moved-with-its-source',
      true,
      [
        ['create', []],
        ['kill', ['itemVersion']],
        ['resource', ['source']],
      ],
    ],
    [
      'moved-once',
      false,
      [
        ['create', []],
        ['kill', ['itemVersion']],
        ['update', ['sourceItemId', 'itemVersion']],
        ['update', ['itemVersion']],
      ],
    ],
  ];
  for (const [index, [id, , revisions]] of items.entries()) await insert(index, { id, version: index + 1 }, revisions);
  await insert(items.length, { id: 'never-sent', version: null }, [['create', []]]);
  await insert(items.length + 1, { id: null, version: null }, [['create', []]]);
  await older.apply();
  const rows = await query('SELECT source_id, item_id, version, killed, digest FROM source_items ORDER BY version');
  expect(rows).toEqual(
    items.map(([id, killed], index) => ({ source_id: source, item_id: id, version: index + 1, killed, digest: null })),
  );
  expect(await query('SELECT items_from FROM sources')).toEqual([{ items_from: 'authors' }]);
});
