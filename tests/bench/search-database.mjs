import pg from 'pg';
import { migrate } from '../../dist/modules/db/migrate.js';
import { startProcess } from './processes.mjs';
import { seedSearch } from './search-rows.mjs';
import { seed } from './seed.mjs';

const migrations = new URL('../../prisma/migrations', import.meta.url).pathname;

/** Tables without a log are empty after a crash. */
async function isEmptied(url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query('SELECT FROM search_entries LIMIT 1');
  await client.end();
  return rows.length === 0;
}

/** The URL of a database with so many articles to search. One that is there already is used again. */
export async function searchDatabase(bench, articles) {
  const name = `khobor_search_${articles}`;
  const admin = new pg.Client({ connectionString: bench.adminUrl });
  await admin.connect();
  const note = `SELECT shobj_description(oid, 'pg_database') AS note FROM pg_database WHERE datname = $1`;
  const [known] = (await admin.query(note, [name])).rows;
  const url = new URL(bench.adminUrl);
  url.pathname = `/${name}`;
  if (known?.note !== 'seeded' || (await isEmptied(url.href))) {
    await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await admin.query(`CREATE DATABASE ${name}`);
    await migrate({ url: url.href, poolMax: 1, prepare: true }, migrations);
    await seed(url.href, 0);
    let shown = '';
    await seedSearch(url.href, articles, (share, what) => {
      const line = `${what} ${Math.floor(share * 10) * 10} %`;
      if (line !== shown) console.log(line);
      shown = line;
    });
    await admin.query(`COMMENT ON DATABASE ${name} IS 'seeded'`);
  }
  await admin.end();
  return url.href;
}

/** The program on such a database, which answers nothing from memory. */
export const startSearched = (url) =>
  startProcess(process.execPath, ['dist/main.js'], {
    env: {
      DATABASE_URL: url,
      JWT_SECRET: 'only-of-the-benchmark-0123456789-abcdef',
      PUBLIC_URL: 'https://news.example',
      DEMO: 'false',
      LOG_LEVEL: 'error',
      RATE_LIMIT_WRITES: '1000000',
      RESPONSE_CACHE_BYTES: '0',
    },
  });
