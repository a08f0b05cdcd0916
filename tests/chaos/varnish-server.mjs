import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { checkout, freePort } from './house.mjs';

const program = '/usr/sbin/varnishd';

/** Where Debian's `varnish-modules` puts them, and where VARNISH_VMODS says. */
const moduleFolders = () =>
  [
    process.env.VARNISH_VMODS,
    '/usr/lib/x86_64-linux-gnu/varnish/vmods',
    '/usr/lib/aarch64-linux-gnu/varnish/vmods',
  ].filter((folder) => folder && existsSync(folder));

/** What is missing; undefined if Varnish can be started. */
export const missingOfVarnish = () => {
  if (spawnSync(program, ['-V'], { stdio: 'ignore' }).status !== 0) return 'varnish is not installed';
  const has = moduleFolders().some((folder) => existsSync(join(folder, 'libvmod_xkey.so')));
  return has ? undefined : 'varnish-modules is not installed (VARNISH_VMODS names a folder with libvmod_xkey.so)';
};

/** Varnish with docs/varnish.vcl before an instance on this port, all its files in one folder. */
export async function startVarnish(folder, instancePort) {
  const port = await freePort();
  const workDir = join(folder, 'varnish');
  mkdirSync(workDir);
  const vcl = readFileSync(join(checkout, 'docs/varnish.vcl'), 'utf8').replace('"3000"', `"${instancePort}"`);
  writeFileSync(join(folder, 'varnish.vcl'), vcl);
  const child = spawn(
    program,
    [
      ...['-F', '-j', 'none', '-n', workDir, '-a', `127.0.0.1:${port}`, '-s', 'malloc,64m'],
      ...['-p', `vmod_path=${moduleFolders().join(':')}`, '-f', join(folder, 'varnish.vcl')],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr.on('data', (part) => {
    said += part;
  });
  const url = `http://127.0.0.1:${port}`;
  for (let left = 300; ; left -= 1) {
    const status = await fetch(`${url}/readyz`).then(
      (res) => res.status,
      () => 0,
    );
    if (status === 200) break;
    if (left === 0 || child.exitCode !== null) throw new Error(`varnish does not start: ${said}`);
    await delay(100);
  }
  const ended = new Promise((resolve) => child.once('exit', resolve));
  return {
    url,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
