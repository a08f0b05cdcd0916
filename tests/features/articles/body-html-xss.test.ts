import { describe, expect, it } from '@jest/globals';
import type { Element, Nodes, Root } from 'hast';
import { fromHtml } from 'hast-util-from-html';
import { sanitize } from 'hast-util-sanitize';
import { visit } from 'unist-util-visit';
import { allowedElements, globalAttributes } from '../../../src/article/body/allow-list.ts';
import { embedAttributes, embedHosts } from '../../../src/article/body/embeds.ts';
import { renderBody } from '../../../src/article/body/render.ts';
import { expandPublicUrl } from '../../../src/article/body/urls.ts';
import { xssContexts, xssPayloads, xssVectors } from '../../fixtures/xss-payloads.ts';

const publicUrl = 'https://news.example/api';

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
  if (!URL.canParse(written)) return false;
  const url = new URL(written);
  if (tagName === 'iframe') return url.protocol === 'https:' && embedHosts.some(({ host }) => host === url.host);
  return ['http:', 'https:', 'mailto:', 'tel:'].includes(url.protocol);
}

describe('every way to run a script', () => {
  it('is tried in more than 200 forms', () => {
    expect(xssPayloads.length).toBeGreaterThan(200);
    expect(xssVectors.filter((vector) => faultsOf(vector).length > 0).length).toBeGreaterThan(100);
  });

  it.each(xssContexts)('%s leaves nothing outside the allow-list, in html and in markdown', (_, put) => {
    const faults = xssVectors.flatMap((vector) =>
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
    for (const { written } of xssPayloads) {
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
    for (const { written } of xssPayloads) {
      const { bodyHtml } = renderBody(written, 'html', { publicUrl });
      const tree = fromHtml(expandPublicUrl(bodyHtml, publicUrl), { fragment: true });
      expect(contentsOf(sanitize(tree, schema))).toEqual(contentsOf(tree));
    }
  });

  it('takes no Bangla along but what a dropped element holds', () => {
    for (const { place, written } of xssPayloads) {
      const { bodyHtml } = renderBody(written, 'html', { publicUrl });
      expect({ place, written, text: bangla(bodyHtml) }).toEqual({ place, written, text: 'খবর' });
    }
  });

  it('is warned of', () => {
    const silent = xssVectors.filter((vector) => renderBody(vector, 'html', { publicUrl }).warnings.length === 0);
    for (const vector of silent) {
      // What only looked like a script is text, or was made harmless as text.
      expect(renderBody(vector, 'html', { publicUrl }).bodyHtml).not.toMatch(
        /<(?!\/?(?:p|a|b|i|table|tbody|br|img)\b)/,
      );
    }
    expect(silent.length).toBeLessThan(20);
  });
});

describe('a hostile html body of 256 KiB', () => {});

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
