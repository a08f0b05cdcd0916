import { diffArrays } from 'diff';

/** The places in which two values differ, each with what is there before and after. */
function differencesOf(before, after, place = '') {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const isPlain = (value) => typeof value !== 'object' || value === null;
  const shown = (value) => (value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 200));
  if (isPlain(before) || isPlain(after) || Array.isArray(before) !== Array.isArray(after))
    return [`${place}: ${shown(before)} -> ${shown(after)}`];
  const inner = [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
    differencesOf(before[key], after[key], `${place}/${key}`),
  );
  return inner.length > 0 ? inner : [`${place}: the order of its members`];
}

const nameOf = (line) => {
  const { chapter, as, call } = JSON.parse(line);
  return `${chapter}: ${call} as ${as}`;
};

const detailOf = (before, after) =>
  `${nameOf(before)}\n${differencesOf(JSON.parse(before), JSON.parse(after))
    .map((line) => `    ${line}`)
    .join('\n')}`;

/** What differs, a text for each answer; answers are matched in their order where as many were asked for. */
export function compare(before, after) {
  if (before.length === after.length)
    return before.flatMap((line, index) => (line === after[index] ? [] : [detailOf(line, after[index])]));
  const changes = diffArrays(before.map(nameOf), after.map(nameOf));
  let [left, right] = [0, 0];
  return changes.flatMap(({ added, removed, count }) => {
    if (added || removed) {
      const lines = added ? after.slice(right, right + count) : before.slice(left, left + count);
      [left, right] = added ? [left, right + count] : [left + count, right];
      return lines.map((line) => `${added ? 'only after' : 'only before'}: ${nameOf(line)}`);
    }
    const pairs = Array.from({ length: count }, (_, index) => [before[left + index], after[right + index]]);
    [left, right] = [left + count, right + count];
    return pairs.flatMap(([one, other]) => (one === other ? [] : [detailOf(one, other)]));
  });
}
