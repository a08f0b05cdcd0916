import { conflict } from '../../core/errors.ts';
import { newId } from '../../core/ids.ts';
import { storyTurn } from '../../core/turn-keys.ts';
import { lockName } from '../../db/advisory-locks.ts';
import type { Tx } from '../../db/tx.ts';
import type { Seen } from '../cache-keys.ts';
import type { Content } from '../content.ts';
import { type Caller, callerValues, visibleTo } from '../read/visible.ts';
import { type Warning, warning } from '../warnings.ts';

/**
 * A story has at most one edition in a language, not counting the trash. A story has no row: changes of its editions take
 * an advisory lock on its id.
 */

type Edition = Pick<Content, 'storyId' | 'language' | 'deletedAt'>;

const storyLocks = 72707372;

/**
 * The other edition of the story in the article's language; `id` is null if the caller may not see it. The advisory lock
 * keeps others away until the transaction ends.
 */
async function findRival(
  tx: Tx,
  id: string,
  { storyId, language }: Edition,
  caller: Caller,
): Promise<{ id: string | null } | null> {
  const story = storyId ?? id;
  tx.turn(storyTurn(story));
  await lockName(tx, storyLocks, story);
  const text = `SELECT CASE WHEN ${visibleTo(caller.audience, '$4')} THEN a.id::text END AS id FROM @articles a
    WHERE (a.story_id = $2::uuid OR (a.id = $2::uuid AND a.story_id IS NULL)) AND a.id <> $1::uuid AND a.language = $3::text
      AND a.deleted_at IS NULL ORDER BY 1 NULLS LAST LIMIT 1`;
  const values = [id, story, language, ...callerValues(caller)];
  return (await tx.read<{ id: string | null }>({ name: `rival-edition-${caller.audience}`, text }, values))[0] ?? null;
}

/** Throws 409 `edition-taken` if a change would bring a second edition of one language into a story. */
export async function checkEdition(
  tx: Tx,
  { id, before, after }: { id: string; before: Edition | null; after: Edition },
  caller: Caller,
): Promise<void> {
  if (before === null || after.deletedAt !== null) return;
  const same = before.storyId === after.storyId && before.language === after.language && before.deletedAt === null;
  const rival = same ? null : await findRival(tx, id, after, caller);
  if (rival === null) return;
  const detail = `The story has an edition in ${after.language} already; let that one stand alone, or give this one another language.`;
  throw conflict('edition-taken', detail, rival.id === null ? {} : { existing: rival.id });
}

/**
 * The story of an article that leaves the trash. It is a new one if another edition has taken its place in the old story.
 */
export async function restoredStory(
  tx: Tx,
  id: string,
  edition: Edition,
  caller: Caller,
): Promise<{ storyId: string | null; warnings: Warning[] }> {
  const rival = edition.deletedAt === null ? null : await findRival(tx, id, edition, caller);
  if (rival === null) return { storyId: edition.storyId, warnings: [] };
  return { storyId: newId(), warnings: [warning('left-story', edition.language)] };
}

/** What the pages of the other editions show about this one. */
const entryOf = ({ content, shown }: Seen) =>
  shown ? JSON.stringify([content.language, content.slug, content.title]) : null;

/** The story of which a change is visible on the pages of the other editions, if there are any; else null. */
export function shownStory(id: string, { before, after }: { before: Seen | null; after: Seen }): string | null {
  return before === null || entryOf(before) === entryOf(after) ? null : (after.content.storyId ?? id);
}
