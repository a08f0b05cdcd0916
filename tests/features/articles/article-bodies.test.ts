import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { changesNothing, type Newsroom, openNewsroom, type Story } from '../../support/newsroom.ts';

describe('the body and the texts of an article', () => {
  let room: Newsroom;
  const codes = ({ warnings }: Story) => warnings.map(({ code, detail, count }) => `${code}: ${detail} x${count}`);

  const draftOf = ({ id }: Story, body: object) =>
    room.as('editor', 'patch', `/v1/articles/${id}/draft`).set('If-Match', '*').send(body);

  /** What GET shows, sent back five times, is what GET shows, with nothing taken out and nothing recorded. */
  async function holds({ id }: Story): Promise<Story> {
    const shown = await room.seen(id);
    const { title, excerpt, body, bodyFormat } = shown;
    for (let round = 0; round < 5; round += 1) {
      const answer = await changesNothing(room, () => room.patch(id, { title, excerpt, body, bodyFormat }));
      expect(answer.status).toBe(200);
      expect(answer.body).toEqual({ ...shown, warnings: answer.body.warnings });
    }
    return shown;
  }

  beforeAll(async () => {
    room = await openNewsroom();
  });
  afterAll(() => room.close());

  it('keeps figures, tables, quotes, lists and marks of language in body and bodyHtml', async () => {
    const body = [
      '<h2 id="char" lang="bn" dir="ltr">চরের খবর</h2>',
      '<figure><img src="https://img.example/a.jpg" srcset="https://img.example/b.jpg 2x" width="640" height="427" alt="চর" loading="lazy"><figcaption>ভোরের চর</figcaption></figure>',
      '<table><caption>ফলন</caption><thead><tr><th scope="col" colspan="2">জেলা</th></tr></thead><tbody><tr><td rowspan="2">ভোলা</td><td>১২</td></tr></tbody></table>',
      '<blockquote cite="https://a.example/q"><p>ধান ভালো।</p></blockquote>',
      '<ol start="3"><li>এক</li></ol>',
      '<p>১<sup>ম</sup> H<sub>2</sub>O <time datetime="2025-10-29">আজ</time> <del>৪</del> <ins>৫</ins></p>',
    ].join('\n');
    const story = await room.story({ body, status: 'published' });
    expect([story.body, story.bodyHtml, codes(story)]).toEqual([body, body, []]);
    const { body: shown } = await room.read(story.slug).expect(200);
    expect([shown.body, shown.bodyHtml]).toEqual([body, body]);
    await holds(story);
  });

  it.each(['html', 'markdown'])(
    'keeps players of known hosts and names all else that went from %s',
    async (bodyFormat) => {
      const body = [
        '<iframe src="https://www.youtube-nocookie.com/embed/abc"></iframe>',
        '<blockquote><p>খবর</p></blockquote><script src="https://platform.example/w.js"></script>',
        '<audio controls src="https://cdn.example/a.mp3"></audio>',
        '<iframe src="https://evil.example/x"></iframe>',
      ].join('\n\n');
      const story = await room.story({ body, bodyFormat });
      expect(story.bodyHtml).toMatch(/<iframe [^>]*src="https:\/\/www\.youtube-nocookie\.com\/embed\/abc"/);
      expect(story.bodyHtml).toMatch(/<iframe [^>]*sandbox=/);
      expect(story.bodyHtml).toContain('<audio');
      expect(story.bodyHtml).not.toMatch(/script src|evil\.example|<p>\s*<\/p>/);
      expect(codes(story).join()).toMatch(/script x1/);
      expect(codes(story).join()).toContain('evil.example');
      await holds(story);
    },
  );

  it('shows plain members as the characters that were sent: JSON is not HTML', async () => {
    const tag = await room.label('tags', { name: 'R&D' });
    const source = await room.label('sources', { name: 'AT&T', creditLine: 'সূত্র : <AT&T>' });
    const title = `R&D <ক> "খ" 'গ' র‍্যাব`;
    const excerpt = 'পরিবার 👨‍👩‍👧 ও র‍্যাব &amp; &lt;';
    const story = await room.story({ title, excerpt, tags: [tag.id], source: source.id, status: 'published' });
    const shown = await holds(story);
    expect(shown).toMatchObject({ title, excerpt });
    expect([shown.tags[0]?.name, shown.source?.name, shown.source?.creditLine]).toEqual([
      'R&D',
      'AT&T',
      'সূত্র : <AT&T>',
    ]);
    const [item] = (await room.as(null, 'get', '/v1/latest?limit=1').expect(200)).body.data;
    expect(item).toMatchObject({ title, excerpt });
  });

  it.each([
    ['text', 'a & b < c > "d" র‍্যাব', '<p>a &amp; b &lt; c &gt; "d" র‍্যাব</p>'],
    ['text', 'এক\nদুই\n\nতিন &amp;', '<p>এক<br>দুই</p>\n<p>তিন &amp;amp;</p>'],
    ['html', '<p>&amp;lt; &zwj;ক&zwnj; &lt;b&gt;</p>', '<p>&amp;lt; \u200Dক\u200C &lt;b&gt;</p>'],
    ['markdown', 'ক & খ < গ **ঘ**', '<p>ক &amp; খ &lt; গ <strong>ঘ</strong></p>'],
  ])('escapes %s once, and the same in every round: %j', async (bodyFormat, body, bodyHtml) => {
    const story = await room.story({ body, bodyFormat });
    expect(story.bodyHtml).toBe(bodyHtml);
    expect((await holds(story)).bodyHtml).toBe(bodyHtml);
  });

  it('keeps one spelling of each word and nothing unseen, before it counts', async () => {
    const nfd = 'পা\u09A1\u09BC\u09BE ও ম\u09C7\u09BEড\u09BC';
    const story = await room.story({ title: `\uFEFF${nfd}\u200B\u202E`, kicker: 'এক\u00A0দুই', excerpt: 'ক\r\nখ' });
    expect(story).toMatchObject({ title: nfd.normalize('NFC'), kicker: 'এক দুই', excerpt: 'ক\nখ' });
    const [row] = await room.app.sql('SELECT title IS NFC NORMALIZED AS nfc FROM articles WHERE id = $1', [story.id]);
    expect(row).toEqual({ nfc: true });
    await room.create({ title: 'ক\u200B'.repeat(300) }).expect(201);
  });

  it('is never read in another format than it was written in: a new format needs the body with it', async () => {
    const story = await room.story({ body: '**ক** <b>খ</b> &lt;', bodyFormat: 'markdown' });
    const asked = [room.patch(story.id, { bodyFormat: 'html', kicker: 'ক' }), draftOf(story, { bodyFormat: 'text' })];
    for (const request of asked) {
      const answer = await changesNothing(room, () => request.expect(400));
      expect(answer.body.errors).toEqual([
        { in: 'body', pointer: '/bodyFormat', detail: 'Send the body in the new format too.' },
      ]);
    }
    expect(await room.seen(story.id)).toMatchObject({ body: story.body, bodyHtml: story.bodyHtml });
    await room.patch(story.id, { bodyFormat: 'markdown', kicker: 'খ' }).expect(200);
    const { body } = await room.patch(story.id, { bodyFormat: 'html', body: '<p>গ</p>' }).expect(200);
    expect(body).toMatchObject({ bodyFormat: 'html', bodyHtml: '<p>গ</p>' });
    const empty = await room.story({});
    expect((await room.patch(empty.id, { bodyFormat: 'markdown' }).expect(200)).body.bodyFormat).toBe('markdown');
  });

  it('is stored clean, not only shown so', async () => {
    const story = await room.story({ body: '<p onclick="x()">ক</p><script>alert(1)</script>' });
    const [row] = await room.app.sql('SELECT body, body_html FROM articles WHERE id = $1', [story.id]);
    expect(row).toEqual({ body: '<p>ক</p>', body_html: '<p>ক</p>' });
    const [revision] = await room.revisions(story.id);
    expect(revision?.snapshot).toMatchObject({ body: '<p>ক</p>', bodyHtml: '<p>ক</p>' });
  });
});
