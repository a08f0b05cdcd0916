import { describe, expect, it } from '@jest/globals';
import { type RenderedBody, renderBody } from '../../../src/article/body/render.ts';
import { expandPublicUrl, publicUrlPlaceholder } from '../../../src/article/body/urls.ts';
import type { BodyFormat } from '../../../src/article/content.ts';
import { fullDocument } from '../../support/full-document.ts';

const publicUrl = 'https://news.example/api';
const mark = publicUrlPlaceholder;

function render(body: string, format: BodyFormat = 'html'): RenderedBody {
  return renderBody(body, format, { publicUrl });
}

function named(body: string, format: BodyFormat = 'html'): string[] {
  return render(body, format).warnings.map(({ code, detail, count }) => `${code}: ${detail} x${count}`);
}

/** GET and PATCH back, five times */
function roundTrips(first: RenderedBody, format: BodyFormat): RenderedBody[] {
  const rounds: RenderedBody[] = [];
  let last = first;
  for (let round = 0; round < 5; round += 1) {
    last = render(expandPublicUrl(last.body, publicUrl), format);
    rounds.push(last);
  }
  return rounds;
}

describe('an html body', () => {
  it('keeps the whole of what newsrooms use, character for character, and warns of nothing', () => {
    expect(render(fullDocument)).toEqual({ body: fullDocument, bodyHtml: fullDocument, warnings: [] });
  });

  it('gives itself again when it is read with the public URL and sent back', () => {
    const shown = expandPublicUrl(fullDocument, publicUrl);
    expect(shown).toContain('src="https://news.example/api/media/flood.jpg"');
    expect(shown).not.toContain(mark);
    for (const round of roundTrips(render(fullDocument), 'html')) expect(round.body).toBe(fullDocument);
  });

  it.each([
    ['a root-relative path', '<img src="/media/x.jpg" alt="">', `<img src="${mark}/media/x.jpg" alt="">`],
    ['a URL under the public one', `<a href="${publicUrl}/x">y</a>`, `<a href="${mark}/x">y</a>`],
    ['a mark written as an entity', '<a href="&#x202A;/x">y</a>', `<a href="${mark}/x">y</a>`],
    ['not a longer host', '<a href="https://news.example/apis/x">y</a>', '<a href="https://news.example/apis/x">y</a>'],
    ['not two slashes', `<a href="${publicUrl}//x/y">y</a>`, `<a href="${publicUrl}//x/y">y</a>`],
    ['https for a protocol-relative URL', '<a href="//x.example/y">y</a>', '<a href="https://x.example/y">y</a>'],
  ])('stores %s', (_, written, stored) => {
    expect(render(written)).toEqual({ body: stored, bodyHtml: stored, warnings: [] });
  });

  it('takes no mark from text, whatever its spelling', () => {
    const { body } = render(
      `<p title="&#8234;x">a${mark}b&#x202A;c&#x200B;d&shy;e&#xFEFF;f&#x2067;g&rlm;h&#x61C;i&#0;</p>`,
    );
    expect(body).toBe('<p title="x">abcdefghi\uFFFD</p>');
  });

  it('keeps joiners, no-break spaces, emoji and entities the same in every round', () => {
    const first = render('<p>&amp;lt; র‍্যাব ক্&zwnj;ষ &zwj;&nbsp;👨‍👩‍👧 R&D <ক> "খ"</p> a & b < c');
    expect(first.body).toBe('<p>&amp;lt; র‍্যাব ক্‌ষ ‍&nbsp;👨‍👩‍👧 R&amp;D &lt;ক&gt; "খ"</p> a &amp; b &lt; c');
    for (const round of roundTrips(first, 'html')) expect(round).toEqual({ ...first, warnings: [] });
  });

  it('writes Bangla in one spelling', () => {
    expect(render('<p title="\u09DF">\u09AC\u09DC \u0995\u09C7\u09BE \u09A4\u09CD&zwj;</p>').body).toBe(
      '<p title="\u09AF\u09BC">\u09AC\u09A1\u09BC \u0995\u09CB \u09CE</p>',
    );
  });

  it('names what it took out, by kind and with how often', () => {
    const body =
      '<p onclick="x()" style="color:red">a<img src="x.jpg"><img src="data:image/png;base64,AA=="></p><!-- b -->' +
      '<script>1</script><script>2</script><a href="JaVaScRiPt:x">c</a><font>d</font><p id="querySelector">e</p>';
    expect(render(body).body).toBe('<p>a</p><a>c</a>d<p>e</p>');
    expect(named(body)).toEqual([
      'removed-attribute: onclick on p x1',
      'removed-attribute: style on p x1',
      'removed-url: relative in src of img x1',
      'removed-url: data: in src of img x1',
      'removed-comment: comment x1',
      'removed-element: script x2',
      'removed-url: javascript: in href of a x1',
      'removed-element: font x1',
      'removed-attribute: id on p x1',
    ]);
  });

  it('names at most 50 kinds, and says that there are more', () => {
    const { warnings } = render(Array.from({ length: 200 }, (_, index) => `<p on${index}="1">`).join(''));
    expect(warnings).toHaveLength(51);
    expect(warnings.at(-1)).toEqual({ code: 'more', detail: 'further kinds', count: 150 });
  });

  it.each([
    ['<center>ক</center><center>খ</center>গ', '<div>ক</div><div>খ</div>গ'],
    [
      '<main><form>ক<input></form><fieldset><legend>খ</legend>গ</fieldset></main>',
      '<div><div>ক</div><div><div>খ</div>গ</div></div>',
    ],
    ['<menu><li>ক</li></menu><dir><li>খ</li></dir>', '<ul><li>ক</li></ul><ul><li>খ</li></ul>'],
    ['<xmp>\nক <b>খ</b></xmp><listing>\n\nগ</listing>', '<pre>\n\nক &lt;b&gt;খ&lt;/b&gt;</pre><pre>\n\nগ</pre>'],
    ['ক<form><input></form>খ', 'কখ'],
    ['ক<font>খ</font><big>গ</big>', 'কখগ'],
  ])('keeps words apart that the elements of %s kept apart', (written, stored) => {
    const first = render(written);
    expect(first.body).toBe(stored);
    for (const round of roundTrips(first, 'html')) expect(round.body).toBe(stored);
  });

  it('is as bold and italic as what was copied out of a word processor, and not all of it', () => {
    const copied =
      '<b style="font-weight:normal;" id="docs-internal-guid-1"><p dir="ltr" style="line-height:1.38"><span style="font-size:11pt;font-weight:400;font-style:normal">বন্যায় </span><span style="font-size:11pt;font-weight:700;font-style:italic">তিন জেলা</span><span style="FONT-WEIGHT: bold !important"> প্লাবিত</span><i style="font-style:normal">।</i></p></b>';
    expect(render(copied).body).toBe(
      '<p dir="ltr"><span>বন্যায় </span><span><strong><em>তিন জেলা</em></strong></span><span><strong> প্লাবিত</strong></span>।</p>'.normalize(
        'NFC',
      ),
    );
    expect(named(copied)).toEqual(expect.arrayContaining(['removed-element: b with a style that takes it back x1']));
    expect(render('<b style="color:red">ক</b><span style="x-font-weight:bold">খ</span>').body).toBe(
      '<b>ক</b><span>খ</span>',
    );
  });

  it('leaves no paragraph that is empty because of it', () => {
    expect(
      render('<p>a</p><p> <script>x</script></p><figure><iframe src="https://evil.example/"></iframe></figure>').body,
    ).toBe('<p>a</p>');
    expect(render('<p></p><p>&nbsp;</p>').body).toBe('<p></p><p>&nbsp;</p>');
  });

  it('names a tag that a browser would ignore', () => {
    expect(named('<body onload="x"><tr><td>a</td></tr>')).toEqual([
      'removed-element: body x1',
      'removed-element: tr x1',
      'removed-element: td x1',
    ]);
  });

  it('sets rel on a link that opens another tab, and keeps the rest of it', () => {
    expect(render('<a href="https://a.example/" target="_blank" rel="opener ugc">a</a>').body).toBe(
      '<a href="https://a.example/" target="_blank" rel="ugc noopener noreferrer">a</a>',
    );
  });
});

describe('a markdown body', () => {
  it('stays as written, and is shown as sanitised HTML', () => {
    const written =
      '# শিরোনাম\n\n- [x] **ক** `a<b`\n\n| ক | খ |\n|:-:|---|\n| ১ | ২ |\n\n![ছবি](/media/x.jpg) ~~খ~~ <script>x</script>\n';
    const { body, bodyHtml } = render(written, 'markdown');
    expect(body).toBe(written);
    expect(bodyHtml).toContain('<h1>শিরোনাম</h1>');
    expect(bodyHtml).toContain('<li>☑ <strong>ক</strong> <code>a&lt;b</code></li>');
    expect(bodyHtml).toContain('<th align="center">ক</th>');
    expect(bodyHtml).toContain(`<img src="${mark}/media/x.jpg" alt="ছবি"> <del>খ</del>`);
    expect(named(written, 'markdown')).toEqual(['removed-element: script x1']);
  });

  it.each([
    ['ক[^1] খ।\n\n[^1]: রয়টার্স', '<p>ক[^1] খ।</p>\n<p>[^1]: রয়টার্স</p>'],
    [
      'ক[^টীকা]\n\n[^টীকা]: https://a.example/b',
      '<p>ক[^টীকা]</p>\n<p>[^টীকা]: <a href="https://a.example/b">https://a.example/b</a></p>',
    ],
    ['ক[^1][^2]\n\n[^1]: এক\n[^2]: /দুই', '<p>ক[^1][^2]</p>\n<p>[^1]: এক\n[^2]: /দুই</p>'],
    ['খবর\n\n[সূত্র]: রয়টার্স', '<p>খবর</p>\n<p>[সূত্র]: রয়টার্স</p>'],
    [
      '[ক][১] [খ]\n\n[১]: https://a.example/b\n[খ]: /g',
      `<p><a href="https://a.example/b">ক</a> <a href="${mark}/g">খ</a></p>`,
    ],
  ])('loses no footnote, and reads as an address only what is one: %j', (written, shown) => {
    expect(render(written, 'markdown')).toEqual({ body: written, bodyHtml: shown, warnings: [] });
  });

  it('links nowhere that an html body would not', () => {
    expect(render('[x](javascript:alert(1)) <java&#9;script:x>', 'markdown').bodyHtml).not.toMatch(/href/);
    expect(render('[x](<java&Tab;script:alert(1)>)', 'markdown').bodyHtml).toBe('<p><a>x</a></p>');
  });
});

describe('a text body', () => {
  it('stays as written, and is shown escaped once, in paragraphs', () => {
    const written = 'a & b < c\r\nসারি ২ "খ" \'গ\'\n\n \n<script>x</script>&amp;';
    expect(render(written, 'text')).toEqual({
      body: written,
      bodyHtml: '<p>a &amp; b &lt; c<br>সারি ২ "খ" \'গ\'</p>\n<p>&lt;script&gt;x&lt;/script&gt;&amp;amp;</p>',
      warnings: [],
    });
    expect(render(' \n ', 'text').bodyHtml).toBe('');
    for (const round of roundTrips(render(written, 'text'), 'text')) expect(round).toEqual(render(written, 'text'));
  });
});
