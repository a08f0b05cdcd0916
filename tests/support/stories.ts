import type { TestApp } from './app.ts';
import { outside } from './outside.ts';

const { identityKey, newId, slugify } = outside;

/** An article to insert directly, in any state and with any times. Its source and tags are named by slug. */
export type Story = {
  id?: string;
  title?: string;
  language?: string;
  status?: 'draft' | 'review' | 'published' | 'archived';
  /** Absent or null: published an hour ago if the status is published, else never. */
  publishedAt?: string | null;
  expiresAt?: string;
  updatedAt?: string;
  deletedAt?: string;
  createdById?: string;
  source?: string;
  tags?: readonly string[];
};

export const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
export const minutesAhead = (minutes: number): string => minutesAgo(-minutes);

/** Inserts tags or sources with these names. Returns their ids and slugs. */
export async function plantLabels(
  app: TestApp,
  table: 'tags' | 'sources',
  names: readonly string[],
): Promise<{ id: string; slug: string }[]> {
  const made = names.map((name) => ({ id: newId(), slug: slugify(name), name, key: identityKey(name) }));
  await app.sql(
    `INSERT INTO ${table} (id, slug, name, identity_key) SELECT id, slug, name, key
     FROM json_to_recordset($1) AS x(id uuid, slug text, name text, key text)`,
    [JSON.stringify(made)],
  );
  return made.map(({ id, slug }) => ({ id, slug }));
}

/** Inserts articles with two statements. Returns their ids in the same order. */
export async function plantStories(app: TestApp, stories: readonly Story[]): Promise<string[]> {
  const rows = stories.map((story, index) => {
    const { id = newId(), title = `খবর ${index}`, status = 'published', language = 'bn' } = story;
    const publishedAt = story.publishedAt ?? (status === 'published' ? minutesAgo(60) : null);
    return { ...story, id, title, status, language, slug: `story-${id}`, publishedAt, tags: story.tags ?? [] };
  });
  const json = JSON.stringify(rows);
  await app.sql(
    `INSERT INTO articles (id, language, slug, slug_derived, title, body, body_format, body_html, source_id, status, published_at,
       first_published_at, expires_at, created_by_id, updated_at, deleted_at)
     SELECT x.id, x.language, x.slug, true, x.title, 'মূল লেখা', 'text', '<p>মূল লেখা</p>', (SELECT id FROM sources WHERE slug = x.source),
       x.status, x."publishedAt", x."publishedAt", x."expiresAt", x."createdById", coalesce(x."updatedAt", now()), x."deletedAt"
     FROM json_to_recordset($1) AS x(id uuid, language text, slug text, title text, source text, status text, "publishedAt" timestamptz,
       "expiresAt" timestamptz, "createdById" uuid, "updatedAt" timestamptz, "deletedAt" timestamptz)`,
    [json],
  );
  await app.sql(
    `INSERT INTO article_tags (article_id, tag_id, position)
     SELECT x.id, t.id, row_number() OVER (PARTITION BY x.id ORDER BY y.nr) - 1
     FROM json_to_recordset($1) AS x(id uuid, tags json), json_array_elements_text(x.tags) WITH ORDINALITY AS y(slug, nr)
     JOIN tags t ON t.slug = y.slug`,
    [json],
  );
  return rows.map(({ id }) => id);
}
