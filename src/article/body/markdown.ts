import { Lexer, Marked, type MarkedOptions, Parser, Tokenizer, type Tokens, type TokensList } from 'marked';
import type { Warn } from '../warnings.ts';
import { type Budget, checkAttribute, checkUrl, type Limits } from './budget.ts';
import { cleanLink } from './urls.ts';

/** How deep quotes and lists may be nested. */
const nestingMax = 30;
type LookAhead = keyof Limits['lookAhead'];

/**
 * GitHub Flavored Markdown as HTML, not yet sanitised. The boxes of a task list become characters, since a body has no form
 * fields, and footnotes are shown as written. Where a limit is reached, the Markdown stays as written and a warning says
 * so. Throws a `RangeError` if emphasis is nested too deeply for the stack, and 400 as the budget does.
 */
export function markdownToHtml(body: string, warn: Warn, budget: Budget): string {
  const checkbox = ({ checked }: Tokens.Checkbox): string => (checked ? '☑ ' : '☐ ');
  // The target of a reference is written out at every use, so it is counted at every use. Returning false lets marked
  // render it as usual.
  const counted = ({ href, title }: Tokens.Link | Tokens.Image): false => {
    checkUrl(href);
    checkAttribute(title ?? '', 'title');
    budget.elements(1);
    budget.bytes(Buffer.byteLength(href) + Buffer.byteLength(title ?? ''));
    return false;
  };
  const { defaults } = new Marked({ gfm: true, renderer: { checkbox, link: counted, image: counted } });
  const options = { ...defaults, tokenizer: boundedTokenizer(warn, budget) };
  return Parser.parse(tokensOf(body, options, budget.limits.lookAhead.brackets, warn), options);
}

/** Parses block by block. A paragraph that needs too much look-ahead for its brackets stays text. */
function tokensOf(body: string, options: MarkedOptions, lookAheadMax: number, warn: Warn): TokensList {
  const lexer = new Lexer(options);
  const inline = lexer.inlineTokens.bind(lexer);
  let left = lookAheadMax;
  lexer.inlineTokens = (src, tokens = []) => {
    left -= src.length * (src.split('[').length - 1);
    if (left >= 0) return inline(src, tokens);
    warn('not-rendered', 'markdown brackets');
    tokens.push({ type: 'text', raw: src, text: src, escaped: false });
    return tokens;
  };
  return lexer.lex(body);
}

function boundedTokenizer(warn: Warn, budget: Budget): Tokenizer {
  const tokenizer = new Tokenizer();
  const { blockquote, list, table, def, link, url, codespan, emStrong, del, inlineText } = tokenizer;
  const left = { ...budget.limits.lookAhead };
  let nesting = 0;

  function isWithin(kind: LookAhead, src: string, end?: RegExp): boolean {
    // Without this check, measuring the distance would cost as much as the limit is meant to save.
    if (left[kind] <= 0) {
      warn('not-rendered', `markdown ${kind}`);
      return false;
    }
    left[kind] -= end ? distanceTo(end, src) : src.length;
    return true;
  }

  function boundedTable(src: string): Tokens.Table | undefined {
    if (!isWithin('table', src, /\n[ \t]*\n/)) return undefined;
    const [, , delimiters = '', rows = ''] = tokenizer.rules.block.table.exec(src) ?? [];
    // Every row has as many cells as the head, even if they are not written.
    if (delimiters !== '') budget.elements((columnsOf(delimiters) + 1) * (rowsOf(rows) + 1));
    return table.call(tokenizer, src);
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
  tokenizer.table = boundedTable;
  tokenizer.def = (src) => asDefinition(def.call(tokenizer, src));
  tokenizer.link = (src) => (/^!?\[/.test(src) && isWithin('word', src, /\s/) ? link.call(tokenizer, src) : undefined);
  tokenizer.url = (src) => (isWithin('word', src, /\s/) ? url.call(tokenizer, src) : undefined);
  tokenizer.inlineText = (src) => (left.word > 0 ? inlineText.call(tokenizer, src) : plainText(src));
  tokenizer.emStrong = (src, masked, before) =>
    /^[*_]/.test(src) && isWithin('emphasis', src) ? emStrong.call(tokenizer, src, masked, before) : undefined;
  tokenizer.codespan = (src) =>
    src.startsWith('`') && isWithin('emphasis', src) ? codespan.call(tokenizer, src) : undefined;
  tokenizer.del = (src, masked, before) =>
    src.startsWith('~') && isWithin('emphasis', src) ? del.call(tokenizer, src, masked, before) : undefined;
  return tokenizer;
}

/**
 * Keeps footnotes and a bracketed word followed by a colon as text. Neither defines a link, and a definition would vanish
 * from the output.
 */
function asDefinition(token: Tokens.Def | undefined): Tokens.Def | undefined {
  return token?.tag.startsWith('^') || (token && cleanLink(token.href, '') === null) ? undefined : token;
}

const columnsOf = (delimiters: string) => delimiters.replace(/^\|/, '').replace(/\| *$/, '').split('|').length;
const rowsOf = (rows: string) => (rows.trim() === '' ? 0 : rows.replace(/\n[ \t]*$/, '').split('\n').length);

function distanceTo(end: RegExp, src: string): number {
  const index = src.search(end);
  return index < 0 ? src.length : index;
}

/** The text up to the next character that could have a meaning in Markdown. */
function plainText(src: string): Tokens.Text | undefined {
  const raw = /^.[^\\<![`*_~]*/s.exec(src)?.[0];
  return raw === undefined ? undefined : { type: 'text', raw, text: raw, escaped: false };
}
