/**
 * What was taken out of a body, one entry for each kind, in the order of its first appearance: `removed-element` ("script"),
 * `removed-attribute` ("onerror on img"), `removed-url` ("javascript: in href of a"), `removed-embed` ("iframe from
 * evil.example"), `removed-comment` ("comment"), `removed-characters` ("combining marks"), `too-deep` ("div"),
 * `not-rendered` ("markdown": shown as plain text), `more` ("further kinds").
 */
export type BodyWarning = { code: string; detail: string; count: number };

export type Warn = (code: string, detail: string) => void;

const kindsMax = 50;
const detailMax = 120;

/** Counts by kind, 50 kinds at most (the rest under `more`): a hostile body names a hundred thousand attributes. */
export function collectWarnings(): { warn: Warn; list: () => BodyWarning[] } {
  const found = new Map<string, BodyWarning>();

  function warn(code: string, detail: string): void {
    const short = [...detail.slice(0, 2 * detailMax)].slice(0, detailMax).join('');
    const key = `${code} ${short}`;
    const known = found.get(key);
    if (known) known.count += 1;
    else if (found.size < kindsMax || code === 'more') found.set(key, { code, detail: short, count: 1 });
    else warn('more', 'further kinds');
  }

  return { warn, list: () => [...found.values()] };
}
