// Makes what `node dist/main.js` needs: the Prisma client, then the compiled program. Skips what has not changed.
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
    // By its place in the checkout, which may be moved.
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

/** A production install has no compiler: what was built before it was made is what there is to run. */
const isFinal = () => !existsSync(join(checkout, 'node_modules/typescript')) && existsSync(join(dist, 'main.js'));

const isFresh = (stampFile, stamp) => isFinal() || (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp);

const unlessFresh = (stampFile, files, make) => {
  const stamp = stampOf(files);
  if (isFresh(stampFile, stamp)) return;
  waitForTurn();
  if (isFresh(stampFile, stamp)) return;
  make();
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

/** One build of a checkout at a time: several starts at once each find it made, or make it in turn. */
function waitForTurn() {
  const place = createHash('sha256').update(`${process.getuid?.()} ${checkout}`).digest('hex').slice(0, 16);
  const lock = join(tmpdir(), `khobor-build-${place}`);
  const end = performance.now() + patienceMs;
  while (!ourTurn) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      // Also where a command fails and ends this process.
      process.once('exit', () => rmSync(lock, { force: true }));
      ourTurn = true;
    } catch (error) {
      // No folder for a lock, or no end of waiting: better two builds at once than none.
      ourTurn = error.code !== 'EEXIST' || performance.now() > end;
      // One that is gone, or just being written, reads as 0: our own process group, which lives.
      if (!lives(holderOf(lock))) rmSync(lock, { force: true });
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    }
  }
}

/** The viewer of the reference, with its licences: so the running program needs no package of it. */
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

const versions = [join(checkout, 'package.json'), join(checkout, 'package-lock.json')].filter(existsSync);
const schema = [join(checkout, 'prisma/schema.prisma'), join(checkout, 'prisma/prisma.config.ts')];

unlessFresh(join(generated, '.stamp'), [...versions, ...schema], () =>
  run(binaryOf('prisma', 'prisma'), ['generate', '--config', 'prisma/prisma.config.ts']),
);
if (!process.argv.includes('--client-only')) {
  unlessFresh(
    join(dist, '.stamp'),
    [...versions, ...schema, join(checkout, 'tsconfig.json'), ...filesBelow(join(checkout, 'src'))],
    () => {
      rmSync(dist, { recursive: true, force: true });
      run(binaryOf('typescript', 'tsc'), ['--project', 'tsconfig.json']);
      copyViewer();
    },
  );
}
