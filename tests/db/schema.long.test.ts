import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cloneDatabase } from '../support/database.ts';

const exec = promisify(execFile);
const checkout = join(import.meta.dirname, '../..');
const schemaFile = join(checkout, 'prisma/schema.prisma');

let folder = '';
let database: Awaited<ReturnType<typeof cloneDatabase>>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'khobor-schema-'));
  database = await cloneDatabase();
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

/** `db:diff` from a database that has every migration to a schema file. */
async function diff(schema: string): Promise<string> {
  const command = [join(checkout, 'src/cli/db-diff.mjs'), '--migrated', database.url, '--schema', schema];
  return (await exec(process.execPath, command)).stdout;
}

describe('the schema', () => {
  it('agrees with the migrations', async () => {
    expect(await diff(schemaFile)).toBe('');
  });

  it('gives the SQL of the next migration when it has changed, and drops nothing that only migrations can say', async () => {
    const schema = await readFile(schemaFile, 'utf8');
    const now = `dbgenerated("date_trunc('milliseconds', now())")`;
    const fields = `strapline String?\n  seenAt DateTime @default(${now}) @map("seen_at") @db.Timestamptz(3)`;
    const changed = schema
      .replace(/^model Article \{\n/m, `model Article {\n  ${fields}\n`)
      .replace(/^ *@@index\(\[createdById\], map: "articles_created_by_id_idx"\)\n/m, '');
    const file = join(folder, 'schema.prisma');
    await writeFile(file, changed);
    expect(await diff(file)).toBe(
      [
        '-- DropIndex',
        'DROP INDEX "articles_created_by_id_idx";',
        '',
        '-- AlterTable',
        `ALTER TABLE "articles" ADD COLUMN     "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT date_trunc('milliseconds', now()),`,
        'ADD COLUMN     "strapline" TEXT;',
        '',
      ].join('\n'),
    );
  });

  it('is refused in one line when it is no schema', async () => {
    const file = join(folder, 'broken.prisma');
    await writeFile(file, 'model Article {');
    await expect(diff(file)).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^db:diff: .+/),
    });
  });
});
