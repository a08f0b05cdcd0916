import { randomUUID } from 'node:crypto';
import { link, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { lifeOf, readFileText } from './process.ts';

/** The mark that a data folder is in use by this process. */
export type Lock = {
  /** Adds where this process answers, for the refusal that a second start reads. */
  announce(address: string): Promise<void>;
  release(): Promise<void>;
};

type Holder = { readonly pid: number; readonly life: string; readonly address: string };

const write = ({ pid, life, address }: Holder) => `${pid}\n${life}\n${address}\n`;

/** The process that such a text names, or null when it has ended. */
async function liveHolder(text: string): Promise<Holder | null> {
  const [pid, life = '', address = ''] = text.split('\n');
  return life !== '' && (await lifeOf(Number(pid))) === life ? { pid: Number(pid), life, address } : null;
}

async function place(path: string, text: string): Promise<void> {
  const fresh = `${path}.${randomUUID()}`;
  await writeFile(fresh, text, { mode: 0o644 });
  await rename(fresh, path);
}

/** Runs `work` while no other process does; `link` is what makes one of two claimants the first. */
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
 * Takes `khobor.pid` in a data folder (three lines: pid, life of that pid, address). A mark left by a process that has
 * ended is taken over; a living one is an Error of one line that names it.
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
    await place(path, write(me));
  });
  let released: Promise<void> | null = null;
  const release = () => {
    // Once: by a second call the lock may be another's.
    released ??= rm(path, { force: true });
    return released;
  };
  return { announce: (address) => place(path, write({ ...me, address })), release };
}
