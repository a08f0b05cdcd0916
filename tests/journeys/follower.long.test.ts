import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { type Newsroom, openNewsroom } from '../support/newsroom.ts';
import { outside } from '../support/outside.ts';

const { startOutbox } = outside;

jest.setTimeout(60_000);

let room: Newsroom;
let stopOutbox: () => Promise<void>;
const folders: string[] = [];
beforeAll(async () => {
  room = await openNewsroom({ RATE_LIMIT_WRITES: '100000' });
  stopOutbox = startOutbox(room.app);
});
afterAll(async () => {
  await stopOutbox();
  await room.close();
  for (const folder of folders) await rm(folder, { recursive: true });
});

/** What a partner paper runs to have all that is public in a folder: a file for each thing, and one for the cursor. */
async function follow(folder: string, filters: string, { pages }: { pages: number }): Promise<boolean> {
  for (let turn = 0; turn < pages; turn += 1) {
    const cursor = await readFile(join(folder, 'cursor'), 'utf8').catch(() => '');
    const query = `include=item&limit=9&${filters}${cursor === '' ? '' : `&after=${cursor}`}`;
    const answer = await fetch(`${room.app.url}/v1/changes?${query}`);
    if (answer.status !== 200) throw new Error(await answer.text());
    const { data, page } = JSON.parse(await answer.text());
    for (const { op, kind, id, item } of data) {
      const file = join(folder, `${kind}-${id}.json`);
      if (op === 'remove') await rm(file, { force: true });
      else {
        const known: Thing = JSON.parse(await readFile(file, 'utf8').catch(() => '{"id":"","version":0}'));
        expect(item.version).toBeGreaterThanOrEqual(known.version);
        await writeFile(file, JSON.stringify(item));
      }
    }
    await writeFile(join(folder, 'cursor.new'), page.nextCursor);
    await rename(join(folder, 'cursor.new'), join(folder, 'cursor'));
    if (!page.more) return data.length === 0;
  }
  return false;
}

async function openFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'khobor-follower-'));
  folders.push(folder);
  return folder;
}

type Thing = { id: string; version: number };

async function mirrored(folder: string): Promise<Record<string, Thing>> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  const read = names.map(async (name) => [name, JSON.parse(await readFile(join(folder, name), 'utf8'))] as const);
  return Object.fromEntries(await Promise.all(read));
}

async function listed(path: string, filters = ''): Promise<Thing[]> {
  const things: Thing[] = [];
  let after = '';
  for (;;) {
    const { body } = await room.as(null, 'get', `${path}?limit=100${filters}${after}`).expect(200);
    things.push(...body.data);
    if (body.page.nextCursor === null) return things;
    after = `&after=${body.page.nextCursor}`;
  }
}

/** What readers see now, as a mirror has it. */
async function published(filters = ''): Promise<Record<string, Thing>> {
  const found: [string, Thing][] = [];
  for (const { id } of await listed('/v1/articles', filters)) {
    const { translations: _, ...article } = (await room.read(id).expect(200)).body;
    const tags = article.tags.map((tag: Thing) => tag.id);
    found.push([`article-${id}.json`, { ...article, tags, source: article.source?.id ?? null }]);
  }
  if (filters === '')
    for (const kind of ['tag', 'source'])
      for (const label of await listed(`/v1/${kind}s`)) found.push([`${kind}-${label.id}.json`, label]);
  return Object.fromEntries(found.sort(([one], [two]) => (one < two ? -1 : 1)));
}

/** Numbers that are the same at each run. */
function dice(seed: number) {
  let state = seed;
  return (sides: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * sides);
  };
}

/** Someone of the desk who does this and that; what another did first may be refused, and never fails. */
async function write(seed: number, ids: string[], tags: string[]): Promise<void> {
  const roll = dice(seed);
  const one = (of: string[]) => of[roll(of.length)] ?? '';
  const some = () => [one(tags), one(tags)].filter((tag, index, all) => all.indexOf(tag) === index);
  for (let turn = 0; turn < 25; turn += 1) {
    const id = one(ids);
    const publish = async () =>
      void ids.push((await room.story({ title: `খবর ${seed} ${turn}`, tags: some(), status: 'published' })).id);
    const acts = [
      publish,
      publish,
      publish,
      () => room.patch(id, { title: `নতুন শিরোনাম ${seed} ${turn}` }),
      () => room.patch(id, { tags: some() }),
      () => room.step('unpublish', id),
      () => room.step('publish', id),
      () => room.trash(id),
      () => room.step('restore', id),
      () =>
        room
          .as('editor', 'patch', `/v1/tags/${one(tags)}`)
          .set('If-Match', '*')
          .send({ description: `${seed} ${turn}` }),
      () => room.story({ title: `খসড়া ${seed} ${turn}`, tags: some() }),
    ];
    const answer = await acts[roll(acts.length)]?.();
    if (typeof answer === 'object' && 'status' in answer && typeof answer.status === 'number')
      expect(answer.status).toBeLessThan(500);
  }
}

describe('a follower of changes', () => {
  it('has what readers see in the end, all of it or one tag, though it began and was killed while eight people wrote', async () => {
    const tags: string[] = [];
    for (const name of ['নদী', 'কৃষি', 'হাট', 'মেলা']) tags.push((await room.label('tags', { name })).id);
    await room.label('sources', { name: 'চর সংবাদ' });
    const ids = [(await room.story({ title: 'প্রথম', tags: tags.slice(0, 1), status: 'published' })).id];
    const [followed = ''] = tags;
    const [all, ofTag] = [await openFolder(), await openFolder()];
    let writing = true;
    const writers = Array.from({ length: 8 }, (_, index) => write(index + 1, ids, tags));
    const keepUp = async (folder: string, filters: string) => {
      for (let turn = 0; writing; turn += 1) {
        // Killed before the cursor was written: the page before comes again.
        const before = await readFile(join(folder, 'cursor'), 'utf8').catch(() => '');
        await follow(folder, filters, { pages: 1 });
        if (turn % 3 === 2 && before !== '') await writeFile(join(folder, 'cursor'), before);
      }
    };
    const following = [keepUp(all, ''), keepUp(ofTag, `kind=article&tag=${followed}`)];
    await Promise.all(writers);
    const merged = room.as('editor', 'post', `/v1/tags/${tags[3]}/merge`).set('If-Match', '*');
    await merged.send({ into: tags[2] }).expect(200);
    writing = false;
    await Promise.all(following);

    await eventually(async () => {
      await follow(all, '', { pages: 100 });
      expect(await mirrored(all)).toEqual(await published());
    });
    await eventually(async () => {
      await follow(ofTag, `kind=article&tag=${followed}`, { pages: 100 });
      expect(await mirrored(ofTag)).toEqual(await published(`&tag=${followed}`));
    });
    expect(Object.keys(await mirrored(all)).length).toBeGreaterThan(10);
    expect(Object.keys(await mirrored(ofTag)).length).toBeGreaterThan(2);
  });
});
