/**
 * Whatever two members a call has, each counts as it does alone. `npm test` sends every tenth pair once, by one of the
 * ways, and `npm run test:long` all of them; every pair by every way to an article in every state is `npm run pairs`.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readDocument, recordOf, resolve, type Schema } from '../../support/document.ts';
import { type DraftDesk, openDraftDesk } from '../../support/drafts.ts';
import { apart, corrected, faultsOf, type Outcome, pairsOf, type Unit, unitsOf } from '../../support/member-values.ts';
import { type Newsroom, openNewsroom, type Story } from '../../support/newsroom.ts';

const all = process.env.PAIRS === 'all';

type State = 'draft' | 'scheduled' | 'published';
type Answer = { status: number; body: Record<string, unknown> };
type Way = { schema: string; send(story: Story, body: object): Promise<Answer> };

let room: Newsroom;
let desk: DraftDesk;
let root: Schema;
let stories: Record<State, Story>;

const items = `/v1/sources/${encodeURIComponent('ভাটার-বার্তা')}/items`;
const put = (itemId: string, body: object) => room.as('editor', 'put', `${items}/${itemId}`).send(body);
const drafted = (method: 'patch' | 'put') => async (story: Story, body: object) => {
  const answer = await desk[method](story.id, body);
  return answer.status === 200 ? room.step('publish', story.id, { draftVersion: answer.body.version }) : answer;
};

const ways = {
  patch: { schema: 'ArticlePatch', send: async ({ id }, body) => room.patch(id, body) },
  bulk: {
    schema: 'ArticlePatch',
    async send({ id }, body) {
      const operations = [{ op: 'update', id, ifMatch: '*', body }];
      const { body: answer } = await room.as('editor', 'post', '/v1/articles/bulk').send({ operations }).expect(200);
      const [{ status, article, problem }] = answer.results;
      return { status, body: article ?? problem };
    },
  },
  item: {
    schema: 'WireItem',
    send: async ({ sourceItemId }, body) => put(String(sourceItemId), { itemVersion: 2, ...body }),
  },
  draft: { schema: 'DraftPatch', send: drafted('patch') },
  'whole draft': { schema: 'DraftPut', send: drafted('put') },
  publish: {
    schema: 'PublishBody',
    async send({ id }, body) {
      await desk.draft(id, { kicker: 'খসড়ার কিকার' });
      return room.step('publish', id, body);
    },
  },
  create: {
    schema: 'ArticleCreate',
    async send({ source }, body) {
      const answer = await room.create({ title: 'নতুন খবর', source: source?.slug, ...body });
      if (answer.status === 201) await room.app.sql('DELETE FROM articles WHERE id = $1', [answer.body.id]);
      return answer;
    },
  },
} satisfies Record<string, Way>;

type Combination = [way: keyof typeof ways, state: State];

const states: State[] = ['draft', 'scheduled', 'published'];
const isWay = (name: string): name is keyof typeof ways => name in ways;
const every = Object.keys(ways)
  .filter(isWay)
  .flatMap((way): Combination[] => (way === 'create' ? [[way, 'draft']] : states.map((state) => [way, state])));
const chosen: Combination[] = [
  ['patch', 'published'],
  ['bulk', 'draft'],
  ['item', 'published'],
  ['draft', 'published'],
  ['publish', 'scheduled'],
  ['create', 'draft'],
];
const combinations = all ? every : chosen;

beforeAll(async () => {
  room = await openNewsroom({ RATE_LIMIT_WRITES: '1000000' });
  desk = openDraftDesk(room);
  ({ root } = await readDocument(room.app));
  for (const name of ['ভাটার বার্তা', 'জোয়ার বার্তা']) await room.label('sources', { name });
  for (const name of ['মোহনা', 'খাঁড়ি', 'চর']) await room.label('tags', { name });
  const full = {
    itemVersion: 1,
    kicker: 'পুরোনো কিকার',
    excerpt: 'পুরোনো সারকথা',
    body: '<p>পুরোনো লেখা</p>',
    byline: 'মিতা রায়',
    deskInitials: 'মর',
    cover: { url: '/media/puron.jpg', alt: 'পুরোনো ছবি', credit: 'নিজস্ব' },
    tags: ['চর'],
    sourceUrl: 'https://news.example/puron',
  };
  const tomorrow = new Date(Date.now() + 8e7).toISOString();
  const dates = { scheduled: { publishedAt: tomorrow }, published: { publishedAt: '2026-01-01T06:00:00.000Z' } };
  const make = async (state: State, more: object): Promise<Story> =>
    (await put(state, { ...full, title: `পুরোনো খবর ${state}`, ...more }).expect(201)).body;
  const made = [
    await make('draft', { status: 'draft' }),
    await make('scheduled', dates.scheduled),
    await make('published', dates.published),
  ] as const;
  const corrections = JSON.stringify([{ at: corrected, text: 'আগে বানান ভুল ছিল।' }]);
  await room.app.sql('UPDATE articles SET corrections = $2 WHERE id = $1', [made[2].id, corrections]);
  for (const table of ['articles', 'article_tags', 'revisions', 'source_items'])
    await room.app.sql(`CREATE TABLE kept_${table} AS TABLE ${table}`);
  await room.app.sql(`CREATE FUNCTION put_back(which uuid) RETURNS void LANGUAGE sql AS $$
    DELETE FROM articles WHERE id = which;
    DELETE FROM source_items;
    INSERT INTO source_items SELECT * FROM kept_source_items;
    INSERT INTO articles SELECT * FROM kept_articles WHERE id = which;
    INSERT INTO revisions SELECT * FROM kept_revisions WHERE article_id = which;
    INSERT INTO article_tags SELECT * FROM kept_article_tags WHERE article_id = which;
  $$`);
  const [draft, scheduled, published] = [
    await room.seen(made[0].id),
    await room.seen(made[1].id),
    await room.seen(made[2].id),
  ];
  stories = { draft, scheduled, published };
});
afterAll(() => room.close());

/** What differs from call to call whatever is sent: instants of now, the version of a draft, and what a new article is. */
function settled(name: string, value: unknown): unknown {
  if (['id', 'storyId', 'requestId'].includes(name)) return undefined;
  if (typeof value !== 'string') return value;
  if (/^\d{4}-.*Z$/.test(value)) return Math.abs(Date.parse(value) - Date.now()) < 600_000 ? 'now' : value;
  return value.replace(/^version \d+, last changed .*$/, 'the draft');
}

async function send([way, state]: Combination, units: readonly Unit[]): Promise<Outcome> {
  const story = stories[state];
  // The article as it was before any call.
  await room.app.sql('SELECT put_back($1)', [story.id]);
  const body = Object.assign({}, ...units.map((unit) => unit.body));
  const answer = await ways[way].send(story, body);
  return { status: answer.status, shown: JSON.parse(JSON.stringify(answer.body, settled)) };
}

const unitsFor = ([way, state]: Combination): Unit[] => {
  const { properties } = resolve(root, { $ref: `#/components/schemas/${ways[way].schema}` });
  const members = Object.keys(recordOf(properties)).filter((member) => !apart.includes(member));
  return unitsOf(members, stories[state]);
};

/** The pairs of a way and a state; where not all of them are sent, of those whose turn it is each `step`th. */
function pairsFor(combination: Combination, step: number): [Unit, Unit][] {
  const pairs = pairsOf(unitsFor(combination));
  if (all) return pairs;
  const named = (units: readonly Unit[]) => units.map(({ name }) => name).join(' and ');
  const turns = new Map<string, number>();
  const others = combinations.map((other) => new Set(pairsOf(unitsFor(other)).map(named)));
  [...new Set(others.flatMap((names) => [...names]))].sort().forEach((pair, index) => {
    const able = others.flatMap((names, place) => (names.has(pair) ? [place] : []));
    turns.set(pair, able[index % able.length] ?? 0);
  });
  return pairs
    .filter((pair) => turns.get(named(pair)) === combinations.indexOf(combination))
    .filter((_, index) => index % step === 0);
}

export const sendPairs = (step: number) =>
  describe('two members in one call', () => {
    it.each(combinations)(
      'each count as they do alone: %s, %s',
      async (way, state) => {
        const combination = combinations.find((one) => one[0] === way && one[1] === state) ?? [way, state];
        const plain = await send(combination, []);
        expect(plain.status).toBeLessThan(300);
        const alone = new Map<string, Outcome>();
        const outcomeOf = async (unit: Unit) => {
          const known = alone.get(unit.name) ?? (await send(combination, [unit]));
          alone.set(unit.name, known);
          return known;
        };
        const faults: string[] = [];
        const pairs = pairsFor(combination, step);
        for (const [one, other] of pairs) {
          const both = await send(combination, [one, other]);
          const found = faultsOf(plain, await outcomeOf(one), await outcomeOf(other), both);
          if (found.length > 0) faults.push(`${one.name} and ${other.name}: ${found.join(', ')}`);
        }
        expect(faults).toEqual([]);
        expect(pairs.length * step).toBeGreaterThan(3);
      },
      all ? 300_000 : 60_000,
    );
  });
