import { Failure } from '../../core/errors.ts';
import type { BodyFormat } from '../content.ts';
import { collectWarnings, type Warn, type Warning } from '../warnings.ts';
import { type Budget, bodyLimits, checkStored, type Limits, openBudget } from './budget.ts';
import { cleanOnce, textOf } from './clean.ts';
import { markdownToHtml } from './markdown.ts';
import { parseBody } from './parse.ts';
import { withoutEndSlash } from './urls.ts';

export type RenderedBody = { body: string; bodyHtml: string; warnings: Warning[] };

/**
 * HTML is cleaned again until it no longer changes, at most this often: other parsers could read it differently otherwise.
 */
const readingsMax = 6;

/**
 * A body as it is stored (`body`) and as it is shown (`bodyHtml`). Both have `publicUrlPlaceholder` in place of the public
 * URL wherever an attribute points below it. An `html` body is sanitised itself; `markdown` and `text` stay as written, and
 * only `bodyHtml` is made from them. Idempotent for `html`: rendering the returned `body`, with the placeholder expanded or
 * not, returns it unchanged. `publicUrl` is absolute, with or without a slash at its end. Throws 400 for a body that is too
 * long or makes too much HTML.
 */
export function renderBody(
  body: string,
  format: BodyFormat,
  options: { publicUrl: string; limits?: Limits },
): RenderedBody {
  const limits = options.limits ?? bodyLimits;
  if (format !== 'html') checkStored(body);
  if (format === 'text') return { body, bodyHtml: renderText(body, openBudget(limits)), warnings: [] };
  const publicUrl = withoutEndSlash(options.publicUrl);
  const { warn, list } = collectWarnings();
  const source = format === 'html' ? body : renderMarkdown(body, warn, limits);
  const bodyHtml = cleanHtml(source, publicUrl, warn, limits);
  if (format === 'html') checkStored(bodyHtml);
  return { body: format === 'html' ? bodyHtml : body, bodyHtml, warnings: list() };
}

function cleanHtml(source: string, publicUrl: string, warn: Warn, limits: Limits): string {
  let read = source;
  for (let reading = 0; reading < readingsMax; reading += 1) {
    const written = cleanOnce(read, publicUrl, warn, openBudget(limits));
    if (written === read) return written;
    read = written;
  }
  warn('not-rendered', 'html');
  const text = textOf(parseBody(read, warn, openBudget(limits)));
  return cleanOnce(renderText(text, openBudget(limits)), publicUrl, warn, openBudget(limits));
}

/** A blank line starts a new paragraph, a single line break becomes `<br>`. */
function renderText(text: string, budget: Budget): string {
  const paragraphs = text
    .replace(/\r\n?/g, '\n')
    .trim()
    .split(/\n[ \t]*\n\s*/)
    .filter((paragraph) => paragraph !== '');
  const lines = paragraphs.reduce((sum, paragraph) => sum + paragraph.split('\n').length, 0);
  budget.elements(lines);
  const html = paragraphs.map((paragraph) => `<p>${escapeHtml(paragraph).replaceAll('\n', '<br>')}</p>`).join('\n');
  budget.bytes(Buffer.byteLength(html));
  return html;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\u00A0', '&nbsp;');
}

/** The parser is recursive: it throws if it runs out of stack, or if it stops making progress. */
function renderMarkdown(body: string, warn: Warn, limits: Limits): string {
  try {
    return markdownToHtml(body, warn, openBudget(limits));
  } catch (thrown) {
    if (thrown instanceof Failure) throw thrown;
    warn('not-rendered', 'markdown');
    return renderText(body, openBudget(limits));
  }
}
