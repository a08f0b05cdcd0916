import type { Statement, Values } from './sql.ts';
import type { Read } from './tx.ts';

type InSql<Row> = Omit<Row, 'json'> & { body: string };

/**
 * Reads rows whose column `body` is JSON made by PostgreSQL, and calls it `json`: in the code, a body is that of an article
 * or a call.
 */
export async function readJson<Row extends { json: string }>(
  read: Read,
  statement: Statement,
  values: Values = [],
): Promise<(Omit<InSql<Row>, 'body'> & { json: string })[]> {
  const rows = await read<InSql<Row>>(statement, values);
  return rows.map(({ body: json, ...row }) => ({ ...row, json }));
}

/**
 * SQL for text that is only sent on, and its bytes. In base64, because the driver makes a string of each column: to read six
 * kilobytes of Bangla as a string and to encode them again takes six times as long as to read them so.
 */
export const bytesSql = (text: string): string => `encode(convert_to(${text}, 'UTF8'), 'base64')`;

export const bytesIn = (column: string): Buffer => Buffer.from(column, 'base64');
