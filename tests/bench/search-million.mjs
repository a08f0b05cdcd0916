import { parseArgs } from 'node:util';
import pg from 'pg';
import { migrate } from '../../dist/modules/db/migrate.js';
import { openBenchPostgres } from './database.mjs';
import { stopAll } from './processes.mjs';
import { searchCost } from './search-cost.mjs';
import { seedSearch } from './search-rows.mjs';
import { seed } from './seed.mjs';

// `npm run bench:search-cost` fills a database with 1,000,000 articles of 3,000 characters and asks it 300 queries of 20
// kinds. `--articles 100000` for fewer; `--short` for bodies with the common words alone, which is quicker to fill. `--rounds 5` takes
// the best of five times of each query, where the machine has other things to do.

const { values: options } = parseArgs({
  options: {
    articles: { type: 'string', default: '1000000' },
    short: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '1' },
  },
});
const migrations = new URL('../../prisma/migrations', import.meta.url).pathname;

async function filled(bench) {
  const articles = Number(options.articles);
  const name = `khobor_search_${articles}${options.short ? '_short' : ''}`;
  const admin = new pg.Client({ connectionString: bench.adminUrl });
  await admin.connect();
  const note = `SELECT shobj_description(oid, 'pg_database') AS note FROM pg_database WHERE datname = $1`;
  const [known] = (await admin.query(note, [name])).rows;
  const url = new URL(bench.adminUrl);
  url.pathname = `/${name}`;
  if (known?.note !== 'seeded') {
    await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await admin.query(`CREATE DATABASE ${name}`);
    await migrate({ url: url.href, poolMax: 1, prepare: true }, migrations);
    await seed(url.href, 0);
    let shown = '';
    await seedSearch(url.href, { articles, short: options.short }, (share, what) => {
      const line = `${what} ${Math.floor(share * 10) * 10} %`;
      if (line !== shown) console.log(line);
      shown = line;
    });
    await admin.query(`COMMENT ON DATABASE ${name} IS 'seeded'`);
  }
  await admin.end();
  return url.href;
}

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stopAll().finally(() => process.exit(1)));
const bench = await openBenchPostgres();
try {
  await searchCost(await filled(bench), Number(options.rounds));
} finally {
  await stopAll();
  await bench.close();
}
