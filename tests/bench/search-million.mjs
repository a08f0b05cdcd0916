import { rm } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { makeDataDir, openBenchPostgres } from './database.mjs';
import { stopAll } from './processes.mjs';
import { searchCost } from './search-cost.mjs';
import { searchDatabase } from './search-database.mjs';

// `npm run bench:search-cost` fills a database with 1,000,000 articles of 3,000 characters and asks it 300 queries of 20
// kinds. `--articles 100000` for fewer. `--rounds 5` takes the best of five times of each query, where the machine has other
// things to do. With `--data FOLDER` the database is kept there and used again.

const { values: options } = parseArgs({
  options: {
    articles: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '1' },
    data: { type: 'string', default: process.env.BENCH_DATA_DIR },
  },
});
const articles = Number(options.articles);

/** The server as it is while the database is filled, which begins anew if the machine fails. */
const fillSettings = {
  fsync: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '16GB',
  checkpoint_timeout: '1h',
  autovacuum: 'off',
};

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stopAll().finally(() => process.exit(1)));

async function withPostgres(options, work) {
  const bench = await openBenchPostgres(options);
  try {
    return await work(bench);
  } finally {
    await stopAll();
    await bench.close();
  }
}

const folder = options.data ?? (await makeDataDir());
try {
  await withPostgres({ folder, settings: fillSettings }, (bench) => searchDatabase(bench, articles));
  await withPostgres({ folder }, async (bench) =>
    searchCost(await searchDatabase(bench, articles), Number(options.rounds)),
  );
} finally {
  if (options.data === undefined) await rm(folder, { recursive: true, force: true });
}
