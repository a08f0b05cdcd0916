import { publicUrlPlaceholder as mark } from '../../src/article/body/urls.ts';

/** Everything that a newsroom's body may hold, as this module writes it */
export const fullDocument = [
  '<h2 id="বন্যা-২০২৫" lang="bn" dir="ltr">উত্তরে বন্যা</h2>',
  `<figure><img src="${mark}/media/flood.jpg" srcset="${mark}/media/flood-1.jpg 640w, https://cdn.example/a,b.jpg 2x" ` +
    'sizes="(max-width: 640px) 100vw, 640px" width="640" height="427" alt="নৌকায় মানুষ" loading="lazy" decoding="async">' +
    '<figcaption>তিস্তার পাড়, ছবি: <cite>মহানগর ডেস্ক</cite></figcaption></figure>',
  '<picture><source srcset="https://cdn.example/w.webp" type="image/webp" media="(min-width: 800px)">' +
    '<img src="https://cdn.example/w.jpg" alt=""></picture>',
  '<table><caption>জেলার হিসাব</caption><colgroup><col span="2"></colgroup><thead><tr><th scope="col" colspan="2" ' +
    'abbr="জে." id="h1">জেলা</th></tr></thead><tbody><tr><td rowspan="2" headers="h1">কুড়িগ্রাম</td><td>১২</td></tr>' +
    '<tr><td>১৫</td></tr></tbody><tfoot><tr><td colspan="2">মোট ২৭</td></tr></tfoot></table>',
  '<blockquote cite="https://gov.example/notice"><p>পানি <q cite="https://gov.example/q">নামছে</q>।</p></blockquote>',
  '<ol start="3" type="a" reversed=""><li value="5">এক</li></ol><ul><li>দুই</li></ul><dl><dt>ক</dt><dd>খ</dd></dl>',
  '<p>H<sub>2</sub>O, ১<sup>ম</sup>, <time datetime="2025-10-29T06:00:00+06:00">২৯ অক্টোবর</time>, ' +
    '<del cite="https://a.example/" datetime="2025-10-29">৪০</del> <ins>৪২</ins> জন<br>নতুন <wbr>সারি</p>',
  '<p><strong>ক</strong><em>খ</em><b>গ</b><i>ঘ</i><u>ঙ</u><s>চ</s><mark>ছ</mark><small>জ</small>' +
    '<abbr title="জাতিসংঘ">UN</abbr><code class="language-sql">a</code><kbd>b</kbd><samp>c</samp><var>d</var></p>',
  '<p><a href="https://other.example/%E0%A6%96%E0%A6%AC%E0%A6%B0?a=1&amp;b=2" title="x" rel="nofollow" hreflang="bn">ক</a> <a href="#h1">খ</a> ' +
    `<a href="mailto:desk@news.example">গ</a> <a href="tel:+8802">ঘ</a> <a href="${mark}/a" target="_blank" ` +
    'rel="noopener noreferrer">ঙ</a></p>',
  '<pre>\n\n  দুই\n</pre><ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby><details open=""><summary>আরও</summary>x</details>',
  `<video controls="" poster="${mark}/media/p.jpg" preload="none" width="100%"><source src="https://cdn.example/v.mp4" ` +
    `type="video/mp4"><track src="${mark}/media/v.vtt" kind="captions" srclang="bn" label="বাংলা" default=""></video>`,
  '<section><article><header>a</header><div>b</div><span>c</span><footer>d</footer></article></section><aside>e</aside><hr>',
].join('\n');
