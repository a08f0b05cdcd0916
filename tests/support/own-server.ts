import { rm } from 'node:fs/promises';
import { administer } from './database.ts';
import { outside } from './outside.ts';
import { hastySettings, makeDataDir } from './postgres.ts';

/** A PostgreSQL beside that of the run: it asks for passwords, and a test may limit whom it serves. */
export type OwnServer = {
  /** The address of its first user, who may do everything. */
  readonly url: string;
  /** The user who owns its database; the password needs encoding. */
  readonly role: string;
  readonly roleUrl: string;
  /** The address of a user, with a password as it is to stand there. */
  urlOf(user: string, secret: string): string;
  administer(sql: string): Promise<void>;
  close(): Promise<void>;
};

export async function openOwnServer(connectionsMax: number): Promise<OwnServer> {
  const dataDir = await makeDataDir();
  const settings = { ...hastySettings, max_connections: String(connectionsMax) };
  const { url, stop } = await outside.openEmbedded({ dataDir, settings });
  const [role, password] = ['desk', 'p#a@s:s/w%o?অ'];
  await administer(url, `CREATE ROLE ${role} LOGIN PASSWORD '${password}'`);
  await administer(url, `ALTER DATABASE khobor OWNER TO ${role}`);
  const urlOf = (user: string, secret: string) => {
    const { host, pathname } = new URL(url);
    return `postgresql://${user}:${secret}@${host}${pathname}`;
  };
  return {
    url,
    role,
    roleUrl: urlOf(role, encodeURIComponent(password)),
    urlOf,
    administer: (sql) => administer(url, sql),
    async close() {
      await stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
