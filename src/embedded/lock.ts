import { randomUUID } from 'node:crypto';
import { link, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { lifeOf, readFileText } from './process.ts';

/** This process's lock on a data folder. */
export type Lock = {
  /** Records the address of this process, so that the error of a second start can name it. */
  announce(address: string): Promise<void>;
  release(): Promise<void>;
};

type Holder = { readonly pid: number; readonly life: string; readonly address: string };

const write = ({ pid, life, address }: Holder) => `${pid}\n${life}\n${address}\n`;

/** The process that the text of a lock names, or null if it has ended. */
async function liveHolder(text: string): Promise<Holder | null> {
  const [pid, life = '', address = ''] = text.split('\n');
  return life !== '' && (await lifeOf(Number(pid))) === life ? { pid: Number(pid), life, address } : null;
}

async function replaceFile(path: string, text: string): Promise<void> {
  const fresh = `${path}.${randomUUID()}`;
  await writeFile(fresh, text, { mode: 0o644 });
  await rename(fresh, path);
}

/** Runs `work` while no other process does. Creating a hard link is atomic, so only one of two claimants succeeds. */
async function alone<T>(path: string, me: Holder, work: () => Promise<T>): Promise<T> {
  const claim = `${path}.claim`;
  const mine = `${claim}.${randomUUID()}`;
  await writeFile(mine, write(me));
  try {
    while (!(await linked(mine, claim))) {
      const text = await readFileText(claim);
      if (text !== null && (await liveHolder(text)) === null) await rm(claim, { force: true });
      else await delay(5);
    }
    return await work().finally(() => rm(claim, { force: true }));
  } finally {
    await rm(mine, { force: true });
  }
}

async function linked(from: string, to: string): Promise<boolean> {
  return link(from, to).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false;
      throw error;
    },
  );
}

/**
 * Takes the lock file `khobor.pid` in a data folder (three lines: pid, life of that pid, address). A lock left by a process
 * that has ended is taken over. If the process is alive, throws an Error of one line that names it.
 */
export async function openLock(dataDir: string): Promise<Lock> {
  const path = join(dataDir, 'khobor.pid');
  const me: Holder = { pid: process.pid, life: (await lifeOf(process.pid)) ?? '', address: '' };
  await alone(path, me, async () => {
    const other = await liveHolder((await readFileText(path)) ?? '');
    if (other !== null) {
      const at = other.address === '' ? '' : ` at ${other.address}`;
      throw new Error(`Khobor is already running${at} (pid ${other.pid}) on the data in ${dataDir}`);
    }
    await replaceFile(path, write(me));
  });
  let released: Promise<void> | null = null;
  const release = () => {
    // Only once: at a second call, the lock may belong to another process.
    released ??= rm(path, { force: true });
    return released;
  };
  return { announce: (address) => replaceFile(path, write({ ...me, address })), release };
}
