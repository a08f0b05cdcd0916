import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { changesNothing, type Newsroom, openNewsroom, pathOf, pointers } from '../../support/newsroom.ts';

const publicUrl = 'https://news.example/api';

describe('the addresses in an article', () => {
  let room: Newsroom;
  const stored = async (id: string) =>
    (await room.app.sql('SELECT source_url, cover, body FROM articles WHERE id = $1', [id]))[0];

  beforeAll(async () => {
    room = await openNewsroom();
  });
  afterAll(() => room.close());

  it('that begin at the root are shown under PUBLIC_URL in every view, and are the same when sent back', async () => {
    const cover = { url: '/media/ghat.jpg', alt: 'ঘাট' };
    const body = '<p><a href="/tags/%E0%A6%A8%E0%A6%A6%E0%A7%80">নদী</a> <img src="/media/a.jpg" alt=""></p>';
    const story = await room.story({ sourceUrl: '/archive?id=7#top', cover, body, status: 'published' });
    const shown = {
      sourceUrl: `${publicUrl}/archive?id=7#top`,
      cover: { ...cover, url: `${publicUrl}/media/ghat.jpg`, caption: null, credit: null, width: null, height: null },
      body: body.replaceAll('="/', `="${publicUrl}/`),
    };
    expect(story).toMatchObject({ ...shown, bodyHtml: shown.body });
    for (const path of [pathOf(story.slug), pathOf(story.id, '?fields=sourceUrl,cover,body,bodyHtml')])
      expect((await room.as(null, 'get', path).expect(200)).body).toMatchObject({ ...shown, bodyHtml: shown.body });
    const [item] = (await room.as(null, 'get', '/v1/latest').expect(200)).body.data;
    expect(item.cover).toEqual(shown.cover);
    const [listed] = (await room.as(null, 'get', '/v1/articles?fields=cover,sourceUrl,body').expect(200)).body.data;
    expect(listed).toMatchObject(shown);
    const back = await changesNothing(room, () => room.patch(story.id, shown));
    expect([back.status, back.body.version]).toEqual([200, 1]);
    const again = await changesNothing(room, () =>
      room.patch(story.id, { sourceUrl: '/archive?id=7#top', cover, body }),
    );
    expect([again.status, again.body.version]).toEqual([200, 1]);
    expect(await stored(story.id)).toMatchObject({ source_url: '/archive?id=7#top', cover: { url: cover.url } });
    expect(JSON.stringify(await stored(story.id))).not.toContain(publicUrl);
  });

  it('stay below the public address when that is another one', async () => {
    const body = '<p><img src="/media/b.jpg" alt=""></p>';
    const story = await room.story({
      sourceUrl: `${publicUrl}/b`,
      cover: { url: `${publicUrl}/c.png`, alt: '' },
      body,
    });
    const second = await openNewsroom({ PUBLIC_URL: 'https://other.example' }, { databaseUrl: room.app.databaseUrl });
    try {
      const shown = await second.seen(story.id);
      expect([shown.sourceUrl, shown.cover?.url]).toEqual(['https://other.example/b', 'https://other.example/c.png']);
      expect(shown.body).toBe('<p><img src="https://other.example/media/b.jpg" alt=""></p>');
    } finally {
      await second.close();
    }
  });

  it.each([
    'http://example.com',
    'https://user.example/khobor?q=%E0%A6%95+a%20b&r=(1),2;3:4#/top?x',
    'HTTPS://Example.COM:8443/a',
    'https://news.example/apix/1',
    'https://news.example/api',
    'https://news.example/api//a',
    'https://[2001:db8::1]/a',
  ])('are kept as they were written: %s', async (address) => {
    const story = await room.story({ sourceUrl: address, cover: { url: address, alt: '' } });
    expect([story.sourceUrl, story.cover?.url]).toEqual([address, address]);
    const back = await changesNothing(room, () => room.patch(story.id, { sourceUrl: story.sourceUrl }));
    expect([back.status, back.body.version]).toEqual([200, 1]);
  });

  it.each([
    [
      'https://user.example/খবর?বিষয়=নদী#শেষ',
      `https://user.example/${encodeURIComponent('খবর')}?${encodeURIComponent('বিষয়')}=${encodeURIComponent('নদী')}#${encodeURIComponent('শেষ')}`,
    ],
    ['/ছবি/ঘাট.jpg', `${publicUrl}/${encodeURIComponent('ছবি')}/${encodeURIComponent('ঘাট')}.jpg`],
    [`${publicUrl}/ঘাট`, `${publicUrl}/${encodeURIComponent('ঘাট')}`],
    ['https://খবর.example/ক', `https://xn--q5b8bm.example/${encodeURIComponent('ক')}`],
    ['https://a.example/x[1]?d=100%&e=%e0#a#b', 'https://a.example/x%5B1%5D?d=100%25&e=%e0#a%23b'],
    ['https://a.example/\u202Egpj.exe', 'https://a.example/%E2%80%AEgpj.exe'],
  ])('are made URIs, which are the same when sent back: %s', async (address, uri) => {
    const story = await room.story({ sourceUrl: address, cover: { url: address, alt: '' } });
    expect([story.sourceUrl, story.cover?.url]).toEqual([uri, uri]);
    const back = { sourceUrl: uri, cover: { url: uri } };
    for (const patch of [back, { sourceUrl: address }]) {
      const answer = await changesNothing(room, () => room.patch(story.id, patch));
      expect([answer.status, answer.body.version]).toEqual([200, 1]);
    }
  });

  it('may have 2,000 characters once they are URIs', async () => {
    const long = (letters: number) => ({ title: 'লম্বা', sourceUrl: `https://a.example/${'ক'.repeat(letters)}` });
    const story = await room.create(long(220)).expect(201);
    await room.patch(story.body.id, { sourceUrl: story.body.sourceUrl }).expect(200);
    const answer = await changesNothing(room, () => room.create(long(221)));
    expect([answer.status, ...pointers(answer)]).toEqual([400, '/sourceUrl']);
  });

  it.each([
    ['a script', 'javascript:alert(1)'],
    ['a script behind a tab', 'java\tscript:alert(1)'],
    ['data', 'data:text/html,x'],
    ['a file', 'file:///etc/passwd'],
    ['ftp', 'ftp://example.com/a'],
    ['no scheme', 'example.com/a'],
    ['a path without a root', 'media/a.jpg'],
    ['another host behind two slashes', '//evil.example/a'],
    ['another host behind a backslash', '/\\evil.example/a'],
    ['a user in it', 'https://user:pass@example.com/'],
    ['no host', 'https:///a'],
    ['a space', 'https://example.com/a b'],
    ['a quote', 'https://example.com/"onerror='],
    ['a line break', 'https://example.com/\n.evil'],
    ['half a surrogate pair', 'https://example.com/\uD800'],
    ['nothing', ''],
    ['too much', `https://example.com/${'a'.repeat(2_000)}`],
  ])('are http or https, or begin at the root: refuses %s, and records nothing', async (_, address) => {
    const body = { title: 'ঠিকানা', sourceUrl: address, cover: { url: address, alt: '' } };
    const answer = await changesNothing(room, () => room.create(body));
    expect([answer.status, ...pointers(answer).sort()]).toEqual([400, '/cover/url', '/sourceUrl']);
  });
});
