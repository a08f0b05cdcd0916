// Makes a client from openapi.yaml, compiles a program that uses it with TypeScript 5, and runs it against the server.
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const tools = import.meta.dirname;
const checkout = join(tools, '../..');
// Where the program finds openapi-fetch and the types of Node.
const workshop = join(tools, 'node_modules/.client-check');
const node = (...args) => execFileSync(process.execPath, args, { cwd: workshop, stdio: 'inherit' });

function compileClient() {
  rmSync(workshop, { recursive: true, force: true });
  mkdirSync(workshop);
  copyFileSync(join(tools, 'client.ts'), join(workshop, 'client.ts'));
  const compilerOptions = {
    target: 'es2022',
    module: 'nodenext',
    lib: ['es2023', 'dom'],
    types: ['node'],
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
  };
  writeFileSync(join(workshop, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['client.ts'] }));
  writeFileSync(join(workshop, 'package.json'), '{ "type": "module" }');
  node(join(tools, 'node_modules/openapi-typescript/bin/cli.js'), join(checkout, 'openapi.yaml'), '-o', 'api.d.ts');
  node(join(tools, 'node_modules/typescript/bin/tsc'), '--project', 'tsconfig.json');
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

compileClient();
const account = { ADMIN_EMAIL: 'desk@khobor.example', ADMIN_PASSWORD: `only for this run ${process.pid}` };
const dataDir = mkdtempSync(join(tmpdir(), 'khobor-client-'));
chmodSync(dataDir, 0o711);
try {
  const server = startServer({ DATA_DIR: dataDir, ...account });
  try {
    node('client.js', await server.url, account.ADMIN_EMAIL, account.ADMIN_PASSWORD);
  } finally {
    server.stop();
    if ((await server.exited) !== 0) process.exitCode = 1;
  }
} finally {
  rmSync(dataDir, { recursive: true, force: true });
}
