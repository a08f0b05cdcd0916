import type { TestApp } from './app.ts';

/**
 * Lets the database store no new row of a table, as if its disk were full, or none that meets a condition on `NEW`.
 * Returns the function that ends it.
 */
export async function fillDisk({ sql }: TestApp, table: string, condition = 'true'): Promise<() => Promise<unknown>> {
  await sql(`CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = '53100'; END $$`);
  await sql(`CREATE TRIGGER full_disk BEFORE INSERT ON ${table} FOR EACH ROW WHEN (${condition})
    EXECUTE FUNCTION full_disk()`);
  return () => sql('DROP FUNCTION full_disk CASCADE');
}
