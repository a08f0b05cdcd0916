import { Agent, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { cloneDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { buildProgram, killPrograms, type Program, startProgram } from '../support/program.ts';

jest.setTimeout(60_000);

let database: { url: string; drop(): Promise<void> };
beforeAll(async () => {
  database = await cloneDatabase();
  await buildProgram();
});
afterAll(async () => {
  await killPrograms();
  await database.drop();
});

const start = async (env: Record<string, string>): Promise<[Program, string]> => {
  const JWT_SECRET = 'a-secret-for-tests-that-is-long-enough-0123456789';
  const program = startProgram({ DATABASE_URL: database.url, JWT_SECRET, ...env });
  return [program, await program.url];
};

const agent = new Agent({ keepAlive: true, maxSockets: 20 });

/** The status of one call on a kept connection, or the code of what went wrong with it. */
const call = (url: string) =>
  new Promise<number | string>((resolve) => {
    const sent = request(url, { agent }, (res) => {
      res
        .resume()
        .once('end', () => resolve(res.complete ? Number(res.statusCode) : 'cut'))
        .once('error', () => resolve('cut'));
    });
    sent.once('error', (error: NodeJS.ErrnoException) => resolve(String(error.code))).end();
  });

describe('SIGTERM', () => {
  it('turns readiness off first, so that callers who heed it lose no call, and exits with 0', async () => {
    const [program, url] = await start({ SHUTDOWN_DELAY_MS: '1500' });
    const outcomes: (number | string)[] = [];
    let ready = true;
    const client = async (): Promise<void> => {
      outcomes.push(await call(`${url}/v1/latest`));
      if (outcomes.length === 100) program.kill('SIGTERM');
      if (ready) await client();
    };
    // As a load balancer asks, beside the traffic that it sends.
    const probe = async (): Promise<number | string> => {
      const status = await call(`${url}/readyz`);
      ready = status === 200;
      return ready ? probe() : status;
    };
    const clients = Array.from({ length: 10 }, client);
    expect(await probe()).toBe(503);
    await Promise.all(clients);
    expect(new Set(outcomes)).toEqual(new Set([200]));
    expect(outcomes.length).toBeGreaterThan(100);
    expect(await program.exited).toBe(0);
  });

  it('resets and cuts nobody among clients that go on calling: they are answered, and then refused', async () => {
    const [program, url] = await start({ SHUTDOWN_DELAY_MS: '200' });
    const outcomes: (number | string)[] = [];
    const client = async (): Promise<void> => {
      const outcome = await call(`${url}/livez`);
      outcomes.push(outcome);
      if (outcomes.length === 200) program.kill('SIGTERM');
      if (outcome !== 'ECONNREFUSED') await client();
    };
    await Promise.all(Array.from({ length: 16 }, client));
    expect(new Set(outcomes)).toEqual(new Set([200, 'ECONNREFUSED']));
    expect(await program.exited).toBe(0);
  });

  it('ends streams first, each with the time to come back, and does not wait for their readers', async () => {
    const [program, url] = await start({});
    const open = (path: string) =>
      new Promise<{ ended: Promise<string> }>((resolve, reject) => {
        const sent = request(`${url}${path}`, { agent: false }, (res) => {
          let text = '';
          const ended = new Promise<string>((end) => res.once('end', () => end(text)));
          res.on('data', (chunk) => {
            text += String(chunk);
            resolve({ ended });
          });
        });
        sent.once('error', reject).end();
      });
    const streams = await Promise.all(['/v1/latest/stream', '/v1/changes/stream'].map(open));
    const began = performance.now();
    program.kill('SIGTERM');
    for (const { ended } of streams) expect(await ended).toMatch(/retry: [2-4]\d{3}\n\n$/);
    expect(await program.exited).toBe(0);
    expect(performance.now() - began).toBeLessThan(8_000);
  });

  it('lets a call end that waits for the database, and what it wrote is there', async () => {
    const [program, url] = await start({});
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query('BEGIN');
    await client.query('LOCK TABLE rate_limits IN ACCESS EXCLUSIVE MODE');
    const login = fetch(`${url}/v1/auth/login`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ email: 'nobody@khobor.example', password: 'a password of nobody' }),
    });
    const waiting = `SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'rate_limits'::regclass`;
    await eventually(async () => expect((await client.query(waiting)).rowCount).toBe(1));
    program.kill('SIGTERM');
    await eventually(async () => expect(await call(`${url}/livez`)).toBe('ECONNREFUSED'));
    await client.query('COMMIT');
    expect((await login).status).toBe(401);
    expect(await program.exited).toBe(0);
    expect((await client.query('SELECT 1 FROM rate_limits')).rowCount).toBeGreaterThan(0);
    await client.end();
  });
});
