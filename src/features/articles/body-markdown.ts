import { Marked, Tokenizer, type Tokens } from 'marked';
import { cleanLink } from './body-urls.ts';
import type { Warn } from './body-warnings.ts';

/** Quotes and lists inside one another */
const nestingMax = 30;
/**
 * For how many characters in all the reader may look ahead. It looks to the end of a paragraph for every `*`, to the end
 * of a word for every link and address, to the next blank line for every line that could head a table, which without a
 * bound takes minutes over one hostile paragraph of 1 MiB. An article of 10,000 words needs a hundredth of this.
 */
const lookAheadMax = { emphasis: 20_000_000, word: 200_000_000, table: 100_000_000 };

type Budget = keyof typeof lookAheadMax;

/**
 * GitHub's Markdown as HTML, not yet sanitised. The boxes of a task list are characters, since a body has no form fields,
 * and footnotes are shown as they were written.
 * Where a bound is reached, the signs stay as they were written and the warning says so. Throws a `RangeError` when
 * emphasis is nested too deeply for the stack.
 */
export function markdownToHtml(body: string, warn: Warn): string {
  const marked = new Marked({ renderer: { checkbox: ({ checked }) => (checked ? '☑ ' : '☐ ') } });
  return marked.parse(body, { async: false, gfm: true, tokenizer: boundedTokenizer(warn) });
}

function boundedTokenizer(warn: Warn): Tokenizer {
  const tokenizer = new Tokenizer();
  const { blockquote, list, table, def, link, url, emStrong, del, inlineText } = tokenizer;
  const left = { ...lookAheadMax };
  let nesting = 0;

  function isWithin(budget: Budget, src: string, end?: RegExp): boolean {
    // Without this, to measure would cost what the bound is to save.
    if (left[budget] <= 0) {
      warn('not-rendered', `markdown ${budget}`);
      return false;
    }
    left[budget] -= end ? distanceTo(end, src) : src.length;
    return true;
  }

  function nested<T>(read: () => T): T | undefined {
    if (nesting >= nestingMax) {
      warn('too-deep', 'markdown');
      return undefined;
    }
    nesting += 1;
    const token = read();
    nesting -= 1;
    return token;
  }

  tokenizer.blockquote = (src) => (/^ {0,3}>/.test(src) ? nested(() => blockquote.call(tokenizer, src)) : undefined);
  tokenizer.list = (src) => (/^ {0,3}[-*+\d]/.test(src) ? nested(() => list.call(tokenizer, src)) : undefined);
  tokenizer.table = (src) => (isWithin('table', src, /\n[ \t]*\n/) ? table.call(tokenizer, src) : undefined);
  tokenizer.def = (src) => asDefinition(def.call(tokenizer, src));
  tokenizer.link = (src) => (/^!?\[/.test(src) && isWithin('word', src, /\s/) ? link.call(tokenizer, src) : undefined);
  tokenizer.url = (src) => (isWithin('word', src, /\s/) ? url.call(tokenizer, src) : undefined);
  tokenizer.inlineText = (src) => (left.word > 0 ? inlineText.call(tokenizer, src) : plainText(src));
  tokenizer.emStrong = (src, masked, before) =>
    /^[*_]/.test(src) && isWithin('emphasis', src) ? emStrong.call(tokenizer, src, masked, before) : undefined;
  tokenizer.del = (src, masked, before) =>
    src.startsWith('~') && isWithin('emphasis', src) ? del.call(tokenizer, src, masked, before) : undefined;
  return tokenizer;
}

/** A footnote, or a word in brackets with another after a colon, is no address of a link: it stays text, or it would vanish. */
function asDefinition(token: Tokens.Def | undefined): Tokens.Def | undefined {
  return token?.tag.startsWith('^') || (token && cleanLink(token.href, '') === null) ? undefined : token;
}

function distanceTo(end: RegExp, src: string): number {
  const index = src.search(end);
  return index < 0 ? src.length : index;
}

/** Up to the next sign that could mean something */
function plainText(src: string): Tokens.Text | undefined {
  const raw = /^.[^\\<![`*_~]*/s.exec(src)?.[0];
  return raw === undefined ? undefined : { type: 'text', raw, text: raw, escaped: false };
}
