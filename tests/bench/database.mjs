import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { migrate } from '../../dist/modules/db/migrate.js';
import { openEmbedded } from '../../dist/modules/embedded/embedded.js';
import { seed } from './seed.mjs';

const migrations = join(dirname(fileURLToPath(import.meta.url)), '../../prisma/migrations');

const withDatabase = (adminUrl, name) => {
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return url.toString();
};

async function query(url, text, values = []) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text, values)).rows;
  } finally {
    await client.end();
  }
}

/** One line that fills up, on a terminal; elsewhere a line for each tenth. */
function progressBar(title) {
  let shown = '';
  return (share, what) => {
    const width = 30;
    const line = `${title} ${what.padEnd(8)} [${'#'.repeat(Math.floor(share * width)).padEnd(width)}] ${Math.floor(share * 100)} %`;
    const coarse = `${what}${Math.floor(share * 10)}`;
    if (process.stdout.isTTY) process.stdout.write(`\r${line}${share === 1 ? '\n' : ''}`);
    else if (coarse !== shown) process.stdout.write(`${line}\n`);
    shown = coarse;
  };
}

/** A fresh folder that PostgreSQL's own user may pass through. */
export async function makeDataDir() {
  const dataDir = await mkdtemp(join(tmpdir(), 'khobor-bench-'));
  await chmod(dataDir, 0o711);
  return dataDir;
}

/**
 * Where the benchmark's databases live: a PostgreSQL of our own in a temporary folder with its ordinary, durable settings
 * (BENCH_DATA_DIR names a folder that is kept, and with it its databases; so does `folder`), or the server of
 * BENCH_DATABASE_URL. `settings` stand instead of PostgreSQL's ordinary ones.
 */
export async function openBenchPostgres({ folder, settings } = {}) {
  const given = process.env.BENCH_DATABASE_URL;
  const kept = folder ?? process.env.BENCH_DATA_DIR;
  const dataDir = given ? undefined : (kept ?? (await makeDataDir()));
  const embedded = dataDir && (await openEmbedded({ dataDir, settings }));
  const adminUrl = given ?? embedded.url;
  const made = [];
  return {
    adminUrl,
    /** A database of so many articles; one that is there already and whole is used again. */
    async database(articles) {
      const name = `khobor_bench_${articles}`;
      const url = withDatabase(adminUrl, name);
      const [known] = await query(
        adminUrl,
        `SELECT shobj_description(oid, 'pg_database') AS note FROM pg_database WHERE datname = $1`,
        [name],
      );
      if (known?.note === 'seeded') {
        await migrate({ url, poolMax: 1, prepare: true }, migrations);
        return url;
      }
      await query(adminUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await query(adminUrl, `CREATE DATABASE ${name}`);
      made.push(name);
      await migrate({ url, poolMax: 1, prepare: true }, migrations);
      await seed(url, articles, progressBar(`Seeding ${articles.toLocaleString('en')} by COPY:`));
      await query(adminUrl, `COMMENT ON DATABASE ${name} IS 'seeded'`);
      return url;
    },
    async close() {
      if (given) for (const name of made) await query(adminUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await embedded?.stop();
      if (dataDir && !kept) await rm(dataDir, { recursive: true, force: true });
    },
  };
}
