import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { checkout, freePort } from './house.mjs';

/** The path of the program, or undefined where it is not installed. */
export const findNginx = () =>
  ['/usr/sbin/nginx', 'nginx'].find((path) => spawnSync(path, ['-v'], { stdio: 'ignore' }).status === 0);

/** The block of the README, for other ports. */
function readmeBlock({ port, instances }) {
  const readme = readFileSync(join(checkout, 'README.md'), 'utf8');
  const block = /^```nginx\n([\s\S]*?)^```$/m.exec(readme)?.[1];
  if (block === undefined) throw new Error('the README has no block for nginx');
  const [one, two] = instances.map((each) => each.port);
  return block
    .replaceAll('127.0.0.1:3000', `127.0.0.1:${one}`)
    .replaceAll('127.0.0.1:3001', `127.0.0.1:${two}`)
    .replace('listen 80;', `listen 127.0.0.1:${port};`);
}

/** Throws unless the block does what the README says of it. */
async function check(url, accessLog) {
  const statusOf = (path) => fetch(`${url}${path}`).then((res) => res.status);
  const latest = await fetch(`${url}/v1/latest`, { headers: { 'accept-encoding': 'gzip' } });
  const found = {
    metrics: [await statusOf('/metrics'), await statusOf('//metrics'), await statusOf('/%6Detrics')],
    preview: await statusOf('/v1/previews/a-token-of-nobody'),
    compressed: (await fetch(`${url}/openapi.yaml`)).headers.get('content-encoding'),
    latest: latest.status,
  };
  const wanted = { metrics: [404, 404, 404], preview: 404, compressed: 'gzip', latest: 200 };
  if (JSON.stringify(found) !== JSON.stringify(wanted)) throw new Error(`behind nginx: ${JSON.stringify(found)}`);
  const logged = readFileSync(accessLog, 'utf8');
  if (!logged.includes('/v1/latest') || logged.includes('token-of-nobody')) throw new Error('the access log of nginx');
}

/** nginx with the README's block before two instances, its files all in one folder. */
export async function startNginx(folder, instances) {
  const port = await freePort();
  mkdirSync(join(folder, 'nginx'), { recursive: true });
  const at = (name) => join(folder, 'nginx', name);
  const block = readmeBlock({ port, instances }).replaceAll('/var/log/nginx/error.log', at('error.log'));
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${at(kind)};`);
  writeFileSync(
    at('nginx.conf'),
    `daemon off; pid ${at('pid')}; error_log ${at('error.log')}; worker_processes 1; events { worker_connections 512; }
http { access_log ${at('access.log')}; ${paths.join(' ')}\n${block}\n}`,
  );
  const arguments_ = ['-c', at('nginx.conf'), '-p', folder];
  const checked = spawnSync(findNginx(), ['-t', ...arguments_]);
  if (checked.status !== 0) throw new Error(`nginx refuses the README's block: ${checked.stderr}`);
  const child = spawn(findNginx(), arguments_, { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}/api`;
  const answers = () =>
    fetch(`${url}/livez`).then(
      (res) => res.ok,
      () => false,
    );
  while (!(await answers())) {
    if (child.exitCode !== null) throw new Error('nginx did not start');
    await delay(20);
  }
  await check(url, at('access.log'));
  return {
    url,
    stop: () => new Promise((resolve) => child.once('exit', resolve).kill('SIGQUIT')),
  };
}
