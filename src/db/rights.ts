import type pg from 'pg';
import type { Read } from './tx.ts';

/** All our tables. The role needs to read and write them. */
export const ownTables = [
  'access_keys',
  'article_tags',
  'articles',
  'changes',
  'changes_head',
  'drafts',
  'due',
  'editing',
  'events',
  'idempotency_keys',
  'label_history',
  'previews',
  'rate_limits',
  'revisions',
  'search_aliases',
  'search_entries',
  'sessions',
  'settings',
  'slug_history',
  'source_items',
  'sources',
  'tags',
  'unnumbered',
  'users',
  'webhook_attempts',
  'webhook_deliveries',
  'webhooks',
] as const;

/**
 * Our functions that run with the rights of who calls them; triggers need none. Everybody may call a function unless the
 * database's owner has taken that back, as many guides advise.
 */
export const ownFunctions = [
  'cache_key_of_before',
  'changes_channel',
  'claim_idempotency_key',
  'event_is_public',
  'number_events',
] as const;

/** The table of applied migrations, which is only read while the program serves. */
const ledger = '_prisma_migrations';

/** Reads the system catalogue, which needs no rights. What does not exist yet lacks none. */
const servingText = `WITH wanted AS (
    SELECT 1 AS place, format('USAGE on schema %I', n.nspname) AS right_, has_schema_privilege(n.oid, 'USAGE') AS has
      FROM pg_namespace n WHERE n.nspname = $1
    UNION ALL SELECT 2, format('%s on table %I', p, c.relname), has_table_privilege(c.oid, p)
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) p
      WHERE n.nspname = $1 AND c.relkind IN ('r', 'p') AND (c.relname = ANY ($2) OR (c.relname = '${ledger}' AND p = 'SELECT'))
    UNION ALL SELECT 3, format('USAGE on sequence %I', s.relname), CASE s.relkind WHEN 'S' THEN has_sequence_privilege(s.oid, 'USAGE') END
      FROM pg_class s JOIN pg_namespace n ON n.oid = s.relnamespace
        JOIN pg_depend d ON d.objid = s.oid AND d.deptype IN ('a', 'i') AND d.classid = 'pg_class'::regclass
        JOIN pg_class c ON c.oid = d.refobjid
      WHERE n.nspname = $1 AND s.relkind = 'S' AND c.relname = ANY ($2)
    UNION ALL SELECT 4, format('EXECUTE on function %I', f.proname), has_function_privilege(f.oid, 'EXECUTE')
      FROM pg_proc f JOIN pg_namespace n ON n.oid = f.pronamespace WHERE n.nspname = $1 AND f.proname = ANY ($3))
  SELECT right_ FROM wanted WHERE NOT has ORDER BY place, right_`;

/** The rights that this role lacks to serve calls, for example `INSERT on table articles`; only for what exists. */
async function missingRights({ read, schema }: { read: Read; schema: string }): Promise<string[]> {
  const rows = await read<{ right_: string }>({ text: servingText }, [schema, [...ownTables], [...ownFunctions]]);
  return rows.map((row) => row.right_);
}

/** One line for the operator about a role that lacks rights. */
const lacking = (first: string, others: number, what: string) =>
  `DATABASE_URL: this user lacks ${first}${others === 0 ? '' : ` and ${others} more`}, which ${what}`;

/** Why this role cannot serve calls; null if it can. Only what exists is checked. */
export async function servingFault(db: { read: Read; schema: string }): Promise<string | null> {
  const [first, ...others] = await missingRights(db);
  return first === undefined ? null : lacking(first, others.length, 'serving needs (see Rights in the README)');
}

const migratingText = `WITH wanted AS (
    SELECT 1 AS place, format('CREATE on database %I', current_database()) AS right_,
      EXISTS (SELECT FROM pg_namespace WHERE nspname = $1) OR has_database_privilege(current_database(), 'CREATE') AS has
    UNION ALL SELECT 2, format('CREATE on schema %I', n.nspname), has_schema_privilege(n.oid, 'USAGE') AND has_schema_privilege(n.oid, 'CREATE')
      FROM pg_namespace n WHERE n.nspname = $1
    UNION ALL SELECT 3, format('ownership of table %I', c.relname), pg_has_role(c.relowner, 'USAGE')
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = $1 AND c.relkind IN ('r', 'p') AND c.relname = ANY ($2))
  SELECT right_ FROM wanted WHERE NOT has ORDER BY place, right_`;

/** Throws if this role cannot apply migrations. Called before the first one. */
export async function requireMigrationRights(client: pg.Client, schema: string): Promise<void> {
  const { rows } = await client.query<{ right_: string }>(migratingText, [schema, [...ownTables]]);
  const [first, ...others] = rows;
  if (first !== undefined)
    throw new Error(lacking(first.right_, others.length, 'migrations need (see Rights in the README)'));
}
