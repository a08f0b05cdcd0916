import { binder } from '../../db/sql.ts';
import type { Read } from '../../db/tx.ts';
import { narrowed } from './list-filters.ts';
import type { Viewer } from './page.ts';
import { callerValues, stateSql, visibleTo } from './visible.ts';

export type Counts = Record<keyof typeof stateSql, number>;

/** Counting stops here: no tab needs a higher number. */
const countMax = 10_000;

/** How many articles of each state a viewer may see, in one statement. */
export async function countStates(
  read: Read,
  viewer: Viewer,
  narrowing: Parameters<typeof narrowed>[0],
  withTrash: boolean,
): Promise<Counts> {
  const { bind, values } = binder(callerValues(viewer));
  const where = [visibleTo(viewer.audience, '$1'), ...narrowed(narrowing, bind)].join(' AND ');
  const columns = Object.entries(stateSql).map(([state, sql]) => {
    const counted = `(SELECT count(*)::int FROM (SELECT 1 FROM @articles a WHERE ${where} AND ${sql} LIMIT ${countMax}) x)`;
    return `${state === 'trash' && !withTrash ? '0' : counted} AS "${state}"`;
  });
  const [row] = await read<Counts>({ text: `SELECT ${columns.join(', ')}` }, values);
  if (row === undefined) throw new Error('a count without a row');
  return row;
}
