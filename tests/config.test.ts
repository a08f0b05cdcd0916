import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { defaultPublicUrl, environment, readConfig, readEnvFile } from '../src/config.ts';

const example = parseEnv(readFileSync(join(import.meta.dirname, '../.env.example'), 'utf8'));
const keys = Object.keys(environment.shape);
const secret = 'গোপন-কথা-that-nobody-may-see';

/** The one line that a configuration is refused with. */
function refusal(env: Record<string, string>): string {
  try {
    readConfig(env);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error('nothing was refused');
}

describe('.env.example', () => {
  it('has every key of the environment and no other', () => {
    expect(Object.keys(example).sort()).toEqual(keys.toSorted());
  });

  it('is the configuration of nothing: each default stands there as it is', () => {
    expect(readConfig(example)).toEqual(readConfig({}));
  });

  it('writes out each default that is a plain value', () => {
    const defaults = Object.entries(readConfig({})).filter(([, value]) => ['string', 'number'].includes(typeof value));
    expect(defaults.length).toBeGreaterThan(15);
    expect(Object.fromEntries(defaults.map(([key]) => [key, example[key]]))).toEqual(
      Object.fromEntries(defaults.map(([key, value]) => [key, String(value)])),
    );
  });
});

describe('readConfig', () => {
  it('takes an empty value as none, ignores keys that are not ours, and cannot be changed', () => {
    const config = readConfig({ PORT: '', DEMO: '', PATH: '/bin', CORS_ORIGINS: '' });
    expect(config).toEqual(readConfig({}));
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('names every key that is wrong at once, in one line', () => {
    expect(refusal({ PORT: '8080x', MIGRATE: 'no', LOG_LEVEL: 'loud' })).toBe(
      'PORT must be a whole number; MIGRATE must be on or off; LOG_LEVEL must be fatal, error, warn, info, debug or silent',
    );
  });

  it.each([
    ['PORT', '65536', 'PORT must be 65535 or less'],
    ['PORT', '-1', 'PORT must be a whole number'],
    ['PORT', '3e3', 'PORT must be a whole number'],
    ['DATABASE_POOL_MAX', '0', 'DATABASE_POOL_MAX must be 1 or more'],
    ['SHUTDOWN_TIMEOUT_MS', '9999999999', 'SHUTDOWN_TIMEOUT_MS must be a whole number'],
    ['DEMO', '1', 'DEMO must be true or false'],
    ['DATABASE_PREPARE', 'false', 'DATABASE_PREPARE must be on or off'],
    ['TIME_ZONE', '+06:00', 'TIME_ZONE must be an IANA time zone, as Asia/Dhaka'],
    ['PUBLIC_URL', 'news.example', 'PUBLIC_URL must be an http or https address'],
    ['PUBLIC_URL', 'ftp://news.example', 'PUBLIC_URL must be an http or https address'],
    ['PUBLIC_URL', 'https://news.example/api?v=1', 'PUBLIC_URL may have a path, but no user, ? or #'],
    ['PUBLIC_URL', `https://desk:${secret}@news.example`, 'PUBLIC_URL may have a path, but no user, ? or #'],
    ['CORS_ORIGINS', 'news.example', 'CORS_ORIGINS must be a comma list of origins, as https://news.example, or *'],
    [
      'CORS_ORIGINS',
      'https://*.news.example',
      'CORS_ORIGINS must be a comma list of origins, as https://news.example, or *',
    ],
    ['CORS_ORIGINS', 'https://news.example, *', 'CORS_ORIGINS must be either origins or * alone'],
    [
      'CORS_ORIGINS',
      'https://news.example/api',
      'CORS_ORIGINS must be a comma list of origins, as https://news.example, or *',
    ],
    [
      'CORS_ORIGINS',
      'https://*.news.example/x',
      'CORS_ORIGINS must be a comma list of origins, as https://news.example, or *',
    ],
    ['ADMIN_EMAIL', 'desk@khobor.example', 'ADMIN_EMAIL and ADMIN_PASSWORD must be set together'],
    ['ADMIN_PASSWORD', secret, 'ADMIN_EMAIL and ADMIN_PASSWORD must be set together'],
    ['JWT_PUBLIC_KEY_FILES', 'old.pem', 'JWT_PUBLIC_KEY_FILES needs JWT_PRIVATE_KEY_FILE'],
  ])('refuses %s=%s (D6)', (key, value, line) => {
    expect(refusal({ [key]: value })).toBe(line);
  });

  it.each(['JWT_SECRET', 'JWT_SECRET_PREVIOUS'])('counts the bytes of %s, and never shows it (D6)', (key) => {
    const line = refusal({ [key]: 'গোপন কথা'.slice(0, 7) });
    expect(line).toBe(`${key} must have 32 bytes or more`);
    expect(readConfig({ [key]: 'ঢাকা-খুলনা-রাজশাহী' })).toMatchObject({ [key]: 'ঢাকা-খুলনা-রাজশাহী' });
  });

  it('wants a secret of its own with a database of its own', () => {
    const DATABASE_URL = 'postgresql://desk:a,b@db.example/khobor';
    expect(refusal({ DATABASE_URL })).toBe('JWT_SECRET must have 32 bytes or more; it is missing');
    expect(readConfig({ DATABASE_URL, JWT_SECRET: secret.repeat(2) }).DATABASE_URL).toBe(DATABASE_URL);
  });

  it.each([
    ['mysql://desk@db.example/khobor', 'must begin with postgres:// or postgresql://'],
    ['postgresql://desk:p#a@db.example/khobor', 'percent-encode'],
    ['postgresql://desk:secret@db1.example:5432,db2.example:5432/khobor', 'names more than one server: name one'],
    ['postgresql://desk:secret@db1.example,db2.example/khobor', 'names more than one server: name one'],
    ['postgresql://desk:p/a@db.example/khobor', 'percent-encode'],
    ['postgresql://desk:5/a@db.example/khobor', 'percent-encode'],
    ['postgresql://desk:p?a@db.example/khobor', 'percent-encode'],
    ['postgresql://desk:p%a@db.example/khobor', 'percent-encode'],
    ['postgresql://desk:p[a@db.example:port/khobor', 'check the port'],
    ['postgresql://db.example', 'must end in the name of a database'],
    ['postgresql://db.example/khobor?sslmode=always', 'has an sslmode that is not known'],
  ])('says which part of %s is wrong and shows none of it', (DATABASE_URL, sentence) => {
    const line = refusal({ DATABASE_URL, JWT_SECRET: secret.repeat(2) });
    expect(line).toContain(sentence);
    expect(line).toMatch(/^DATABASE_URL [^\n;]*[^;]*$/);
    for (const part of ['desk', 'p#a', 'p/a', '5/a', 'p%a', 'db.example']) expect(line).not.toContain(part);
  });

  it.each([
    ['https://News.Example/', 'https://news.example'],
    ['HTTPS://news.example:443/api//', 'https://news.example/api'],
    ['http://localhost:3000', 'http://localhost:3000'],
    ['https://news.example/খবর', 'https://news.example/%E0%A6%96%E0%A6%AC%E0%A6%B0'],
  ])('takes PUBLIC_URL %s as %s', (given, taken) => {
    expect(readConfig({ PUBLIC_URL: given }).PUBLIC_URL).toBe(taken);
  });

  it('takes origins as browsers send them, each once', () => {
    const given = ' https://News.example/, https://news.example:443 ,http://localhost:5173,capacitor://localhost,';
    expect(readConfig({ CORS_ORIGINS: given }).CORS_ORIGINS).toEqual([
      'https://news.example',
      'http://localhost:5173',
      'capacitor://localhost',
    ]);
    expect(readConfig({ CORS_ORIGINS: '*' }).CORS_ORIGINS).toEqual(['*']);
  });

  it('takes a time zone in any case', () => {
    expect(readConfig({ TIME_ZONE: 'asia/dhaka' }).TIME_ZONE).toBe('asia/dhaka');
  });
});

describe('the address without PUBLIC_URL', () => {
  it.each([
    ['0.0.0.0', 'http://localhost:3000'],
    ['::', 'http://localhost:3000'],
    ['127.0.0.1', 'http://localhost:3000'],
    ['192.0.2.7', 'http://192.0.2.7:3000'],
    ['2001:db8::7', 'http://[2001:db8::7]:3000'],
  ])('for HOST %s is %s', (HOST, url) => {
    expect(defaultPublicUrl({ HOST, PORT: 3000 })).toBe(url);
  });
});

describe('the .env file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'khobor-env-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const read = async (text: string, env: NodeJS.ProcessEnv = {}) => {
    const file = join(folder, '.env');
    await writeFile(file, text);
    readEnvFile(env, file);
    return env;
  };

  it('fills in what the environment does not say, quoted lines and comments among it', async () => {
    const env = await read('# দেশ\n\nPORT=4106\nexport HOST = 127.0.0.1\nJWT_SECRET="এক\nদুই = তিন"\n', { PORT: '1' });
    expect(env).toEqual({ PORT: '1', HOST: '127.0.0.1', JWT_SECRET: 'এক\nদুই = তিন' });
  });

  it('may be as editors of Windows write it, with a byte order mark and their ends of lines', async () => {
    const env = await read('\uFEFFDATABASE_URL="postgresql://db.example/khobor"\r\n# দেশ\r\nPORT=4106\r\nHOST=\r\n');
    expect(env).toEqual({ DATABASE_URL: 'postgresql://db.example/khobor', PORT: '4106', HOST: '' });
  });

  it('that holds a line which sets nothing is refused, with the number of the line and not its text', async () => {
    await expect(read('PORT=1\nPASSWORD: গোপন\n')).rejects.toThrow(/\.env has no KEY=value in line 2$/);
    await expect(read('A="x\ny"\nগোপন')).rejects.toThrow(/in line 3$/);
  });

  it('may be absent, and is refused where it is there and cannot be read', () => {
    expect(() => readEnvFile({}, join(folder, 'nothing'))).not.toThrow();
    expect(() => readEnvFile({}, folder)).toThrow(/cannot be read \(EISDIR\)/);
  });
});
