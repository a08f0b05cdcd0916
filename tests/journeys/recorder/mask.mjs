// What differs from run to run becomes a word that does not: two recordings of one program are the same bytes.

const minuteMs = 60_000;
/** Dates outside of this are those that the journey itself sends. */
const nearMs = 40 * 24 * 60 * minuteMs;
const stepMinutes = 5;
/** So far, in minutes, the journey moves things from the moment of a call: that is known however long it takes. */
export const journeyOffsets = [60, 120, 720, 1_440, 2_880, 10_080, -720, -1_440, -2_880];
const firstCountedNumber = 1_000_000;

const tags = /"(?:(\d{1,9})-)?([\w-]{22})"/g;
const instants = /\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)/g;
const httpDates = /(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT/g;
const days = /\b\d{4}-\d\d-\d\d\b/g;
const ids = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi;
const previewTokens = /\b[0-9a-f]{32}\.[\w-]{40,}/g;
const signedTokens = /\beyJ[\w-]+\.[\w-]+\.[\w-]+/g;
const runs = /[\w-]{20,}/g;
const digits = /\b\d{7,}\b/g;
const isSecret = (run) => /[a-z]/.test(run) && /[A-Z]/.test(run) && !run.includes('Idempotency');

/** `known` gives a word for a thing by the order in which the chapter meets it; the same thing keeps its word. */
export function openMask() {
  let [startMs, offsets] = [Date.now(), []];
  const words = new Map();
  const counts = new Map();
  let chapter = '';

  const known = (kind, value) => {
    const key = `${kind} ${value}`;
    const word = words.get(key);
    if (word !== undefined) return word;
    const place = `${kind}:${chapter}`;
    const count = (counts.get(place) ?? 0) + 1;
    counts.set(place, count);
    words.set(key, `<${place}:${count}>`);
    return words.get(key);
  };
  const instant = (text) => {
    const time = Date.parse(text);
    const now = Date.now();
    if (Number.isNaN(time) || Math.abs(time - now) > nearMs) return text;
    if (time >= startMs - minuteMs && time <= now + minuteMs) return '<now>';
    const sinceStart = (time - startMs) / minuteMs;
    const sinceNow = (time - now) / minuteMs;
    const moved = offsets.find((minutes) => minutes <= sinceStart && minutes >= sinceNow);
    // What the program made before it was ready lies some seconds before the start.
    const minutes =
      moved ?? (sinceStart < 0 ? -Math.floor(-sinceStart) : stepMinutes * Math.round(sinceStart / stepMinutes));
    return `<now${minutes < 0 ? '' : '+'}${minutes}m>`;
  };
  const day = (text) => (Math.abs(Date.parse(text) - Date.now()) > nearMs ? text : '<day>');
  /** The version of a tag stays, but for a draft's, which begins at random; the hash is one of times and ids. */
  const tag = (_, version) => {
    const shown = Number(version) >= firstCountedNumber ? known('number', version) : version;
    return `"${version === undefined ? '' : `${shown}-`}<tag>"`;
  };
  const text = (given) =>
    given
      .replaceAll(tags, tag)
      .replaceAll(instants, instant)
      .replaceAll(httpDates, instant)
      .replaceAll(previewTokens, (token) => known('preview', token))
      .replaceAll(signedTokens, (token) => known('token', token))
      .replaceAll(ids, (id) => known(/[A-F]/.test(id) ? 'ID' : 'id', id))
      .replaceAll(days, day)
      .replaceAll(runs, (run) => (isSecret(run) ? known('sign', run) : run))
      .replaceAll(digits, (number) => known('number', number));
  const value = (given) => {
    if (typeof given === 'string') return text(given);
    if (typeof given === 'number') return given >= firstCountedNumber ? known('number', given) : given;
    if (Array.isArray(given)) return given.map(value);
    if (typeof given !== 'object' || given === null) return given;
    return Object.fromEntries(Object.entries(given).map(([key, inner]) => [text(key), value(inner)]));
  };
  return {
    value,
    text,
    /** A call's own id, counted apart, so that one call more does not rename what articles are called. */
    request: (id) => known('request', id),
    /** A program is ready, from which times are counted. */
    start(moved) {
      [startMs, offsets] = [Date.now(), moved];
    },
    begin(name) {
      chapter = name;
    },
  };
}
