// Makes clients from openapi.yaml with three generators, compiles programs that use them with TypeScript 5 as strictly as
// it can, and runs them against the server.
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const tools = import.meta.dirname;
const checkout = join(tools, '../..');
// Where the program finds openapi-fetch and the types of Node.
const workshop = join(tools, 'node_modules/.client-check');
const node = (...args) => execFileSync(process.execPath, args, { cwd: workshop, stdio: 'inherit' });

/** A page that a site would make of an article, by the client of each generator. */
const pages = ['openapi-fetch', 'hey-api', 'oazapfts'];

function generate() {
  const document = join(checkout, 'openapi.yaml');
  const tool = (path) => join(tools, 'node_modules', path);
  node(tool('openapi-typescript/bin/cli.js'), document, '-o', 'api.d.ts');
  node(tool('@hey-api/openapi-ts/bin/run.js'), '-i', document, '-o', 'hey', '-c', '@hey-api/client-fetch', '--silent');
  node(tool('oazapfts/dist/cli.js'), document, 'oazapfts-api.ts');
}

function compileClients() {
  rmSync(workshop, { recursive: true, force: true });
  mkdirSync(workshop);
  copyFileSync(join(tools, 'client.ts'), join(workshop, 'client.ts'));
  cpSync(join(tools, 'pages'), workshop, { recursive: true });
  const strict = { target: 'es2022', module: 'nodenext', lib: ['es2023', 'dom'], types: ['node'], strict: true };
  const strictest = { ...strict, noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true };
  // All of them by name: what is only imported from below node_modules is no part of a program.
  const project = (name, compilerOptions, include) =>
    writeFileSync(join(workshop, name), JSON.stringify({ compilerOptions, include, exclude: [] }));
  project('tsconfig.json', strictest, ['client.ts', 'openapi-fetch.ts', 'show.ts']);
  // What these two generate is strict and no more.
  project('tsconfig.strict.json', strict, ['hey-api.ts', 'hey/**/*', 'oazapfts.ts', 'oazapfts-api.ts', 'show.ts']);
  writeFileSync(join(workshop, 'package.json'), '{ "type": "module" }');
  generate();
  for (const name of ['tsconfig.json', 'tsconfig.strict.json'])
    node(join(tools, 'node_modules/typescript/bin/tsc'), '--project', name);
}

/** A new house on a free port: resolves to its address once it answers. */
function startServer(env) {
  const server = spawn(process.execPath, [join(checkout, 'dist/main.js')], {
    cwd: tmpdir(),
    env: { PATH: process.env.PATH, PORT: '0', HOST: '127.0.0.1', LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise((resolve) => server.once('exit', (code, signal) => resolve(signal ?? code)));
  let said = '';
  const url = new Promise((resolve, reject) => {
    server.stdout.on('data', (chunk) => {
      said += chunk;
      const address = /^Khobor answers at (\S+)/m.exec(said)?.[1];
      if (address) resolve(address);
    });
    exited.then((code) => reject(new Error(`the server ended (${code}): ${said}`)));
  });
  return { url, exited, stop: () => server.kill('SIGTERM') };
}

compileClients();
const account = { ADMIN_EMAIL: 'desk@khobor.example', ADMIN_PASSWORD: `only for this run ${process.pid}` };
const dataDir = mkdtempSync(join(tmpdir(), 'khobor-client-'));
chmodSync(dataDir, 0o711);
try {
  const server = startServer({ DATA_DIR: dataDir, ...account });
  try {
    const url = await server.url;
    for (const name of pages) node(`${name}.js`, url);
    node('client.js', url, account.ADMIN_EMAIL, account.ADMIN_PASSWORD);
  } finally {
    server.stop();
    if ((await server.exited) !== 0) process.exitCode = 1;
  }
} finally {
  rmSync(dataDir, { recursive: true, force: true });
}
