import { describe, expect, it } from '@jest/globals';
import { testSecret } from '../support/app.ts';
import { outside } from '../support/outside.ts';

const { explain, pg, poolConfig, readConfig } = outside;

const withPassword = (password: string) => `postgresql://desk:${password}@127.0.0.1:5432/khobor`;
const read = (url: string) => readConfig({ DATABASE_URL: url, JWT_SECRET: testSecret }).DATABASE_URL ?? '';

/** The one line that an address is refused with; empty if it is taken. */
function refusalOf(url: string): string {
  try {
    read(url);
    return '';
  } catch (error) {
    return explain(error);
  }
}

describe('reading DATABASE_URL', () => {
  it.each(['p#a@s:s/w%o?অ', 'p#word', 'p/word', '12/word', '12?word', '12#word', 'w%o', '%FFword', '%'])(
    'says in one line, and without it, that the password %s was not encoded',
    (raw) => {
      const message = refusalOf(withPassword(raw));
      expect(message).toMatch(/^DATABASE_URL (cannot be read|has a|must end in).*$/);
      for (const part of raw.split(/[^a-zA-Z0-9]/).filter((text) => text.length > 1)) {
        expect(message.replace('password', '')).not.toContain(part);
      }
    },
  );

  it.each([
    ['a:b', 'a:b'],
    ['a@b', 'a@b'],
    ['অ', 'অ'],
    ['a%40b', 'a@b'],
  ])('takes the password %s, which is not ambiguous, as %s', (raw, meant) => {
    const client = new pg.Client(poolConfig({ url: read(withPassword(raw)), poolMax: 1, prepare: true }));
    expect(client.password).toBe(meant);
  });

  it.each([
    ['mysql://desk@localhost/news', 'must begin with'],
    ['postgres://desk@localhost', 'must end in the name of a database'],
    ['postgres://desk@localhost/news?sslmode=maybe', 'sslmode'],
    ['postgres://desk@localhost/news?sslmode=verify-ca', 'sslrootcert'],
    ['postgres://desk@localhost/news?sslmode=verify-full&sslrootcert=/no/such/file.pem', 'sslrootcert'],
    ['postgres://desk@localhost/news?schema=a%22b', 'schema'],
    ['postgres://desk@localhost/news?schema=information_schema', 'belongs to PostgreSQL'],
    ['postgres://desk@localhost/news?schema=pg_catalog', 'belongs to PostgreSQL'],
    [`postgres://desk@localhost/news?schema=${'খ'.repeat(22)}`, 'schema'],
  ])('refuses %s, naming what is wrong', (url, part) => {
    expect(refusalOf(url)).toMatch(new RegExp(`^DATABASE_URL .*${part}.*$`));
  });
});
