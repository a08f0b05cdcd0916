import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { articleBodies } from '../../article/inputs.ts';
import { checkout } from '../../checkout.ts';
import { notFound } from '../../core/errors.ts';
import { sourceBodies } from '../sources/sources.schema.ts';
import { TagCreate } from '../tags/tags.schema.ts';

/** The files hold what a caller would send to the API. */
const folder = join(checkout, 'prisma/seed');

const read = <Schema extends z.ZodType>(name: string, schema: Schema): z.output<Schema>[] =>
  z.array(schema).parse(JSON.parse(readFileSync(join(folder, name), 'utf8')));

/**
 * The demonstration newsroom: sources and tags, and articles from newest to oldest. An article was published
 * `publishedMinutesAgo` before the newsroom is filled, or is due `publishedInHours` after it; otherwise it is a draft.
 */
export function readDemo(publicUrl: string) {
  const article = articleBodies(publicUrl).create.omit({ status: true, publishedAt: true }).extend({
    publishedMinutesAgo: z.int().positive().optional(),
    publishedInHours: z.int().positive().optional(),
  });
  return {
    sources: read('sources.json', sourceBodies(publicUrl).create),
    tags: read('tags.json', TagCreate),
    articles: read('articles.json', article),
  };
}

/** The pictures by file name. Each is read when it is first asked for, then cached. */
export function openDemoCovers(): (file: string) => Buffer {
  const covers = join(folder, 'covers');
  const kept = new Map<string, Buffer | null>(readdirSync(covers).map((file) => [file, null]));
  return (file) => {
    const picture = kept.get(file);
    if (picture === undefined) throw notFound();
    const bytes = picture ?? readFileSync(join(covers, file));
    kept.set(file, bytes);
    return bytes;
  };
}
