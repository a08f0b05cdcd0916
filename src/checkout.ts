import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Modules are bundled, so none of them knows how deep in `dist/` it stands. */
function folderOfPackage(folder = dirname(fileURLToPath(import.meta.url))): string {
  return existsSync(join(folder, 'package.json')) ? folder : folderOfPackage(dirname(folder));
}

/** The folder that has package.json, `prisma/` and `dist/`. */
export const checkout = folderOfPackage();
