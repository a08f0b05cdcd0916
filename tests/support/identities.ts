import { bearer, type Person, type TestApp } from './app.ts';
import { outside } from './outside.ts';

const { openAccessTokens } = outside;

/** The kinds of callers for access control: without a token, with a token that is refused, and of each role. */
export const strangers = ['nobody'] as const;
export const refused = [
  'garbage',
  'expired',
  'not yet',
  'wrong audience',
  'wrong issuer',
  'revoked session',
  'older epoch',
  'disabled user',
  'deleted user',
] as const;
export const members = ['viewer', 'author', 'editor', 'admin'] as const;
/** Machines: one with an access key of an admin, and one with such a key that may only read. */
export const machines = ['admin key', 'reading key'] as const;
export const identities = [...strangers, ...refused, ...members, ...machines];
export type Identity = (typeof identities)[number];

export type Callers = {
  readonly people: Readonly<Record<(typeof members)[number], Person>>;
  /** The Authorization header of each; undefined for nobody. */
  readonly headers: Readonly<Record<Identity, string | undefined>>;
};

/** One caller of each identity. Those whose token is refused are otherwise admins. */
export async function openCallers(app: TestApp): Promise<Callers> {
  const { signingKeys, config } = app.deps;
  const people = {
    viewer: app.newcomer('viewer'),
    author: app.newcomer('author'),
    editor: app.newcomer('editor'),
    admin: app.newcomer('admin'),
  };
  await app.join(Object.values(people));
  const names = { issuer: config.JWT_ISSUER, audience: config.JWT_AUDIENCE };
  const signed = (change: Partial<typeof names>, aheadMs = 0) =>
    `Bearer ${openAccessTokens(signingKeys, { ...names, ...change }, () => Date.now() + aheadMs).sign({
      userId: people.admin.id,
      sessionId: people.admin.sessionId,
      epoch: 1,
    })}`;
  const key = async (readOnly: boolean) => {
    const { body } = await app
      .request('post', '/v1/keys')
      .set(...bearer(people.admin))
      .send({ name: 'তারের যন্ত্র', role: 'admin', readOnly })
      .expect(201);
    return `Bearer ${body.token}`;
  };
  const after = async (sql: string) => {
    const person = await app.person('admin');
    await app.sql(sql, [person.id]);
    return `Bearer ${person.token}`;
  };
  return {
    people,
    headers: {
      nobody: undefined,
      garbage: 'Bearer garbage',
      expired: signed({}, -3_600_000),
      'not yet': signed({}, 3_600_000),
      'wrong audience': signed({ audience: 'another-api' }),
      'wrong issuer': signed({ issuer: 'elsewhere' }),
      'revoked session': await after('UPDATE sessions SET revoked_at = now() WHERE user_id = $1'),
      'older epoch': await after('UPDATE users SET token_epoch = 2 WHERE id = $1'),
      'disabled user': await after('UPDATE users SET disabled_at = now() WHERE id = $1'),
      'deleted user': await after('DELETE FROM users WHERE id = $1'),
      viewer: `Bearer ${people.viewer.token}`,
      author: `Bearer ${people.author.token}`,
      editor: `Bearer ${people.editor.token}`,
      admin: `Bearer ${people.admin.token}`,
      'admin key': await key(false),
      'reading key': await key(true),
    },
  };
}
