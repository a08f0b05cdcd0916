import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { outside } from '../support/outside.ts';

const { runOpenapi } = outside;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'khobor-openapi-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the command openapi', () => {
  it('writes the document without a database, the same text each time', async () => {
    expect(await runOpenapi([], folder)).toEqual({ exitCode: 0, line: 'wrote openapi.yaml' });
    const written = await readFile(join(folder, 'openapi.yaml'), 'utf8');
    expect(written).toMatch(/^openapi: 3\.1\.0\n/);
    expect(written).toContain('নদীর');
    // Made once more, and compared.
    expect(await runOpenapi(['--check'], folder)).toEqual({ exitCode: 0, line: 'openapi.yaml is fresh' });
  });

  it('says in one line that the file is missing or not fresh, and leaves it alone', async () => {
    expect(await runOpenapi(['--check'], folder)).toEqual({
      exitCode: 1,
      line: 'openapi: openapi.yaml is missing; run npm run openapi',
    });
    await appendFile(join(folder, 'openapi.yaml'), '# edited\n');
    expect(await runOpenapi(['--check'], folder)).toEqual({
      exitCode: 1,
      line: 'openapi: openapi.yaml is not fresh; run npm run openapi',
    });
    expect(await readFile(join(folder, 'openapi.yaml'), 'utf8')).toContain('# edited');
  });

  it('refuses an argument that it does not know', async () => {
    expect((await runOpenapi(['--chek'], folder)).exitCode).toBe(1);
    await expect(readFile(join(folder, 'openapi.yaml'))).rejects.toThrow('ENOENT');
  });
});
