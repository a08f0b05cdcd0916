// What followers are told when the database is another one than before, with PostgreSQL's own programs:
//
//   npm run chaos:restore [-- --bin /usr/lib/postgresql/17/bin]
//
// A dump read into a fresh cluster, an older dump, and a standby by pg_basebackup that lags and is promoted. Passes when
// every event has its position, who can go on does so without a gap, and who cannot is told 410.
import { spawnSync } from 'node:child_process';
import { appendFileSync, chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { account, administer, build, freePort, instance, makeFolder, removeFolder } from './house.mjs';
import { logIn } from './load.mjs';

const { values } = parseArgs({ options: { bin: { type: 'string' } } });
const needed = ['initdb', 'pg_ctl', 'pg_dump', 'pg_restore', 'pg_basebackup'];
const postgresql = '/usr/lib/postgresql';

/** The folder of the programs: the one that was named, that of `pg_config`, or the newest of Debian's. */
function findBin() {
  const known = spawnSync('pg_config', ['--bindir'], { encoding: 'utf8' }).stdout?.trim();
  const versions = existsSync(postgresql) ? readdirSync(postgresql).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = values.bin ? [values.bin] : [known, ...versions.map((one) => join(postgresql, one, 'bin'))];
  return folders.find((folder) => folder && needed.every((program) => existsSync(join(folder, program))));
}

const bin = findBin();
if (bin === undefined) {
  console.log(`skipped: no folder has ${needed.join(', ')}`);
  process.exit(0);
}

build();
const { accountFor } = await import('../../dist/modules/embedded/process.js');
const folder = makeFolder();
const home = join(folder, 'clusters');
mkdirSync(home, { mode: 0o755 });
const owner = await accountFor(join(home, 'none yet'));
if (owner.uid !== undefined) chownSync(home, owner.uid, owner.gid);

function run(program, ...args) {
  const env = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };
  // pg_ctl leaves a server behind, which would hold a pipe open.
  const done = spawnSync(join(bin, program), args, {
    ...owner,
    env,
    cwd: home,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (done.status !== 0) throw new Error(`${program} failed (${done.signal ?? done.status})`);
}

const started = [];

async function startCluster(data) {
  const port = await freePort();
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off`;
  run('pg_ctl', '-D', data, '-w', '-l', join(home, 'log'), '-o', options, 'start');
  const cluster = { data, port, url: `postgresql://khobor@127.0.0.1:${port}/khobor` };
  started.push(cluster);
  return cluster;
}

async function openCluster(name) {
  const data = join(home, name);
  run('initdb', '-D', data, '-U', 'khobor', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync');
  const cluster = await startCluster(data);
  await administer(cluster.url.replace(/khobor$/, 'postgres'), 'CREATE DATABASE khobor');
  return cluster;
}

const stopCluster = ({ data }, mode) => run('pg_ctl', '-D', data, '-w', '-m', mode, 'stop');

async function serve(cluster, work) {
  const api = await instance({
    DATABASE_URL: cluster.url,
    JWT_SECRET: 'a-secret-of-chaos-that-is-long-enough-0123456789',
    ADMIN_EMAIL: account.email,
    ADMIN_PASSWORD: account.password,
  });
  await api.start();
  try {
    return await work(api, await logIn(api.url));
  } finally {
    await api.stop();
  }
}

async function makeTag({ url }, token, name) {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  const res = await fetch(`${url}/v1/tags`, { method: 'POST', headers, body: JSON.stringify({ name }) });
  if (res.status !== 201) throw new Error(`a tag was answered ${res.status}`);
  return (await res.json()).id;
}

const page = async ({ url }, cursor) => {
  const res = await fetch(`${url}/v1/changes${cursor === '' ? '' : `?after=${cursor}`}`);
  return { status: res.status, ...(await res.json()) };
};

/** The ids that are named from a cursor to the end, once there are so many, and the cursor there. */
async function readOn(api, from, count) {
  const ids = [];
  for (let [cursor, left] = [from, 100]; left > 0; left -= 1) {
    const { status, data, page: end, code } = await page(api, cursor);
    if (status !== 200) throw new Error(`a follower was answered ${status} ${code}`);
    ids.push(...data.map(({ id }) => id));
    cursor = end.nextCursor;
    if (!end.more && ids.length >= count) return { ids, cursor };
    if (!end.more) await delay(50);
  }
  throw new Error(`a follower was told of ${ids.length} changes, not of ${count}`);
}

const rows = [];
function check(what, which, held) {
  rows.push({ row: `| ${what} | ${which} | ${held ? 'yes' : 'NO'} |`, held });
}
/** What changes during a walk may be named again. */
const sameSet = (some, others) => same(new Set(some), new Set(others));
const same = (some, others) => JSON.stringify([...some].sort()) === JSON.stringify([...others].sort());

/** What holds of a database that has gone another way than the one that followers read from. */
async function checkOther(what, cluster, { kept, lost }) {
  await serve(cluster, async (api, token) => {
    const gone = async () => {
      const { status, code } = await page(api, lost.cursor);
      return status === 410 && code === 'cursor-expired';
    };
    check(what, 'a cursor past it is 410', await gone());
    const id = await makeTag(api, token, 'আবার লেখা');
    const { ids } = await readOn(api, kept.cursor, 1);
    check(what, 'a cursor that it knows goes on without a gap', same(ids, [id]));
    check(what, 'a cursor past it is 410, also once others stand there', await gone());
    check(what, 'a new walk names all that there is', sameSet((await readOn(api, '', 1)).ids, [...kept.all, id]));
  });
}

async function main() {
  const first = await openCluster('first');
  // The fresh cluster counts its transactions from the beginning, far behind this one.
  await administer(
    first.url,
    `DO $$ BEGIN FOR n IN 1..5000 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$`,
  );
  const [dump, older, standby] = ['dump', 'older', 'standby'].map((name) => join(home, name));
  const kept = await serve(first, async (api, token) => {
    const made = [await makeTag(api, token, 'নদী'), await makeTag(api, token, 'খাল')];
    const { ids, cursor } = await readOn(api, '', 2);
    return { all: ids, cursor, whole: sameSet(ids, made) };
  });
  check('before', 'a walk names all that there is', kept.whole);
  run('pg_dump', '--format=custom', `--file=${older}`, first.url);
  run(
    'pg_basebackup',
    '-D',
    standby,
    '-d',
    first.url,
    '-X',
    'stream',
    '--checkpoint=fast',
    '--no-sync',
    '--write-recovery-conf',
  );
  const lost = await serve(first, async (api, token) => {
    const id = await makeTag(api, token, 'হারিয়ে গেল');
    return { id, ...(await readOn(api, kept.cursor, 1)) };
  });
  // Nobody numbers now: what waits for its position is in the dump without one.
  await administer(
    first.url,
    `INSERT INTO events (id, type, subject_type, subject_id, version, keys, data, is_public, public_before, public_after)
     SELECT gen_random_uuid(), 'tag.updated', 'tag', id, version, '{}', '{}', true, jsonb_build_object('slug', slug), jsonb_build_object('slug', slug)
     FROM tags WHERE slug = 'নদী'`,
  );
  run('pg_dump', '--format=custom', `--file=${dump}`, first.url);

  const fresh = await openCluster('fresh');
  run('pg_restore', '--no-owner', '--exit-on-error', `--dbname=${fresh.url}`, dump);
  await serve(fresh, async (api, token) => {
    const id = await makeTag(api, token, 'নতুন ঘরে');
    const { ids } = await readOn(api, lost.cursor, 2);
    const [waited] = await administer(fresh.url, "SELECT id FROM tags WHERE slug = 'নদী'");
    check('a dump in a fresh cluster', 'cursors go on without a gap', same(ids, [waited.id, id]));
    const [found] = await administer(
      fresh.url,
      `SELECT (SELECT count(*) FROM unnumbered)::int AS waiting, (SELECT max(position) = count(*) FROM changes) AS whole,
         (SELECT max(tx_id::text::bigint) FROM events) > pg_current_xact_id()::text::bigint AS behind`,
    );
    check(
      'a dump in a fresh cluster',
      'every event has its position, where transactions are counted anew',
      found.waiting === 0 && found.whole && found.behind,
    );
  });

  const old = await openCluster('old');
  run('pg_restore', '--no-owner', '--exit-on-error', `--dbname=${old.url}`, older);
  await checkOther('an older dump', old, { kept, lost });

  // It is behind by what was written since pg_basebackup, and receives nothing more.
  appendFileSync(join(standby, 'postgresql.auto.conf'), "primary_conninfo = ''\n");
  stopCluster(first, 'immediate');
  const promoted = await startCluster(standby);
  await administer(promoted.url, 'SELECT pg_promote()');
  await checkOther('a standby that lags and is promoted', promoted, { kept, lost });
}

try {
  await main();
} finally {
  for (const cluster of started)
    if (existsSync(join(cluster.data, 'postmaster.pid'))) stopCluster(cluster, 'immediate');
  removeFolder(folder);
}
console.log('| what | which must hold | held |');
console.log('| --- | --- | --- |');
for (const { row } of rows) console.log(row);
process.exit(rows.length > 0 && rows.every(({ held }) => held) ? 0 : 1);
