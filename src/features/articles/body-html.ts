import { cleanOnce, textOf } from './body-clean.ts';
import { markdownToHtml } from './body-markdown.ts';
import { parseBody } from './body-parse.ts';
import { withoutEndSlash } from './body-urls.ts';
import { type BodyWarning, collectWarnings, type Warn } from './body-warnings.ts';

export type BodyFormat = 'html' | 'markdown' | 'text';
export type RenderedBody = { body: string; bodyHtml: string; warnings: BodyWarning[] };

/** Markup that other readers could take apart in another way is written and read until it stays the same. */
const readingsMax = 6;

/**
 * A body as it is stored (`body`) and as it is shown (`bodyHtml`), both with `PUBLIC_URL_MARK` for the public URL wherever
 * an attribute points below it. Of `html` the body itself is sanitised; `markdown` and `text` stay as written, and only
 * `bodyHtml` is made of them. What is returned as `body` of `html`, with the mark expanded or not, gives itself again.
 * `publicUrl` is absolute, with or without a slash at its end. Never throws.
 */
export function renderBody(body: string, format: BodyFormat, options: { publicUrl: string }): RenderedBody {
  if (format === 'text') return { body, bodyHtml: renderText(body), warnings: [] };
  const publicUrl = withoutEndSlash(options.publicUrl);
  const { warn, list } = collectWarnings();
  const bodyHtml = cleanHtml(format === 'html' ? body : renderMarkdown(body, warn), publicUrl, warn);
  return { body: format === 'html' ? bodyHtml : body, bodyHtml, warnings: list() };
}

function cleanHtml(source: string, publicUrl: string, warn: Warn): string {
  let read = source;
  for (let reading = 0; reading < readingsMax; reading += 1) {
    const written = cleanOnce(read, publicUrl, warn);
    if (written === read) return written;
    read = written;
  }
  warn('not-rendered', 'html');
  return cleanOnce(renderText(textOf(parseBody(read, warn))), publicUrl, warn);
}

/** Paragraphs where a blank line parts them, a `<br>` for a single line break. */
function renderText(text: string): string {
  const paragraphs = text
    .replace(/\r\n?/g, '\n')
    .trim()
    .split(/\n[ \t]*\n\s*/);
  return paragraphs
    .filter((paragraph) => paragraph !== '')
    .map((paragraph) => `<p>${escapeHtml(paragraph).replaceAll('\n', '<br>')}</p>`)
    .join('\n');
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\u00A0', '&nbsp;');
}

/** The parser calls itself for what is nested, and throws when it runs out of stack or comes no further. */
function renderMarkdown(body: string, warn: Warn): string {
  try {
    return markdownToHtml(body, warn);
  } catch {
    warn('not-rendered', 'markdown');
    return renderText(body);
  }
}
