import type { Alternative, Clause } from '../../../src/core/search/query-parts.ts';

/** The positions of a text's terms. */
export type Positions = ReadonlyMap<string, ReadonlySet<number>>;

/** Where one way to meet a clause begins in a text. */
function beginnings({ slots }: Alternative<string>, positions: Positions): number[] {
  const at = (index: number, position: number) =>
    slots[index]?.terms.some((term) => positions.get(term)?.has(position)) === true;
  const firsts = (slots[0]?.terms ?? []).flatMap((term) => [...(positions.get(term) ?? [])]);
  return firsts.filter((position) => slots.every((_, index) => at(index, position + index)));
}

/** Whether a text's terms meet a clause; what a negative one excludes is for the caller to say. */
export const meetsClause = ({ alternatives }: Clause<string>, positions: Positions, isTitle: boolean): boolean =>
  alternatives.some((way) => (isTitle || !way.titleOnly) && beginnings(way, positions).length > 0);
