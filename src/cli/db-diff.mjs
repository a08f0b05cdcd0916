// Prints the SQL of a new migration: what is in prisma/schema.prisma and not yet in prisma/migrations. Nothing when the
// two agree. Nothing is downloaded: the migrations run as at a start, in a PostgreSQL of a temporary folder, and the
// difference is worked out by Prisma's schema engine compiled to WebAssembly.
//
//   npm run --silent db:diff > migration.sql
//   --server <url>     make the temporary database on this server
//   --migrated <url>   compare with this database as it is, and change nothing in it
//   --schema <file>    another schema
//
// What the schema language cannot express (CHECK constraints, triggers, functions, and indexes that are partial, on an
// expression or with their own collation) is only in the migrations. Of these, the engine sees only the indexes, and would
// drop them. So we ask the database which they are, and leave those DROPs out.
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import pg from 'pg';

const checkout = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** The engine of the package's browser build, which loads no wasm by itself. */
async function loadEngine() {
  const path = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const bindings = await import(path);
  const wasm = await WebAssembly.instantiate(readFileSync(path.replace(/\.js$/, '.wasm')), {
    './schema_engine_bg.js': bindings,
  });
  bindings.__wbg_set_wasm(wasm.instance.exports);
  wasm.instance.exports.__wbindgen_start();
  globalThis.PRISMA_WASM_PANIC_REGISTRY = {
    set_message(message) {
      throw new Error(`the schema engine failed: ${message}`);
    },
  };
  return bindings.SchemaEngine;
}

const charOid = 18;
const bpcharOid = 1042;

/** Prisma's adapter, extended for the type "char" of the system catalogs. */
function catalogAdapter(pool) {
  const charColumns = new WeakMap();
  const query = pool.query.bind(pool);
  pool.query = async (config) => {
    const result = await query(config);
    const columns = result.fields.flatMap((field, index) => (field.dataTypeID === charOid ? [index] : []));
    for (const index of columns) result.fields[index].dataTypeID = bpcharOid;
    charColumns.set(result.rows, columns);
    return result;
  };
  const factory = new PrismaPg(pool);
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    async connect() {
      const adapter = await factory.connect();
      const queryRaw = adapter.queryRaw.bind(adapter);
      adapter.queryRaw = async (statement) => {
        const result = await queryRaw(statement);
        for (const index of charColumns.get(result.rows) ?? []) result.columnTypes[index] = ColumnTypeEnum.Character;
        return result;
      };
      return adapter;
    },
    connectToShadowDb: () => Promise.reject(new Error('no other database is needed')),
  };
}

/** The names of the indexes that a Prisma schema cannot describe. */
async function unsayableIndexes(pool) {
  const { rows } = await pool.query({
    text: `SELECT c.relname AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
      WHERE c.relnamespace = current_schema()::regnamespace AND (i.indpred IS NOT NULL OR i.indexprs IS NOT NULL OR EXISTS (
        SELECT FROM unnest(i.indkey, i.indcollation) AS k(column_number, sorting)
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.column_number
        WHERE a.attcollation <> k.sorting))`,
  });
  return new Set(rows.map(({ name }) => name));
}

/** The SQL expressions of a schema, each with the form in which PostgreSQL prints it. */
async function expressions(pool, schema) {
  const written = [...schema.matchAll(/dbgenerated\(("(?:[^"\\]|\\.)*")\)/g)].map(([, literal]) => JSON.parse(literal));
  const client = await pool.connect();
  try {
    const pairs = [];
    for (const expression of new Set(written)) {
      await client.query(`CREATE OR REPLACE TEMP VIEW said AS SELECT (${expression}) AS x`);
      const { rows } = await client.query(`SELECT pg_get_viewdef('pg_temp.said'::regclass) AS said`);
      await client.query('DROP VIEW pg_temp.said');
      pairs.push([expression, /^\s*SELECT (.*) AS x;$/s.exec(rows[0].said)[1]]);
    }
    return pairs;
  } finally {
    client.release();
  }
}

const replaced = (text, pairs, quote) =>
  pairs.reduce((changed, [from, to]) => changed.replaceAll(quote(from), quote(to)), text);

/** The SQL that changes the database at `url` to match `schema`. */
async function diffSql(url, asWritten) {
  const pool = new pg.Pool({ connectionString: url });
  try {
    const pairs = await expressions(pool, asWritten);
    const schema = replaced(asWritten, pairs, (text) => `dbgenerated(${JSON.stringify(text)})`);
    const unsayable = await unsayableIndexes(pool);
    const files = [{ path: 'schema.prisma', content: schema }];
    const SchemaEngine = await loadEngine();
    const adapter = bindMigrationAwareSqlAdapterFactory(catalogAdapter(pool));
    const engine = await SchemaEngine.new({ datamodels: [['schema.prisma', schema]] }, () => {}, adapter);
    const { stdout } = await engine.diff({
      from: { tag: 'schemaDatasource', files, configDir: '.' },
      to: { tag: 'schemaDatamodel', files },
      script: true,
      exitCode: null,
      shadowDatabaseUrl: null,
      filters: { externalTables: [], externalEnums: [] },
    });
    const steps = (stdout ?? '').split(/\n{2,}(?=-- )/).map((step) => step.trim());
    const sql = steps
      .filter((step) => step !== '' && step !== '-- This is an empty migration.')
      .filter((step) => !unsayable.has(/^-- DropIndex\nDROP INDEX "([^"]+)";$/.exec(step)?.[1]))
      .join('\n\n');
    return replaced(
      sql,
      pairs.map(([written, said]) => [said, written]),
      (text) => `DEFAULT ${text}`,
    );
  } finally {
    await pool.end();
  }
}

/** The two parts of the program that this needs, in a folder. Not what was built: the schema may have no client yet. */
async function bundleParts(folder) {
  const { build } = await import('esbuild');
  await build({
    absWorkingDir: checkout,
    entryPoints: ['src/embedded/embedded.ts', 'src/db/migrate.ts'],
    outbase: 'src',
    outdir: folder,
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
  });
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  symlinkSync(join(checkout, 'node_modules'), join(folder, 'node_modules'));
}

/** Calls `work` with the address of a database to which every migration was applied, as at a start. */
async function withMigrated(migrate, serverUrl, work) {
  const name = `khobor_diff_${randomBytes(4).toString('hex')}`;
  const server = new pg.Client({ connectionString: serverUrl });
  await server.connect();
  try {
    await server.query(`CREATE DATABASE ${name} TEMPLATE template0`);
    const url = new URL(serverUrl);
    url.pathname = `/${name}`;
    url.searchParams.delete('schema');
    await migrate({ url: url.href, poolMax: 1, prepare: true }, join(checkout, 'prisma/migrations'));
    return await work(url.href);
  } finally {
    await server.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await server.end();
  }
}

async function diffMigrations(serverUrl, schema) {
  const folder = mkdtempSync(join(tmpdir(), 'khobor-diff-'));
  try {
    chmodSync(folder, 0o711);
    await bundleParts(folder);
    const { migrate } = await import(join(folder, 'db/migrate.js'));
    const diff = (server) => withMigrated(migrate, server, (url) => diffSql(url, schema));
    if (serverUrl !== undefined) return await diff(serverUrl);
    const { openEmbedded } = await import(join(folder, 'embedded/embedded.js'));
    const postgres = await openEmbedded({ dataDir: join(folder, 'data'), settings: { fsync: 'off' } });
    return await diff(postgres.url).finally(() => postgres.stop());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main() {
  const text = { type: 'string' };
  const { values } = parseArgs({ options: { server: text, migrated: text, schema: text } });
  const schema = readFileSync(resolve(values.schema ?? join(checkout, 'prisma/schema.prisma')), 'utf8');
  return values.migrated === undefined ? diffMigrations(values.server, schema) : diffSql(values.migrated, schema);
}

main().then(
  (sql) => {
    if (sql !== '') process.stdout.write(`${sql}\n`);
  },
  (error) => {
    console.error(`db:diff: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  },
);
