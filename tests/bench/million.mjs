import pg from 'pg';
import { explainAll } from './explain.mjs';

// What the same answers cost where there are a thousand times as many articles, with nothing kept.

/** The tag that most articles have. */
async function tagOf(url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(
    'SELECT t.slug FROM tags t JOIN article_tags a ON a.tag_id = t.id GROUP BY t.id ORDER BY count(*) DESC LIMIT 1',
  );
  await client.end();
  return encodeURIComponent(rows[0].slug);
}

/** The address of this page of the list, or of the last full one. */
async function deepPage(server, pages) {
  // A cursor is a place in the list, however long its pages are: five pages of the ordinary length at each step.
  const step = (after) => fetch(`${server.url}/v1/latest?limit=100${after ? `&after=${after}` : ''}`);
  let [path, after] = ['/v1/latest', null];
  for (let page = 5; page < pages; page += 5) {
    after = (await (await step(after)).json()).page.nextCursor;
    if (after === null) break;
    path = `/v1/latest?after=${after}`;
  }
  return path;
}

/** What is asked for cold of both sizes. */
async function coldPaths(url, server, { pages, pathsOf }) {
  const { latest, article } = await pathsOf(url);
  return {
    'the latest list': latest,
    'the list of a tag': [`/v1/latest?tag=${await tagOf(url)}`],
    [`page ${pages} of the list`]: [await deepPage(server, pages)],
    'an article by its slug': article,
  };
}

/** Compares a database of so many `articles` with one of a thousand; `note` takes a row of the table. */
export async function againstMany(bench, { articles, pages, environment, pathsOf, startKhobor, compare, note }) {
  const urls = { few: await bench.database(1_000), many: await bench.database(articles) };
  const size = `${articles.toLocaleString('en')} articles`;
  const wrong = await explainAll(urls.many);
  note(
    `plans at ${size}`,
    'no seq scan, no long sort',
    wrong.length === 0 ? 'none' : wrong.join(', '),
    wrong.length === 0,
  );
  const few = await startKhobor(environment(urls.few));
  const many = await startKhobor(environment(urls.many));
  // Of a thousand articles the deep page is the last one.
  const paths = {
    few: await coldPaths(urls.few, few, { pages, pathsOf }),
    many: await coldPaths(urls.many, many, { pages, pathsOf }),
  };
  for (const what of Object.keys(paths.many)) {
    const { ratio, a, b } = await compare(
      { server: few, paths: paths.few[what] },
      { server: many, paths: paths.many[what] },
    );
    note(
      `${what} at ${size} against 1,000`,
      '<= 1.2x time',
      `${ratio.toFixed(2)}x (${b.toFixed(0)}/s to ${a.toFixed(0)}/s)`,
      ratio <= 1.2,
    );
  }
  await few.stop();
  await many.stop();
}
