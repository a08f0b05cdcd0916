import { bearer, startApp, type TestApp } from './app.ts';
import { outside } from './outside.ts';

/** What followers are told upon databases that were restored or promoted. */

const { numberOnce } = outside;

/** Does something with the application upon a database, and leaves nobody connected. */
export async function withApp<Result>(url: string, work: (app: TestApp) => Promise<Result>): Promise<Result> {
  const app = await startApp({}, { databaseUrl: url });
  try {
    return await work(app);
  } finally {
    await app.close();
  }
}

export async function makeTag(app: TestApp, name: string): Promise<string> {
  const editor = await app.person('editor');
  const call = app.request('post', '/v1/tags').set(...bearer(editor));
  const { body } = await call.send({ name }).expect(201);
  await numberOnce(app.deps.db);
  return body.id;
}

/** From a cursor, or from the beginning, to the end: the ids of what was named, and where to go on. */
export async function walk(app: TestApp, from = ''): Promise<{ ids: string[]; cursor: string }> {
  const ids: string[] = [];
  let cursor = from;
  for (;;) {
    const { body } = await app.request('get', `/v1/changes${cursor === '' ? '' : `?after=${cursor}`}`).expect(200);
    ids.push(...body.data.map(({ id }: { id: string }) => id));
    cursor = body.page.nextCursor;
    if (!body.page.more) return { ids, cursor };
  }
}
