import pg from 'pg';

// How PostgreSQL carries a statement out, and whether that is what lists promise.

const literal = (value) => {
  if (value === null) return 'NULL';
  if (!Array.isArray(value)) return pg.escapeLiteral(String(value));
  return pg.escapeLiteral(`{${value.map((item) => `"${String(item).replace(/["\\]/g, '\\$&')}"`).join(',')}}`);
};

const warmUps = 6;

/**
 * The plan that a statement has in a running server: a prepared one is called first until PostgreSQL has decided between a
 * plan for all values and one for each.
 */
async function explainer(client, { name, text, values }) {
  if (name === undefined) return (options) => client.query({ text: `EXPLAIN (${options}) ${text}`, values });
  for (let call = 0; call < warmUps; call += 1) await client.query({ name, text, values });
  const places = values.length > 0 ? `(${values.map(literal).join(', ')})` : '';
  return (options) => client.query(`EXPLAIN (${options}) EXECUTE "${name}"${places}`);
}

const nodesOf = (node) => [node, ...(node.Plans ?? []).flatMap(nodesOf)];
const bigTables = ['articles', 'article_tags'];

/** What is wrong with a plan: a big table read from end to end, or more sorted than a page (of each of two branches). */
export function faultsOf(plan, limit) {
  return nodesOf(plan).flatMap((node) => {
    const type = node['Node Type'];
    if (type === 'Seq Scan' && bigTables.includes(node['Relation Name'])) {
      return [`reads all of ${node['Relation Name']}`];
    }
    const rows = node.Plans?.[0]?.['Actual Rows'] ?? 0;
    return type.includes('Sort') && rows > 2 * limit + 2 ? [`sorts ${rows} rows by ${node['Sort Key']}`] : [];
  });
}

export async function planOf(client, { statement, limit }) {
  const explain = await explainer(client, statement);
  const { rows } = await explain('ANALYZE, BUFFERS');
  const [{ 'QUERY PLAN': json }] = (await explain('ANALYZE, BUFFERS, FORMAT JSON')).rows;
  const [{ Plan: plan, 'Execution Time': executionMs }] = json;
  return { lines: rows.map((row) => row['QUERY PLAN']), faults: faultsOf(plan, limit), executionMs };
}
