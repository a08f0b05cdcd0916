import { execFile } from 'node:child_process';
import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const checkout = join(import.meta.dirname, '../..');

/** Compiles some files of src/ and all that they import into a folder, for programs that run as processes of their own. */
export async function compileInto(folder: string, files: readonly string[]): Promise<void> {
  const config = {
    extends: join(checkout, 'tsconfig.json'),
    compilerOptions: {
      rootDir: join(checkout, 'src'),
      outDir: folder,
      typeRoots: [join(checkout, 'node_modules/@types')],
    },
    files: files.map((file) => join(checkout, 'src', file)),
    include: [],
  };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  await symlink(join(checkout, 'node_modules'), join(folder, 'node_modules'));
  await promisify(execFile)(process.execPath, [join(checkout, 'node_modules/typescript/bin/tsc'), '-p', folder]);
}
