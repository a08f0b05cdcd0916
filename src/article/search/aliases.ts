import { aliasSeed } from '../../core/search/alias-seed.ts';
import { type Aliases, type AliasGroup, openAliases } from '../../core/search/aliases.ts';
import { cutWords } from '../../core/search/cut.ts';
import type { Read } from '../../db/tx.ts';

/**
 * Words that mean the same to a search are data: a table, filled once with pairs of our own, and then the newsroom's. Each
 * process keeps them until their revision is another. Every search learns the revision, so that a change holds from the next
 * one on.
 */

/** Counts the changes of the table; null until it was filled for the first time. */
export type Revision = string | null;

export const revisionSql = `(SELECT s.value FROM @settings s WHERE s.name = 'search aliases')`;
const separator = ' = ';

/** Fills the table if that was never done. */
export async function plantAliases(read: Read): Promise<void> {
  const text = `WITH first AS (INSERT INTO @settings (name, value) VALUES ('search aliases', '1') ON CONFLICT (name) DO NOTHING RETURNING 1)
    INSERT INTO @search_aliases (words) SELECT u.words FROM first, unnest($1::text[]) u (words) ON CONFLICT (words) DO NOTHING RETURNING words`;
  await read({ text }, [aliasSeed.map((group) => group.join(separator))]);
}

export const listAliases = async (read: Read): Promise<string[]> =>
  (await read<{ words: string }>({ text: 'SELECT words FROM @search_aliases ORDER BY words COLLATE "C"' })).map(
    ({ words }) => words,
  );

/** The members of a group as it is typed, `a = b`, each with single spaces. */
const membersOf = (typed: string): string[] =>
  typed
    .split('=')
    .map((member) => member.trim().replaceAll(/\s+/g, ' '))
    .filter((member) => cutWords(member).length > 0);

/** A group in the form in which it is stored; null if it has less than two members. */
export function aliasText(typed: string): string | null {
  const members = [...new Set(membersOf(typed))];
  return members.length < 2 ? null : members.join(separator);
}

const renewedSql = `renewed AS (UPDATE @settings s SET value = (s.value::int + 1)::text
  WHERE s.name = 'search aliases' AND EXISTS (SELECT FROM changed))`;

/** False if the group was there already. */
export async function addAliases(read: Read, words: string): Promise<boolean> {
  const text = `WITH changed AS (INSERT INTO @search_aliases (words) VALUES ($1) ON CONFLICT (words) DO NOTHING RETURNING 1), ${renewedSql}
    SELECT 1 AS done FROM changed`;
  return (await read({ text }, [words])).length > 0;
}

/** False if there was no such group. */
export async function removeAliases(read: Read, words: string): Promise<boolean> {
  const text = `WITH changed AS (DELETE FROM @search_aliases WHERE words = $1 RETURNING 1), ${renewedSql}
    SELECT 1 AS done FROM changed`;
  return (await read({ text }, [words])).length > 0;
}

const revisionStatement = { name: 'search-aliases', text: `SELECT ${revisionSql} AS revision` };

export type KnownAliases = { revision: Revision; aliases: Aliases };

export type AliasTable = {
  /** The aliases that this process has read last, which may have changed since. */
  known(): KnownAliases | undefined;
  /** The aliases as they are now. Until the table was filled for the first time, those that it is filled with. */
  now(): Promise<KnownAliases>;
};

export function openAliasTable(read: Read): AliasTable {
  let known: KnownAliases | undefined;
  const groupsOf = async (revision: Revision): Promise<readonly AliasGroup[]> =>
    revision === null ? aliasSeed : (await listAliases(read)).map((words) => words.split(separator));
  return {
    known: () => known,
    async now() {
      const [row] = await read<{ revision: Revision }>(revisionStatement);
      const revision = row?.revision ?? null;
      if (known?.revision === revision) return known;
      const made = { revision, aliases: openAliases(await groupsOf(revision)) };
      known = made;
      return made;
    },
  };
}
