import { bearer, type Person, startApp, type TestApp } from './app.ts';

export type Labelled = { id: string; slug: string; version: number };
export type EventRow = {
  type: string;
  subject_id: string;
  version: number;
  keys: string[];
  data: Record<string, unknown>;
};

/** An app with an editor, and short names for calls about tags and sources. */
export type LabelDesk = {
  readonly app: TestApp;
  readonly editor: Person;
  /** A write by the editor, with If-Match if `match` is given. */
  send(
    method: 'get' | 'post' | 'patch' | 'put' | 'delete',
    path: string,
    body?: object,
    match?: string,
  ): ReturnType<TestApp['request']>;
  make(what: 'tags' | 'sources' | 'articles', body: object): Promise<Labelled>;
  /** The slugs of an article's tags, in order, read by the editor, who sees every state. */
  tagsOf(articleId: string): Promise<string[]>;
  events(subjectId: string): Promise<EventRow[]>;
  count(table: string): Promise<number>;
  close(): Promise<void>;
};

export async function openLabelDesk(env: Record<string, string> = {}): Promise<LabelDesk> {
  const app = await startApp(env);
  const editor = await app.person('editor');
  const send: LabelDesk['send'] = (method, path, body, match) => {
    const request = app.request(method, path).set(...bearer(editor));
    if (match !== undefined) request.set('If-Match', match);
    return body === undefined ? request : request.send(body);
  };
  return {
    app,
    editor,
    send,
    async make(what, body) {
      const { body: made } = await send('post', `/v1/${what}`, body).expect(201);
      return { id: made.id, slug: made.slug, version: made.version };
    },
    async tagsOf(articleId) {
      const { body } = await app
        .request('get', `/v1/articles/${articleId}`)
        .set(...bearer(editor))
        .expect(200);
      return body.tags.map((tag: Labelled) => tag.slug);
    },
    events: (subjectId) =>
      app.sql('SELECT type, subject_id, version, keys, data FROM events WHERE subject_id = $1 ORDER BY seq', [
        subjectId,
      ]),
    count: async (table) => Number((await app.sql(`SELECT count(*) FROM ${table}`))[0]?.count),
    close: () => app.close(),
  };
}
