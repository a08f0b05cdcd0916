import type { Cursors } from '../../core/page.ts';
import type { Db } from '../../db/client.ts';
import { listRedirects } from './redirects.repository.ts';
import type { RedirectListQuery } from './redirects.schema.ts';

export type RedirectService = {
  /** Old slugs that lead to articles public now, in the order of slugs. `data` is one JSON array. */
  list(query: RedirectListQuery): Promise<{ data: string; nextCursor: string | null; maxAgeS: number | undefined }>;
};

const listName = 'redirects';

export function redirectService({ db, cursors }: { db: Db; cursors: Cursors }): RedirectService {
  return {
    async list({ limit, after }) {
      const from = after === undefined ? null : (cursors.open(listName, after)[0] ?? null);
      const found = await listRedirects(db.read, from, limit + 1);
      const rows = found.slice(0, limit).filter(({ slug }) => slug !== null);
      const last = rows.at(-1)?.slug ?? null;
      return {
        data: `[${rows.map(({ json }) => json).join(',')}]`,
        nextCursor: found.length > limit && last !== null ? cursors.seal(listName, [last]) : null,
        maxAgeS: found[0]?.changes_in ?? undefined,
      };
    },
  };
}
