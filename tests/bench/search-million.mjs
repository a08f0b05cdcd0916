import { parseArgs } from 'node:util';
import { openBenchPostgres } from './database.mjs';
import { stopAll } from './processes.mjs';
import { searchCost } from './search-cost.mjs';
import { searchDatabase } from './search-database.mjs';

// `npm run bench:search-cost` fills a database with 1,000,000 articles of 3,000 characters and asks it 300 queries of 20
// kinds. `--articles 100000` for fewer. `--rounds 5` takes the best of five times of each query, where the machine has other
// things to do. With BENCH_DATA_DIR, a folder, the database is kept there and used again.

const { values: options } = parseArgs({
  options: {
    articles: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '1' },
  },
});

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stopAll().finally(() => process.exit(1)));
const bench = await openBenchPostgres();
try {
  await searchCost(await searchDatabase(bench, Number(options.articles)), Number(options.rounds));
} finally {
  await stopAll();
  await bench.close();
}
