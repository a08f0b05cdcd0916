import { killedSql } from '../../article/read/view-sql.ts';
import { type Role, roles } from '../../core/actor.ts';
import { reachesSql } from '../../labels/key-limits.ts';

/**
 * Whether a link opens and what it shows, as SQL over `p` (previews), `x` (its article), `u` (its maker) and `k` (the
 * access key that made it). Checked whenever the link is opened, since its maker may have lost the right since.
 */

/** Outer joins of a link's maker and key, either of which may be missing. */
export const makerJoin = 'LEFT JOIN @users u ON u.id = p.created_by_id LEFT JOIN @access_keys k ON k.id = p.key_id';

/** A key acts with the lower of both roles. */
const isAtLeast = (least: Role) => {
  const enough = roles.slice(roles.indexOf(least)).map((role) => `'${role}'`);
  return `(u.role IN (${enough.join(', ')}) AND (p.key_id IS NULL OR k.role IN (${enough.join(', ')})))`;
};

const keyIsGood = `(p.key_id IS NULL OR (k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now()) AND ${reachesSql}))`;

/** Only editors may show a working draft. If the maker is only an author by now, the link shows the article as it is. */
export const showsDraftSql = `coalesce(p.shows_draft AND ${isAtLeast('editor')}, false)`;

const mayShare = `(u.disabled_at IS NULL AND ${keyIsGood}
  AND (${isAtLeast('editor')} OR (${isAtLeast('author')} AND x.created_by_id = u.id)))`;

/**
 * Whether a link that has not ended shows something: its maker may still share the article, and the article was neither
 * trashed nor killed.
 */
export const opensSql = `coalesce(x.deleted_at IS NULL AND ${mayShare} AND NOT ${killedSql('x.id')}, false)`;
