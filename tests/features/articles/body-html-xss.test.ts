import { describe, expect, it } from '@jest/globals';
import type { Element, Nodes, Root } from 'hast';
import { fromHtml } from 'hast-util-from-html';
import { sanitize } from 'hast-util-sanitize';
import { visit } from 'unist-util-visit';
import { allowedElements, globalAttributes } from '../../../src/features/articles/body-allow-list.ts';
import { embedAttributes, embedHosts } from '../../../src/features/articles/body-embeds.ts';
import { renderBody } from '../../../src/features/articles/body-html.ts';
import { expandPublicUrl } from '../../../src/features/articles/body-urls.ts';

const publicUrl = 'https://news.example/api';

/** Ways to run a script from a body, as published over the years */
const vectors = [
  '<script>alert(1)</script>',
  '<SCRIPT SRC=https://evil.example/x.js></SCRIPT>',
  '<script/x>alert(1)</script\n>',
  '<scr<script>ipt>alert(1)</scr</script>ipt>',
  '<<script>alert(1);//<</script>',
  '<script\u200B>alert(1)</script>',
  '<\u00ADscript>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<img src=x:alert(alt) onerror=eval(src) alt=1>',
  '<IMG """><SCRIPT>alert(1)</SCRIPT>">',
  '<img/src="https://a.example/x"/onerror=alert(1)//',
  '<img src="https://a.example/x" onload\n=\nalert(1)>',
  '<img src="https://a.example/x`" onerror=alert(1)`>',
  '<img srcset="javascript:alert(1) 1x, https://a.example/x 2x" src=javascript:alert(1)>',
  '<img src=x style="background:url(javascript:alert(1))">',
  '<img lowsrc=javascript:alert(1) dynsrc=javascript:alert(1) longdesc=javascript:alert(1)>',
  '<image src=x onerror=alert(1)>',
  '<svg/onload=alert(1)>',
  '<svg><script>alert(1)</script></svg>',
  '<svg><script xlink:href=data:,alert(1) /></svg>',
  '<svg><a xlink:href="javascript:alert(1)"><text y=1>x</text></a></svg>',
  '<svg><animate onbegin=alert(1) attributeName=x dur=1s>',
  '<svg><set attributeName=href to=javascript:alert(1)>',
  '<svg><use href="data:image/svg+xml;base64,PHN2Zz4=#x"/></svg>',
  '<svg><foreignObject><iframe srcdoc="<script>alert(1)</script>"></iframe></foreignObject></svg>',
  '<svg><style><img src="</style><img src=x onerror=alert(1)//">',
  '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
  '<svg><desc><noscript></desc></noscript><img src=x onerror=alert(1)>',
  '<svg><title><p title="</title><img src=x onerror=alert(1)>"></svg>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<math><mtext><h1><a><h6></a></h6><mglyph><svg><mtext><style><a title="</style><img src onerror=alert(1)>">',
  '<math><annotation-xml encoding="text/html"><style><img src=x onerror=alert(1)></style></annotation-xml></math>',
  '<math href="javascript:alert(1)">x</math>',
  '<math><maction actiontype="statusline#https://a" xlink:href="javascript:alert(1)">x</maction></math>',
  '<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>',
  '<a href="javascript:alert(1)">x</a>',
  '<a href="java&#9;script:alert(1)">x</a>',
  '<a href="java&NewLine;script:alert(1)">x</a>',
  '<a href=" &#1;&#14; javascript:alert(1)">x</a>',
  '<a href="jav&#x200B;ascript:alert(1)">x</a>',
  '<a href="&#x202A;javascript:alert(1)">x</a>',
  '<a href="javascript&colon;alert(1)">x</a>',
  '<a href="&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;:alert(1)">x</a>',
  '<a href="&#0000106avascript:alert(1)">x</a>',
  '<a href="JaVaScRiPt:alert(1)">x</a>',
  '<a href="\u0001javascript:alert(1)">x</a>',
  '<a href="javascript://news.example/%0aalert(1)">x</a>',
  '<a href="vbscript:msgbox(1)">x</a>',
  '<a href="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==">x</a>',
  '<a href="DATA:text/html,<script>alert(1)</script>">x</a>',
  '<a href="blob:https://news.example/x">x</a>',
  '<a href="view-source:https://news.example/">x</a>',
  '<a href="/\\evil.example">x</a>',
  '<a href="http:\\\\evil.example">x</a>',
  '<a href="https:javascript:alert(1)">x</a>',
  '<a href="\uFF4Aavascript:alert(1)">x</a>',
  '<a href="https://x" ping="https://evil.example/" download onclick=alert(1)>x</a>',
  '<a href="#" target="evil" rel="opener" name="body">x</a>',
  '<base href="https://evil.example/"><a href="/x">y</a>',
  '<base target="_top">',
  '<meta http-equiv="refresh" content="0;url=javascript:alert(1)">',
  '<link rel=stylesheet href="https://evil.example/x.css">',
  '<link rel=import href="data:text/html,<script>alert(1)</script>">',
  '<style>@import "https://evil.example/x.css";</style>',
  '<style><img src="</style><img src=x onerror=alert(1)>">',
  '<div style="width:expression(alert(1))">x</div>',
  '<p style="position:fixed;inset:0">x</p>',
  '<iframe srcdoc="&lt;script&gt;alert(1)&lt;/script&gt;"></iframe>',
  '<iframe src="javascript:alert(1)"></iframe>',
  '<iframe src="https://www.youtube.com/embed/x" srcdoc="<script>alert(1)</script>" onload=alert(1)></iframe>',
  '<iframe src="https://www.youtube.com/embed/x" allow="camera" name="frames" sandbox="allow-top-navigation"></iframe>',
  '<iframe src="https://www.youtube.com\\@evil.example/embed/x"></iframe>',
  '<iframe src="data:text/html,<script>alert(1)</script>"></iframe>',
  '<iframe><script>alert(1)</script></iframe><img src=x onerror=alert(1)>',
  '<frameset onload=alert(1)><frame src=javascript:alert(1)></frameset>',
  '<object data="javascript:alert(1)"><param name=x value=y></object>',
  '<object type="text/x-scriptlet" data="https://evil.example/x"><img src=x onerror=alert(1)></object>',
  '<embed src="data:image/svg+xml,<svg onload=alert(1)>">',
  '<applet code="x" archive="https://evil.example/x.jar"></applet>',
  '<form action="javascript:alert(1)"><input type=submit formaction="javascript:alert(1)"><button>x</button></form>',
  '<button form=x formaction=javascript:alert(1)>x</button>',
  '<form id=attributes><input name=parentNode></form>',
  '<form><input name=action><input id=submit></form>',
  '<input autofocus onfocus=alert(1)>',
  '<select autofocus onfocus=alert(1)><option>x</option></select>',
  '<textarea autofocus onfocus=alert(1)></textarea><img src=x onerror=alert(1)>',
  '<textarea><img title="</textarea><img src=x onerror=alert(1)>"></textarea>',
  '<keygen autofocus onfocus=alert(1)>',
  '<isindex type=image src=1 onerror=alert(1)>',
  '<video src=x onerror=alert(1)></video>',
  '<video><source onerror="alert(1)" src=javascript:alert(1)></video>',
  '<video poster=javascript:alert(1)//></video>',
  '<audio src=x onloadstart=alert(1) autoplay></audio>',
  '<track src=data:text/vtt,x onload=alert(1)>',
  '<details open ontoggle=alert(1)>x</details>',
  '<marquee onstart=alert(1)>x</marquee>',
  '<bgsound src=javascript:alert(1)>',
  '<body onload=alert(1) background=javascript:alert(1)>',
  '<html manifest=x onclick=alert(1)><head><title>x</title></head>',
  '<table background="javascript:alert(1)"><td background="javascript:alert(1)">x</table>',
  '<table><tr><td><script>alert(1)</script></td></tr></table>',
  '<table><svg><style><td title="</style><img src=x onerror=alert(1)>">',
  '<blockquote cite="javascript:alert(1)">x</blockquote><q cite="data:,x">y</q><del cite="vbscript:x">z</del>',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
  '<noembed><img title="</noembed><img src=x onerror=alert(1)>"></noembed>',
  '<noframes><p id="</noframes><img src=x onerror=alert(1)>"></noframes>',
  '<template><script>alert(1)</script></template><template shadowrootmode=open><img src=x onerror=alert(1)></template>',
  '<xmp><p title="</xmp><svg/onload=alert(1)>"></xmp>',
  '<plaintext><img src=x onerror=alert(1)>',
  '<title><img src=x onerror=alert(1)></title>',
  '<p title="</script><script>alert(1)</script>">x</p>',
  '<p title="--><img src=x onerror=alert(1)>">x</p>',
  '<p title="`onerror=alert(1)`">x</p>',
  "<p title='\"><img src=x onerror=alert(1)>'>x</p>",
  '<p lang="\'><script>" dir="javascript:" id="x onclick=alert(1)">x</p>',
  '<img id="cookie" name="getElementById" src="https://a.example/x"><p id="__proto__">x</p><p id="constructor">y</p>',
  '<a id="defaultView"></a><a id="defaultView" name="alert" href="https://a.example/">x</a>',
  '<!--><img src=x onerror=alert(1)>-->',
  '<!--[if gte IE 4]><script>alert(1)</script><![endif]-->',
  '<!-- --!><img src=x onerror=alert(1)> -->',
  '<![CDATA[<img src=x onerror=alert(1)>]]>',
  '<?xml-stylesheet href="javascript:alert(1)"?><?php echo "<img src=x onerror=alert(1)>" ?>',
  '<!DOCTYPE html [<!ENTITY x "<script>alert(1)</script>">]>&x;',
  '</p><img src=x onerror=alert(1)></br onclick=alert(1)>',
  '<x onclick=alert(1)>x</x><o:p onclick=alert(1)>y</o:p><custom-element onclick=alert(1)>z</custom-element>',
  '<p onclick="alert(1)" ONMOUSEOVER=alert(1) on\u017Fubmit=alert(1) formaction=x>x</p>',
  '<p constructor=x __proto__=y hasOwnProperty=z toString=w>x</p>',
  '<p contenteditable onbeforeinput=alert(1) is=x slot=y part=z popover nonce=a>x</p>',
  '&lt;script&gt;alert(1)&lt;/script&gt;&amp;lt;img src=x onerror=alert(1)&amp;gt;',
  '<p>&#x3C;img src=x onerror=alert(1)&#x3E;</p>',
  '\u00ABscript\u00BBalert(1)\u00AB/script\u00BB \uFF1Cscript\uFF1Ealert(1)\uFF1C/script\uFF1E',
  '<a href="https://a.example/"><table><a href="javascript:alert(1)">x</a></table></a>',
  '<b><p><a href="https://a.example/">x</b><i></p>y</a></i>',
  '<p><button><p><form><p>x</form></button>',
  '<ruby><rt><style></rt></ruby><img src=x onerror=alert(1)>',
  '<pre>\n<script>alert(1)</script>\n</pre>',
];

/** Where a vector may stand; the Bangla must come through in each */
const contexts: [string, (vector: string) => string][] = [
  ['alone', (vector) => `${vector}<p>খবর</p>`],
  ['in a paragraph', (vector) => `<p>খবর ${vector}</p>`],
  ['in a table cell', (vector) => `খবর<table><tbody><tr><td>${vector}</td></tr></tbody></table>`],
  ['in an unclosed heading and list', (vector) => `<h2>খবর<ul><li>${vector}`],
];
const payloads = contexts.flatMap(([place, put]) => vectors.map((vector) => ({ place, written: put(vector) })));

const anyUrl = new Set(['href', 'src', 'poster', 'cite']);
const bangla = (text: string) => text.match(/[\u0980-\u09FF]+/g)?.join(' ');

/** hast's names of attributes, which differ from HTML's in case only, but for these */
function attributeName(property: string): string {
  return property === 'className' ? 'class' : property === 'hrefLang' ? 'hreflang' : property.toLowerCase();
}

function faultsOf(html: string): string[] {
  const faults: string[] = [];
  // A whole document and a fragment are read by other rules.
  for (const fragment of [true, false]) {
    const tree: Root = fromHtml(fragment ? html : `<!doctype html><html><head></head><body>${html}</body></html>`, {
      fragment,
    });
    visit(tree, (node: Nodes) => {
      if (node.type === 'element') faults.push(...(isPage(node, fragment) ? [] : elementFaults(node)));
      else if (node.type === 'comment' || (node.type === 'doctype' && fragment)) faults.push(node.type);
    });
  }
  return faults;
}

function isPage({ tagName, properties }: Element, fragment: boolean): boolean {
  return !fragment && ['html', 'head', 'body'].includes(tagName) && Object.keys(properties).length === 0;
}

function elementFaults({ tagName, properties }: Element): string[] {
  const own = allowedElements[tagName];
  if (!Object.hasOwn(allowedElements, tagName) || !own) return [`<${tagName}>`];
  const forced = tagName === 'iframe' ? Object.fromEntries(embedAttributes) : {};
  return Object.entries(properties).flatMap(([property, value]) => {
    const name = attributeName(property);
    const isAllowed = [own, globalAttributes, forced].some((list) => Object.hasOwn(list, name));
    if (!isAllowed || /^on|style|srcdoc/.test(name)) return [`${name} on <${tagName}>`];
    const urls = anyUrl.has(name) ? [String(value)] : name === 'srcset' ? String(value).split(/,\s+/) : [];
    return urls.filter((url) => !isSafeUrl(url, tagName)).map((url) => `${url} in ${name} of <${tagName}>`);
  });
}

function isSafeUrl(written: string, tagName: string): boolean {
  if (written.startsWith('#')) return true;
  const url = new URL(written);
  if (tagName === 'iframe') return url.protocol === 'https:' && embedHosts.some(({ host }) => host === url.host);
  return ['http:', 'https:', 'mailto:', 'tel:'].includes(url.protocol);
}

describe('every way to run a script', () => {
  it('is tried in more than 200 forms', () => {
    expect(payloads.length).toBeGreaterThan(200);
  });

  it.each(contexts)('%s leaves nothing outside the allow-list, in html and in markdown', (_, put) => {
    const faults = vectors.flatMap((vector) =>
      (['html', 'markdown'] as const).flatMap((format) => {
        const { bodyHtml } = renderBody(put(vector), format, { publicUrl });
        return faultsOf(expandPublicUrl(bodyHtml, publicUrl)).map(
          (fault) => `${fault} from ${put(vector)} (${format})`,
        );
      }),
    );
    expect(faults).toEqual([]);
  });

  it('leaves what a second reading and a client that sends it back do not change, and names nothing twice', () => {
    for (const { written } of payloads) {
      const first = renderBody(written, 'html', { publicUrl });
      const again = { ...first, warnings: [] };
      expect(renderBody(first.body, 'html', { publicUrl })).toEqual(again);
      expect(renderBody(expandPublicUrl(first.body, publicUrl), 'html', { publicUrl })).toEqual(again);
    }
  });

  it('leaves nothing that another sanitiser would take out', () => {
    const schema = {
      tagNames: Object.keys(allowedElements),
      strip: ['script'],
      clobber: [],
      ancestors: {},
      required: {},
      attributes: { '*': ['id', 'lang', 'dir', 'title'], ...hastAttributes() },
      protocols: { href: ['http', 'https', 'mailto', 'tel'], src: ['http', 'https'], cite: ['http', 'https'] },
    };
    for (const { written } of payloads) {
      const { bodyHtml } = renderBody(written, 'html', { publicUrl });
      const tree = fromHtml(expandPublicUrl(bodyHtml, publicUrl), { fragment: true });
      expect(contentsOf(sanitize(tree, schema))).toEqual(contentsOf(tree));
    }
  });

  it('takes no Bangla along but what a dropped element holds', () => {
    for (const { place, written } of payloads) {
      const { bodyHtml } = renderBody(written, 'html', { publicUrl });
      expect({ place, written, text: bangla(bodyHtml) }).toEqual({ place, written, text: 'খবর' });
    }
  });

  it('is warned of', () => {
    const silent = vectors.filter((vector) => renderBody(vector, 'html', { publicUrl }).warnings.length === 0);
    for (const vector of silent) {
      // What only looked like a script is text, or was made harmless as text.
      expect(renderBody(vector, 'html', { publicUrl }).bodyHtml).not.toMatch(
        /<(?!\/?(?:p|a|b|i|table|tbody|br|img)\b)/,
      );
    }
    expect(silent.length).toBeLessThan(20);
  });
});

/** The allow-list in hast's names */
function hastAttributes(): Record<string, string[]> {
  const names: Record<string, string> = {
    ...{ class: 'className', hreflang: 'hrefLang', srcset: 'srcSet', srclang: 'srcLang', datetime: 'dateTime' },
    ...{ colspan: 'colSpan', rowspan: 'rowSpan', playsinline: 'playsInline', allowfullscreen: 'allowFullScreen' },
    referrerpolicy: 'referrerPolicy',
  };
  return Object.fromEntries(
    Object.entries(allowedElements).map(([tagName, own]) => {
      const forced = tagName === 'iframe' ? embedAttributes.map(([name]) => name) : [];
      return [tagName, [...Object.keys(own), ...forced].map((name) => names[name] ?? name)];
    }),
  );
}

/** Without the places in the source, which a sanitiser may lose */
function contentsOf(tree: Nodes): unknown {
  return JSON.parse(JSON.stringify(tree, (key, value) => (key === 'position' || key === 'data' ? undefined : value)));
}
