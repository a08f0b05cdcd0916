import type pg from 'pg';

/**
 * Throws if the database does not keep its text as UTF-8, as one that was made under LANG=C may not: Bangla is refused by most
 * other encodings, and in SQL_ASCII characters are bytes.
 */
export async function requireUtf8(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ encoding: string }>(`SELECT current_setting('server_encoding') AS encoding`);
  const encoding = rows[0]?.encoding;
  if (encoding !== 'UTF8')
    throw new Error(
      `DATABASE_URL: the database keeps its text in ${encoding}; make one with createdb --encoding=UTF8 --template=template0`,
    );
}
