// Makes what `node dist/main.js` needs: the Prisma client, then the compiled program. Skips what has not changed.
//
//   --client-only   only the Prisma client
//   --modules       also the modules of the program one by one, in dist/modules, for tests and benches
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.mjs';

const checkout = join(dirname(fileURLToPath(import.meta.url)), '../..');
const require = createRequire(join(checkout, 'package.json'));
const generated = join(checkout, 'src/db/generated');
const dist = join(checkout, 'dist');

const filesBelow = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (path === generated) return [];
    return entry.isDirectory() ? filesBelow(path) : [path];
  });

const stampOf = (files) => {
  const hash = createHash('sha256').update(process.version.split('.')[0]);
  for (const file of files.sort()) {
    const { size, mtimeMs } = statSync(file);
    // The path is relative to the checkout, because the checkout may be moved.
    hash.update(`${relative(checkout, file)} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
};

const binaryOf = (name, command) => {
  const manifest = require.resolve(`${name}/package.json`);
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8'));
  return join(dirname(manifest), typeof bin === 'string' ? bin : bin[command]);
};

const run = (script, args) => {
  const env = { ...process.env, CHECKPOINT_DISABLE: '1', PRISMA_HIDE_UPDATE_MESSAGE: '1', NODE_OPTIONS: '' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    cwd: checkout,
    env,
    encoding: 'utf8',
  });
  if (status === 0) return;
  process.stderr.write(`${stdout}${stderr}`);
  process.exit(1);
};

/** A production install has no bundler, so it must run what was built before. */
const isFinal = () => !existsSync(join(checkout, 'node_modules/esbuild')) && existsSync(join(dist, 'main.js'));

const isFresh = (stampFile, stamp) => isFinal() || (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp);

const unlessFresh = async (stampFile, files, make) => {
  const stamp = stampOf(files);
  if (isFresh(stampFile, stamp)) return;
  waitForTurn();
  if (isFresh(stampFile, stamp)) return;
  await make();
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, stamp);
};

const lives = (pid) => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
};

const patienceMs = 120_000;

const holderOf = (lock) => {
  try {
    return Number(readFileSync(lock, 'utf8'));
  } catch {
    return 0;
  }
};

let ourTurn = false;

/** A lock for one build of a checkout at a time. Processes that start together then find it built, or build it in turn. */
function waitForTurn() {
  const checkoutId = createHash('sha256').update(`${process.getuid?.()} ${checkout}`).digest('hex').slice(0, 16);
  const lock = join(tmpdir(), `khobor-build-${checkoutId}`);
  const end = performance.now() + patienceMs;
  while (!ourTurn) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      // Released also if a command fails and ends this process.
      process.once('exit', () => rmSync(lock, { force: true }));
      ourTurn = true;
    } catch (error) {
      // The lock file cannot be written, or the wait takes too long: two builds at once are better than none.
      ourTurn = error.code !== 'EEXIST' || performance.now() > end;
      // A lock that is gone or just being written reads as pid 0, which is our own process group and so alive.
      if (!lives(holderOf(lock))) rmSync(lock, { force: true });
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    }
  }
}

/** Copies the reference viewer and its licences, so that the running program does not need its package. */
const copyViewer = () => {
  const from = dirname(require.resolve('swagger-ui-dist/package.json'));
  const to = join(dist, 'viewer');
  mkdirSync(to, { recursive: true });
  for (const name of [
    'swagger-ui.css',
    'swagger-ui-bundle.js',
    'swagger-ui-bundle.js.LICENSE.txt',
    'LICENSE',
    'NOTICE',
  ])
    copyFileSync(join(from, name), join(to, name));
};

/** The files that are started. */
const processes = {
  main: 'src/main.ts',
  worker: 'src/worker.ts',
  'work-process': 'src/article/processes/work-process.ts',
  'cli/create-user': 'src/cli/create-user.ts',
  'cli/aliases': 'src/cli/aliases.ts',
  'cli/reindex': 'src/cli/reindex.ts',
  'cli/migrate': 'src/cli/migrate.ts',
  'cli/openapi': 'src/cli/openapi.ts',
  'cli/document': 'src/cli/document.ts',
};

const dayMs = 86_400_000;

/** A program that runs may still load a chunk that it was built with: chunks of earlier builds stay for a day. */
const removeOldChunks = (folder) => {
  const chunks = join(folder, 'chunks');
  for (const name of existsSync(chunks) ? readdirSync(chunks) : [])
    if (statSync(join(chunks, name)).mtimeMs < Date.now() - dayMs) rmSync(join(chunks, name));
};

const versions = [join(checkout, 'package.json'), join(checkout, 'package-lock.json')].filter(existsSync);
const schema = [join(checkout, 'prisma/schema.prisma'), join(checkout, 'prisma/prisma.config.ts')];

await unlessFresh(join(generated, '.stamp'), [...versions, ...schema], () =>
  run(binaryOf('prisma', 'prisma'), ['generate', '--config', 'prisma/prisma.config.ts']),
);
const sources = filesBelow(join(checkout, 'src'));
const inputs = [...versions, ...schema, join(checkout, 'tsconfig.json'), ...sources];
if (!process.argv.includes('--client-only')) {
  await unlessFresh(join(dist, '.stamp'), inputs, async () => {
    removeOldChunks(dist);
    await bundle(processes, { checkout, folder: dist });
    copyViewer();
    run(join(dist, 'cli/document.js'), []);
  });
}
if (process.argv.includes('--modules')) {
  const modules = join(dist, 'modules');
  await unlessFresh(join(modules, '.stamp'), inputs, async () => {
    removeOldChunks(modules);
    await bundle(
      sources.filter((file) => file.endsWith('.ts')),
      { checkout, folder: modules },
    );
  });
}
