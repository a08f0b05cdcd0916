import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { openBenchPostgres } from './database.mjs';
import { processorMs, stopAll } from './processes.mjs';
import { searchDatabase, startSearched } from './search-database.mjs';
import { storyIn } from './search-words.mjs';
import { chance } from './words.mjs';
import { logIn } from './writes.mjs';

// `npm run bench:search-writes`: what the search adds to writes. 2,000 published articles of 3,000 characters are posted one
// after the other with each setting of its index, in turns, and as many without it; then a PATCH that changes no word.

const { values: options } = parseArgs({
  options: { articles: { type: 'string', default: '100000' }, writes: { type: 'string', default: '2000' } },
});
const turns = 5;

const trigger = (state) => `ALTER TABLE search_entries ${state} TRIGGER unkept`;
const index = (
  fastupdate,
) => `${trigger('DISABLE')}; ALTER INDEX search_entries_terms_idx SET (fastupdate = ${fastupdate});
  SELECT gin_clean_pending_list('search_entries_terms_idx')`;
/** How the database keeps entries: with each of the two settings, and not at all, though they are made. */
const settings = { 'fastupdate on': index('on'), 'fastupdate off': index('off'), 'nothing kept': trigger('ENABLE') };

const prepareSql = `ALTER TABLE search_entries SET LOGGED;
  CREATE OR REPLACE FUNCTION unkept() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
  CREATE OR REPLACE TRIGGER unkept BEFORE INSERT ON search_entries FOR EACH ROW EXECUTE FUNCTION unkept();
  ${trigger('DISABLE')}; CHECKPOINT`;

async function send({ url, token, pids }, { method = 'POST', path, body }) {
  const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${token}`, 'If-Match': '*' };
  const [began, before] = [performance.now(), processorMs(pids)];
  const sent = method === 'POST' ? { ...headers, 'If-Match': undefined } : headers;
  const response = await fetch(`${url}${path}`, {
    method,
    headers: Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== undefined)),
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  const took = { ms: performance.now() - began, work: before === null ? 0 : processorMs(pids) - before };
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${JSON.stringify(answer)}`);
  return { took, id: answer.id };
}

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
const median = (figures) =>
  at(
    figures.toSorted((a, b) => a - b),
    0.5,
  );
function line(name, figures, against) {
  const sorted = figures.toSorted((a, b) => a - b);
  const shown = [at(sorted, 0.5), at(sorted, 0.99), sorted.at(-1)].map((ms) => ms.toFixed(1).padStart(8)).join('');
  console.log(`${shown}  ${name}, ${(median(figures) / median(against)).toFixed(2)} x at p50`);
}

async function measure(server, client) {
  const token = await logIn(server.url);
  const random = chance(15);
  const posts = Object.fromEntries(Object.keys(settings).map((name) => [name, []]));
  const patches = Object.fromEntries(Object.keys(settings).map((name) => [name, []]));
  const perTurn = Math.ceil(Number(options.writes) / turns);
  for (let turn = 0; turn <= turns; turn += 1) {
    for (const [name, sql] of Object.entries(settings)) {
      await client.query(sql);
      const backends = "SELECT pid FROM pg_stat_activity WHERE application_name = 'khobor'";
      const pids = [server.pid, ...(await client.query(backends)).rows.map(({ pid }) => pid)];
      const to = { url: server.url, token, pids };
      // The first turn only warms up.
      const count = turn === 0 ? 50 : perTurn;
      for (let one = 0; one < count; one += 1) {
        const body = { ...storyIn(random), status: 'published' };
        const { took, id } = await send(to, { path: '/v1/articles', body });
        if (turn > 0) posts[name].push(took);
        if (one % 4 > 0) continue;
        const cover = { url: `https://news.example/${one}.jpg`, alt: 'ছবি' };
        const patch = await send(to, { method: 'PATCH', path: `/v1/articles/${id}`, body: { cover } });
        if (turn > 0) patches[name].push(patch.took);
      }
    }
  }
  return { posts, patches };
}

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stopAll().finally(() => process.exit(1)));
const bench = await openBenchPostgres();
try {
  const url = await searchDatabase(bench, Number(options.articles));
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(prepareSql);
  const server = await startSearched(url);
  const { posts, patches } = await measure(server, client);
  console.log(
    `\n${Number(options.articles).toLocaleString('en')} articles before; load ${loadavg()[0].toFixed(1)} on ${cpus().length} processors`,
  );
  for (const [what, times] of Object.entries({ POST: posts, 'PATCH without words': patches })) {
    for (const [unit, of] of [
      ['ms', 'of the clock'],
      ['work', 'on processors'],
    ]) {
      const figures = Object.fromEntries(
        Object.entries(times).map(([name, all]) => [name, all.map((one) => one[unit])]),
      );
      const none = figures['nothing kept'];
      console.log(`\n${what}, ${none.length} each, one at a time: p50, p99, worst in ms ${of}`);
      for (const name of Object.keys(settings)) line(name, figures[name], none);
    }
  }
  await client.end();
  await server.stop();
} finally {
  await stopAll();
  await bench.close();
}
