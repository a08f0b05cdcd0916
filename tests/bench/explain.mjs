import { parseArgs } from 'node:util';
import pg from 'pg';
import { isMain } from './command.mjs';
import { openBenchPostgres } from './database.mjs';
import { planOf } from './plans.mjs';
import { statementsFor } from './statements.mjs';

// `node tests/bench/explain.mjs --articles 1000000` prints the plan of every list and page, and ends with 1 when one of
// them reads a whole table or sorts more than a page.

/** Prints the plans on a database of the benchmark; gives the names of the statements that are at fault. */
export async function explainAll(url) {
  const client = new pg.Client({ connectionString: url, options: '-c TimeZone=UTC' });
  await client.connect();
  try {
    const verdicts = [];
    for (const { name, ...rest } of await statementsFor(client)) {
      const { lines, faults, executionMs } = await planOf(client, rest);
      console.log(
        `\n== ${name} (${rest.statement.name === undefined ? 'not prepared' : 'prepared'})\n${lines.join('\n')}`,
      );
      verdicts.push({ name, executionMs, faults });
    }
    console.log('\nPlans');
    for (const { name, executionMs, faults } of verdicts) {
      console.log(
        `  ${faults.length === 0 ? 'ok' : 'NO'}  ${executionMs.toFixed(2).padStart(8)} ms  ${name}${faults.map((fault) => `: ${fault}`).join('')}`,
      );
    }
    return verdicts.filter(({ faults }) => faults.length > 0).map(({ name }) => name);
  } finally {
    await client.end();
  }
}

async function main() {
  const { values } = parseArgs({ options: { articles: { type: 'string', default: '1000000' } } });
  const bench = await openBenchPostgres();
  try {
    const wrong = await explainAll(await bench.database(Number(values.articles)));
    process.exitCode = wrong.length > 0 ? 1 : 0;
  } finally {
    await bench.close();
  }
}

if (isMain(import.meta.url)) await main();
