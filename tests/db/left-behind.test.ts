import { access, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openLock } from '../../src/embedded/lock.ts';
import { makeTestDir, removeLeftBehind } from '../support/postgres.ts';

let parent: string;
beforeAll(async () => {
  parent = await makeTestDir();
});
afterAll(() => rm(parent, { recursive: true }));

const folderOf = async (name: string) => {
  const folder = join(parent, name);
  await mkdir(folder);
  return folder;
};
const exists = (folder: string) =>
  access(folder).then(
    () => true,
    () => false,
  );

it('removes the data of a run that was killed, and not that of one which goes on or begins', async () => {
  const killed = await folderOf('khobor-run-aaaaaa');
  await writeFile(join(killed, 'khobor.pid'), '1\nanother life\n\n');
  const running = await folderOf('khobor-run-bbbbbb');
  const lock = await openLock(running);
  const beginning = await folderOf('khobor-run-cccccc');
  const foreign = await folderOf('khobor-of-a-user');
  await removeLeftBehind(parent);
  expect(await Promise.all([killed, running, beginning, foreign].map(exists))).toEqual([false, true, true, true]);
  await lock.release();
});
