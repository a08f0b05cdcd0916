import { expect } from '@jest/globals';
import { type Newsroom, pathOf } from '../support/newsroom.ts';
import { outside } from '../support/outside.ts';
import { seeded } from '../support/seeded.ts';

const { takeDue } = outside;

type Kind = 'tags' | 'sources';

/** What there is or was, so that changes and readers can name it. */
export type Known = {
  readonly ids: string[];
  readonly slugs: Set<string>;
  readonly labels: Record<Kind, string[]>;
  readonly labelNames: Readonly<Record<Kind, Set<string>>>;
};

const words = ['ধান', 'নদী', 'হাট', 'সেতু', 'মেলা', 'বাঁধ', 'চর', 'ঘাট'];
const instants = ['2026-01-05T06:00:00Z', '2026-02-21T00:00:00Z', '2028-02-21T00:00:00Z'];
const ends = ['2026-03-01T00:00:00Z', '2029-01-01T00:00:00Z', null];

/** Random choices, among them values for the fields of an article. */
function openChoices(seed: number, { slugs, labels }: Known) {
  const { below, chance } = seeded(seed);
  const pick = <One>(list: readonly One[]): One => {
    const one = list[below(list.length)];
    if (one === undefined) throw new Error('there is nothing to pick from');
    return one;
  };
  const title = () => `${pick(words)} ${pick(words)}`;
  const tags = () =>
    words.slice(0, 3).flatMap(() => (labels.tags.length > 0 && chance(0.5) ? [pick(labels.tags)] : []));
  const source = () => (labels.sources.length > 0 && chance(0.6) ? pick(labels.sources) : null);
  const fields = () => ({
    ...(chance(0.5) ? { title: title() } : {}),
    ...(chance(0.4) ? { tags: tags() } : {}),
    ...(chance(0.3) ? { source: source() } : {}),
    ...(chance(0.2) ? { language: pick(['bn', 'en']) } : {}),
    ...(chance(0.2) ? { slug: chance(0.4) ? pick([...slugs]) : `slug-${below(12)}` } : {}),
    ...(chance(0.2) ? { kicker: pick(words) } : {}),
    ...(chance(0.2) ? { publishedAt: pick(instants) } : {}),
    ...(chance(0.2) ? { expiresAt: pick(ends) } : {}),
  });
  return { below, chance, pick, title, tags, fields, word: () => pick(words), instant: () => pick(instants) };
}

type Choices = ReturnType<typeof openChoices>;
type Write = ReturnType<typeof openWrites>;

/** Writes of an admin, which may be refused but never fail. */
function openWrites(room: Newsroom, { slugs }: Known) {
  return async (method: 'post' | 'patch' | 'put' | 'delete', path: string, body?: object) => {
    const makes = /^\/v1\/(\w+|sources\/.*\/items\/.*)$/.test(path);
    const request = room.as('admin', method, path).set(makes ? {} : { 'If-Match': '*' });
    const answer = await (body === undefined ? request : request.send(body));
    expect([method, path, answer.status < 500]).toEqual([method, path, true]);
    if (typeof answer.body?.slug === 'string' && path.startsWith('/v1/articles')) slugs.add(answer.body.slug);
    return answer;
  };
}

function openLabelChanges({ labels, labelNames }: Known, { below, chance, pick, word }: Choices, write: Write) {
  let count = 0;
  return {
    async make(kind: Kind) {
      count += 1;
      const slug = chance(0.4) ? { slug: pick([...labelNames[kind]]) } : {};
      const { status, body } = await write('post', `/v1/${kind}`, { name: `${word()} ${count}`, ...slug });
      if (status !== 201) return;
      labels[kind].push(body.id);
      labelNames[kind].add(body.slug);
    },
    async patch(kind: Kind) {
      count += 1;
      const other = kind === 'sources' ? { creditLine: `সূত্র ${count}` } : { description: `কথা ${count}` };
      const change = pick([{ name: `${word()} ${count}` }, { slug: `${kind}-${below(6)}` }, other]);
      const { body } = await write('patch', `/v1/${kind}/${pick(labels[kind])}`, change);
      if (typeof body.slug === 'string') labelNames[kind].add(body.slug);
    },
    async remove(kind: Kind) {
      if (labels[kind].length < 3) return;
      const [id, heir] = [pick(labels[kind]), pick(labels[kind])];
      const { status } = await write('delete', `/v1/${kind}/${id}${chance(0.8) ? `?reassignTo=${heir}` : ''}`);
      if (status === 204) labels[kind] = labels[kind].filter((one) => one !== id);
    },
  };
}

function openArticleChanges(room: Newsroom, known: Known, choices: Choices, write: Write) {
  const { ids, slugs, labels } = known;
  const { below, chance, pick, title, word, fields } = choices;
  let count = 0;
  return {
    async create() {
      const language = pick(['bn', 'en', 'fr', 'de']);
      const status = pick(['draft', 'published', 'published']);
      const { body } = await write('post', '/v1/articles', { ...fields(), title: title(), language, status });
      if (typeof body.id === 'string') ids.push(body.id);
    },
    async item() {
      count += 1;
      const killed = chance(0.2) ? { kill: { reason: 'ভুল ছিল।' } } : {};
      const item = { itemVersion: count, title: `${word()} ${count}`, ...killed };
      const { body } = await write('put', `/v1/sources/${pick(labels.sources)}/items/item-${below(3)}`, item);
      if (typeof body.id === 'string' && !ids.includes(body.id)) ids.push(body.id);
      if (typeof body.slug === 'string') slugs.add(body.slug);
    },
    /** An instant of a scheduled or public article passes, and is recorded. */
    async passTime() {
      const [what, set] = pick([
        ['published', `published_at = m.at - interval '30 seconds', first_published_at = m.at - interval '30 seconds'`],
        ['expired', 'expires_at = m.at'],
      ] as const);
      await room.app.sql(
        `WITH m AS (SELECT date_trunc('milliseconds', now()) - interval '30 seconds' AS at),
           one AS (SELECT d.article_id FROM due d JOIN articles a ON a.id = d.article_id, m
             WHERE d.what = $1 AND (d.what = 'published' OR a.published_at < m.at) ORDER BY d.article_id LIMIT 1),
           moved AS (UPDATE articles a SET ${set} FROM m, one WHERE a.id = one.article_id RETURNING a.id, a.published_at, a.expires_at)
         UPDATE due d SET at = CASE WHEN $1 = 'published' THEN moved.published_at ELSE moved.expires_at END
         FROM moved WHERE d.article_id = moved.id AND d.what = $1`,
        [what],
      );
      await takeDue(room.app.deps.db);
    },
  };
}

function openChanges(room: Newsroom, known: Known, choices: Choices) {
  const write = openWrites(room, known);
  const label = openLabelChanges(known, choices, write);
  return { write, label, article: openArticleChanges(room, known, choices, write) };
}

type Changes = ReturnType<typeof openChanges>;
type Weighted = readonly [weight: number, change: () => Promise<unknown>];

/** Every change that readers may see. */
function changesOf({ ids }: Known, choices: Choices, { write, label, article }: Changes): Weighted[] {
  const { below, chance, pick, word, tags, fields, instant } = choices;
  const path = () => pathOf(pick(ids));
  return [
    [3, article.create],
    [9, () => write('patch', path(), fields())],
    [4, () => write('post', `${path()}/publish`, chance(0.3) ? { at: instant() } : {})],
    [1, () => write('post', `${path()}/unpublish`)],
    [1, () => write('post', `${path()}/archive`)],
    [2, () => write('delete', path())],
    [2, () => write('post', `${path()}/restore`)],
    [1, () => write('post', `${path()}/purge`)],
    [8, () => write('put', `${path()}/story`, { with: pick(ids) })],
    [1, () => write('delete', `${path()}/story`)],
    [2, () => write('patch', `${path()}/draft`, { title: `${word()} খসড়া`, tags: tags() })],
    [1, () => write('post', `${path()}/revisions/${1 + below(3)}/restore`)],
    [2, article.item],
    [4, article.passTime],
    [1, () => label.make('tags')],
    [1, () => label.make('sources')],
    [2, () => label.patch('tags')],
    [2, () => label.patch('sources')],
    [1, () => label.remove('tags')],
    [1, () => label.remove('sources')],
  ];
}

/** Random changes of everything that readers may see: equal seeds make equal changes. */
export async function openRandomChanges(room: Newsroom, seed: number) {
  const known: Known = {
    ids: [],
    slugs: new Set(['নেই']),
    labels: { tags: [], sources: [] },
    labelNames: { tags: new Set(['নেই-ট্যাগ']), sources: new Set(['নেই-সূত্র']) },
  };
  const choices = openChoices(seed, known);
  const changes = openChanges(room, known, choices);
  const any = changesOf(known, choices, changes).flatMap(([weight, change]) =>
    Array.from({ length: weight }, () => change),
  );
  for (const kind of ['tags', 'sources', 'tags', 'sources', 'tags'] as const) await changes.label.make(kind);
  for (let made = 0; made < 5; made += 1) await changes.article.create();
  return {
    known,
    /** Makes one change. Returns its source, which says what it was. */
    async change(): Promise<string> {
      const change = choices.pick(any);
      await change();
      return String(change);
    },
  };
}
