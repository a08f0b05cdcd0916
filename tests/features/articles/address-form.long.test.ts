import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { changesNothing, type Newsroom, openNewsroom } from '../../support/newsroom.ts';

const publicUrl = 'https://news.example/api';
const khobor = encodeURIComponent('খবর');
const attribute = (address: string) =>
  address.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

/** Where an address can stand in a body, as it is written and as it is shown. */
const places = {
  link: (address: string) => `<p><a href="${attribute(address)}">খ</a></p>`,
  picture: (address: string) => `<p><img src="${attribute(address)}" alt=""></p>`,
  candidates: (address: string) => `<p><img src="/a.jpg" srcset="${attribute(address)} 2x" alt=""></p>`,
  quote: (address: string) => `<blockquote cite="${attribute(address)}"><p>খ</p></blockquote>`,
};

describe('one form of an address', () => {
  let room: Newsroom;
  const shown = (html: string) => html.replace('src="/a.jpg"', `src="${publicUrl}/a.jpg"`);
  const source = (body: object) => room.label('sources', { name: `উৎস ${Math.random()}`, ...body });
  const stored = async (table: string, column: string, id: string) =>
    (await room.app.sql(`SELECT ${column} AS value FROM ${table} WHERE id = $1`, [id]))[0]?.value;

  beforeAll(async () => {
    room = await openNewsroom();
  });
  afterAll(() => room.close());

  it.each([
    ['percent-encoded letters of a host', 'https://%65xample.com/', 'https://example.com/'],
    ['a host in Bangla', 'https://খবর.example/', 'https://xn--q5b8bm.example/'],
    ['a host in Bangla, percent-encoded', `https://${khobor}.example/`, 'https://xn--q5b8bm.example/'],
    ['a dot of a host in another script', 'https://a。example/', 'https://a.example/'],
    ['a port behind such a host', `https://${khobor}.example:8443/x`, 'https://xn--q5b8bm.example:8443/x'],
    ['a host that is a number of IPv6', 'http://[2001:db8::1]:8080/x', 'http://[2001:db8::1]:8080/x'],
    ['the same with its brackets percent-encoded', 'http://%5B2001:db8::1%5d/x', 'http://[2001:db8::1]/x'],
    ['a path in Bangla', 'https://a.example/খবর?খবর=1#খবর', `https://a.example/${khobor}?${khobor}=1#${khobor}`],
    ['dot segments', 'https://a.example/b/./c/../d/..', 'https://a.example/b/'],
    ['dot segments above the root', 'https://a.example/../../x', 'https://a.example/x'],
    ['percent-encoded dot segments', 'https://a.example/b/%2e%2E/%2ec/.%2e/d', 'https://a.example/d'],
    ['dots that are no segments', 'https://a.example/..b/c../...?/../#/..', 'https://a.example/..b/c../...?/../#/..'],
    ['dot segments of a path', '/media/../a/./b', `${publicUrl}/a/b`],
    ['dot segments that leave the public address', `${publicUrl}/../x`, 'https://news.example/x'],
    ['dot segments that lead below it', 'https://news.example/b/../api/x', `${publicUrl}/x`],
    ['letters that only look like ASCII', 'https://a.example/\u017F\u212A', 'https://a.example/%C5%BFK'],
    [
      'both spellings of a letter',
      'https://a.example/\u09DF\u09A4\u09CD\u200D',
      `https://a.example/${encodeURIComponent('\u09AF\u09BC\u09CE')}`,
    ],
    ['a percent sign that encodes nothing', 'https://a.example/100%', 'https://a.example/100%25'],
    ['an address as it was written', 'HTTPS://Example.COM/%7ea?b=%e0', 'HTTPS://Example.COM/%7ea?b=%e0'],
    ['no slash at the end', 'http://example.com', 'http://example.com'],
  ])('is that of every member and of every place in a body: %s', async (_, written, form) => {
    const { id, cover, sourceUrl } = await room.story({ sourceUrl: written, cover: { url: written, alt: '' } });
    const { id: sourceId, ...made } = await source({ url: written, logoUrl: written });
    expect([cover?.url, sourceUrl, made]).toEqual([form, form, expect.objectContaining({ url: form, logoUrl: form })]);
    const inPlaces = (address: string) =>
      Object.values(places)
        .map((place) => place(address))
        .join('\n');
    const story = await room.story({ body: inPlaces(written) });
    expect([story.body, story.bodyHtml, story.warnings]).toEqual([shown(inPlaces(form)), shown(inPlaces(form)), []]);
    const ways = [`[খ](${written})`, `[খ](<${written}>)`, '[খ][ক]', `![](${written})`, `[ক]: ${written}`];
    const { bodyHtml } = await room.story({ body: ways.join('\n\n'), bodyFormat: 'markdown' });
    const link = places.link(form);
    expect(bodyHtml).toBe([link, link, link, places.picture(form)].join('\n'));
    for (const [article, members] of [
      [story.id, { body: story.body }],
      [id, { sourceUrl, cover }],
    ] as const) {
      const back = await changesNothing(room, () => room.patch(article, members));
      expect([back.status, back.body.version]).toEqual([200, 1]);
    }
    const again = { url: form, logoUrl: form };
    const answer = await room
      .as('editor', 'patch', `/v1/sources/${sourceId}`)
      .set('If-Match', '*')
      .send(again)
      .expect(200);
    expect(answer.body.version).toBe(1);
  });

  it.each([
    ['a blank', 'https://a.example/b c', 'https://a.example/b%20c', /^Percent-encode blanks \(%20\)/],
    ['a quotation mark', 'https://a.example/"x', 'https://a.example/%22x', /quotation marks/],
    ['brackets', 'https://a.example/<b>{c}', 'https://a.example/%3Cb%3E%7Bc%7D', /any of < > \^ ` { \| }/],
    [
      'a backslash',
      'https://a.example\\b\\..\\c?d\\e',
      'https://a.example/c?d%5Ce',
      /with a letter or a digit|backslashes/,
    ],
    ['a path without its host', '/b/..//evil.example/x', null, /dots do not lead to \/\//],
    ['no letter of a host', 'https://.', null, /host that can be one, with a letter or a digit/],
    ['two dots for a host', 'https://../x', null, /host that can be one/],
    ['a dot of another script', 'https://。/', null, /host that can be one/],
    ['signs for a host', 'https://-_-/', null, /host that can be one/],
    ['no digit of an address', 'https://[::]/', null, /host that can be one/],
    ['a brace in a host', 'https://খবর{.example/', null, /host that can be one/],
    ['a blank in a host', 'https://a b.example/', null, /host that can be one/],
    ['an encoded slash in a host', 'https://a%2fb/', null, /host that can be one/],
    ['an encoded user in a host', 'https://a%40evil.example/', null, /host that can be one/],
    ['bytes that are no letters in a host', 'https://%ff.example/', null, /host that can be one/],
    ['a port that is none', 'https://a.example:65536/', null, /no port above 65535/],
    ['another scheme', 'ftp://a.example/', null, /^Use an http or https address/],
    ['no scheme', 'a.example/b', null, /^Use an http or https address/],
  ])(
    'is refused in a member by a true sentence, and removed or encoded in a body: %s',
    async (_, written, form, sentence) => {
      for (const [path, body] of [
        ['/v1/articles', { title: 'ঠিকানা', sourceUrl: written, cover: { url: written, alt: '' } }],
        ['/v1/sources', { name: 'উৎস', url: written, logoUrl: written }],
      ] as const) {
        const answer = await changesNothing(room, () => room.as('editor', 'post', path).send(body));
        expect(answer.status).toBe(400);
        expect(answer.body.errors).toHaveLength(2);
        for (const { detail } of answer.body.errors) expect(detail).toMatch(sentence);
      }
      const story = await room.story({ body: places.link(written) });
      expect(story.body).toBe(form === null ? '<p><a>খ</a></p>' : places.link(form));
      expect(story.warnings.map(({ code }) => code)).toEqual(form === null ? ['removed-url'] : []);
      const back = await changesNothing(room, () => room.patch(story.id, { body: story.body }));
      expect([back.status, back.body.version]).toEqual([200, 1]);
    },
  );

  it('names a user in a member, and keeps one in a body', async () => {
    const written = 'https://দল:x@y@a.example/b';
    const answer = await room.create({ title: 'ঠিকানা', sourceUrl: written }).expect(400);
    expect(answer.body.errors).toMatchObject([{ detail: 'Leave user and password out of the address.' }]);
    const { body } = await room.story({ body: places.link(written) });
    expect(body).toBe(places.link(`https://${encodeURIComponent('দল')}:x%40y@a.example/b`));
  });

  it('is no change of what was stored before there was one, where it is sent back', async () => {
    const old = 'https://%65xample.com/b/../c';
    const { id } = await room.story({ sourceUrl: old, cover: { url: old, alt: '' } });
    const body = '<p><a href="https://খবর.example/খবর">খ</a> <a href="https://.">গ</a></p>';
    await room.app.sql(
      `UPDATE articles SET source_url = $2, cover = jsonb_set(cover, '{url}', to_jsonb($2::text)), body = $3, body_html = $3 WHERE id = $1`,
      [id, old, body],
    );
    const { id: sourceId } = await source({});
    await room.app.sql('UPDATE sources SET url = $2, logo_url = $2 WHERE id = $1', [sourceId, old]);
    const seen = await room.seen(id);
    expect([seen.sourceUrl, seen.cover?.url, seen.body]).toEqual([old, old, body]);
    const { sourceUrl, cover } = seen;
    const back = await changesNothing(room, () => room.patch(id, { sourceUrl, cover, body: seen.body }));
    expect([back.status, back.body.version, back.body.warnings]).toEqual([200, 1, []]);
    const patch = (sent: object) =>
      room.as('editor', 'patch', `/v1/sources/${sourceId}`).set('If-Match', '*').send(sent);
    expect((await patch({ url: old, logoUrl: old }).expect(200)).body.version).toBe(1);
    expect((await patch({ url: null }).expect(200)).body).toMatchObject({ url: null, logoUrl: old });
    expect(await stored('sources', 'logo_url', sourceId)).toBe(old);
    const other = (await room.patch(id, { body: seen.body.replace('গ', 'ঘ') }).expect(200)).body;
    expect(other.body).toBe(`<p><a href="https://xn--q5b8bm.example/${khobor}">খ</a> <a>ঘ</a></p>`);
  });
});
