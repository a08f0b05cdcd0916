import type { Actor } from '../../core/actor.ts';
import type { Prepared } from '../../core/call.ts';
import type { Pacing } from '../../core/pacing.ts';
import { type Ref, readRef, sameRef, splitRefs } from '../../core/ref.ts';
import type { Read } from '../../db/tx.ts';
import type { BodyFormat } from '../content.ts';
import type { Limits } from './budget.ts';
import type { RenderedBody } from './render.ts';
import { expandPublicUrl } from './urls.ts';

/** A body as a call brings it. Without a format it is read in that of the article, or of its working draft, if it is there. */
export type Written = {
  body?: string | undefined;
  bodyFormat?: BodyFormat | undefined;
  of?: { segment: string; draft?: boolean };
};

/**
 * Bodies are rendered before the transaction begins that stores them: it takes long, and whoever waits for the article
 * would wait for it too.
 */
export type Bodies = {
  /** Renders what a call brings, to be found by `render` until it is released. What is refused is refused there. */
  prepare(actor: Actor, written: readonly Written[]): Promise<Prepared>;
  /** Throws 400 for a body that is too long or makes too much. */
  render(body: string, format: BodyFormat): Promise<RenderedBody>;
  /** Whether a body that was sent is a stored one as it is shown. */
  isShown(sent: string, stored: { body: string; bodyFormat: BodyFormat }): boolean;
};

export type BodyParts = {
  read: Read;
  publicUrl: string;
  paced: Pacing;
  /** Renders in another process. */
  renderApart(caller: string, body: string, format: BodyFormat): Promise<RenderedBody>;
};

/** What is no longer and makes no more than this is rendered here, in some ten milliseconds; to send it away costs more. */
const hereUnitsMax = 8_192;
const hereLimits: Limits = {
  htmlBytes: 100_000,
  elements: 1_000,
  lookAhead: { emphasis: 500_000, word: 1_000_000, table: 1_000_000, brackets: 5_000_000 },
};

/** A body is long of which more than this is made. */
const longUnits = 65_536;

type RenderBody = typeof import('./render.ts').renderBody;
type Kept = { result: Promise<RenderedBody>; uses: number };
type FormatRow = { id: string; slug: string; live: BodyFormat; draft: BodyFormat | null };

async function findFormats(read: Read, refs: readonly Ref[]): Promise<FormatRow[]> {
  if (refs.length === 0) return [];
  const { ids, slugs } = splitRefs(refs);
  const text = `SELECT a.id::text, a.slug, a.body_format AS live, d.content->>'bodyFormat' AS draft
    FROM @articles a LEFT JOIN @drafts d ON d.article_id = a.id WHERE a.id = ANY($1::uuid[]) OR a.slug = ANY($2::text[])`;
  return read<FormatRow>({ text }, [ids, slugs]);
}

const articleOf = ({ bodyFormat, of }: Written): Ref | null =>
  of === undefined || bodyFormat !== undefined ? null : readRef(of.segment);

/** The format in which a body will be read, as far as is known before the article's row is locked. */
function formatOf(written: Written, rows: readonly FormatRow[]): BodyFormat {
  const ref = articleOf(written);
  const row = ref === null ? undefined : rows.find((one) => sameRef(ref, one));
  const stored = written.of?.draft ? (row?.draft ?? row?.live) : row?.live;
  return written.bodyFormat ?? stored ?? 'html';
}

export function openBodies({ read, publicUrl, paced, renderApart }: BodyParts): Bodies {
  const kept: Record<BodyFormat, Map<string, Kept>> = { html: new Map(), markdown: new Map(), text: new Map() };

  /** Null where it takes too long here. */
  const renderHere = (renderBody: RenderBody, body: string, format: BodyFormat): RenderedBody | null => {
    try {
      const rendered = renderBody(body, format, { publicUrl, limits: hereLimits });
      return rendered.warnings.some(({ code }) => code === 'not-rendered') ? null : rendered;
    } catch {
      // What refuses it is to be said by the limits that hold everywhere.
      return null;
    }
  };

  const rendered = async (caller: string, body: string, format: BodyFormat): Promise<RenderedBody> => {
    if (body.length > hereUnitsMax) return renderApart(caller, body, format);
    // Loaded with the first body: a start need not wait for the parsers.
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
      const rows = await findFormats(
        read,
        written.flatMap((one) => articleOf(one) ?? []),
      );
      const held = written.flatMap((one) =>
        one.body === undefined || one.body === '' ? [] : [hold(actor.userId, one.body, formatOf(one, rows))],
      );
      const made = await Promise.allSettled(held.map(({ one }) => one.result));
      return {
        isLong: made.some((one) => one.status === 'fulfilled' && one.value.bodyHtml.length > longUnits),
        release() {
          for (const { release } of held) release();
        },
      };
    },
    render: (body, format) => kept[format].get(body)?.result ?? rendered('', body, format),
    // The mark stands in html alone: the other formats are stored as they were written.
    isShown: (sent, { body, bodyFormat }) => sent === (bodyFormat === 'html' ? expandPublicUrl(body, publicUrl) : body),
  };
}
