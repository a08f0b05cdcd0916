import type { Actor } from '../../core/actor.ts';
import type { Prepared } from '../../core/call.ts';
import type { Pacing } from '../../core/pacing.ts';
import { keyOf, kindOfRef, type Ref, readRef, sameRef, splitRefs } from '../../core/ref.ts';
import { isNamed } from '../../db/sql.ts';
import type { Read } from '../../db/tx.ts';
import type { BodyFormat } from '../content.ts';
import type { Limits } from './budget.ts';
import type { RenderedBody } from './render.ts';
import { expandPublicUrl } from './urls.ts';

/**
 * A body as a call sends it. Without `bodyFormat`, it is read in the format of the article `of`, or of its working draft if
 * `draft` is set and there is one.
 */
export type Written = {
  body?: string | undefined;
  bodyFormat?: BodyFormat | undefined;
  of?: { segment: string; draft?: boolean };
};

/**
 * Renders bodies before the transaction that stores them begins. Rendering takes long, and inside the transaction everyone
 * who waits for the article's lock would wait for it too.
 */
export type Bodies = {
  /**
   * Renders the bodies of a call, and keeps the results for `render` until they are released. Does not throw for a body
   * that is refused: `render` does.
   */
  prepare(actor: Actor, written: readonly Written[]): Promise<Prepared>;
  /** Throws 400 for a body that is too long or makes too much HTML. */
  render(body: string, format: BodyFormat): Promise<RenderedBody>;
  /** Whether the body sent equals the stored one in the form in which it is shown. */
  isShown(sent: string, stored: { body: string; bodyFormat: BodyFormat }): boolean;
};

export type BodyParts = {
  read: Read;
  publicUrl: string;
  paced: Pacing;
  /** Renders in another process. */
  renderApart(caller: string, body: string, format: BodyFormat): Promise<RenderedBody>;
};

/**
 * Bodies within these limits are rendered in this process, in about ten milliseconds. Sending them to another process costs
 * more.
 */
const hereUnitsMax = 8_192;
const hereLimits: Limits = {
  htmlBytes: 100_000,
  elements: 1_000,
  lookAhead: { emphasis: 500_000, word: 1_000_000, table: 1_000_000, brackets: 5_000_000 },
};

/** A body counts as long if its HTML has more UTF-16 units than this. */
const longUnits = 65_536;

type RenderBody = typeof import('./render.ts').renderBody;
type Kept = { result: Promise<RenderedBody>; uses: number };
type FormatRow = { id: string; slug: string; live: BodyFormat; draft: BodyFormat | null };

async function findFormats(read: Read, refs: readonly Ref[]): Promise<FormatRow[]> {
  if (refs.length === 0) return [];
  const formats = `SELECT a.id::text, a.slug, a.body_format AS live, d.content->>'bodyFormat' AS draft
    FROM @articles a LEFT JOIN @drafts d ON d.article_id = a.id`;
  const [first] = refs;
  if (first !== undefined && refs.length === 1) {
    const statement = {
      name: `body-format-by-${kindOfRef(first)}`,
      text: `${formats} WHERE ${isNamed(first, 'a', '$1')}`,
    };
    return read<FormatRow>(statement, [keyOf(first)]);
  }
  const { ids, slugs } = splitRefs(refs);
  return read<FormatRow>({ text: `${formats} WHERE a.id = ANY($1::uuid[]) OR a.slug = ANY($2::text[])` }, [ids, slugs]);
}

const articleOf = ({ bodyFormat, of }: Written): Ref | null =>
  of === undefined || bodyFormat !== undefined ? null : readRef(of.segment);

const hasBody = (one: Written): one is Written & { body: string } => one.body !== undefined && one.body !== '';

/** The format in which a body will be read, as far as can be known before the article's row is locked. */
function formatOf(written: Written, rows: readonly FormatRow[]): BodyFormat {
  const ref = articleOf(written);
  const row = ref === null ? undefined : rows.find((one) => sameRef(ref, one));
  const stored = written.of?.draft ? (row?.draft ?? row?.live) : row?.live;
  return written.bodyFormat ?? stored ?? 'html';
}

export function openBodies({ read, publicUrl, paced, renderApart }: BodyParts): Bodies {
  const kept: Record<BodyFormat, Map<string, Kept>> = { html: new Map(), markdown: new Map(), text: new Map() };

  /** Null if the body exceeds the limits of this process. */
  const renderHere = (renderBody: RenderBody, body: string, format: BodyFormat): RenderedBody | null => {
    try {
      const rendered = renderBody(body, format, { publicUrl, limits: hereLimits });
      return rendered.warnings.some(({ code }) => code === 'not-rendered') ? null : rendered;
    } catch {
      // The error must name the general limits, so the other process renders the body again and throws.
      return null;
    }
  };

  const rendered = async (caller: string, body: string, format: BodyFormat): Promise<RenderedBody> => {
    if (body.length > hereUnitsMax) return renderApart(caller, body, format);
    // Imported with the first body, so that the start does not wait for the parsers to load.
    const { renderBody } = await import('./render.ts');
    return (await paced(() => renderHere(renderBody, body, format))) ?? renderApart(caller, body, format);
  };

  const hold = (caller: string, body: string, format: BodyFormat) => {
    const before = kept[format].get(body);
    const one = before ?? { result: rendered(caller, body, format), uses: 0 };
    one.uses += 1;
    one.result.catch(() => undefined);
    kept[format].set(body, one);
    const release = () => {
      one.uses -= 1;
      if (one.uses === 0) kept[format].delete(body);
    };
    return { one, release };
  };

  return {
    async prepare(actor, written) {
      const whole = written.filter(hasBody);
      const refs = whole.flatMap((one) => articleOf(one) ?? []);
      const rows = await findFormats(read, refs);
      const held = whole.map((one) => hold(actor.userId, one.body, formatOf(one, rows)));
      const made = await Promise.allSettled(held.map(({ one }) => one.result));
      return {
        isLong: made.some((one) => one.status === 'fulfilled' && one.value.bodyHtml.length > longUnits),
        release() {
          for (const { release } of held) release();
        },
      };
    },
    render: (body, format) => kept[format].get(body)?.result ?? rendered('', body, format),
    // Only stored html holds the placeholder of the public URL. The other formats are stored as they were written.
    isShown: (sent, { body, bodyFormat }) => sent === (bodyFormat === 'html' ? expandPublicUrl(body, publicUrl) : body),
  };
}
