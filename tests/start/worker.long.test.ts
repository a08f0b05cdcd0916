import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { cloneDatabase, emptyDatabase } from '../support/database.ts';
import { directly } from '../support/directly.ts';
import { eventually } from '../support/eventually.ts';
import { buildProgram, killPrograms, type Program, startProgram } from '../support/program.ts';
import { openReceiver, type Receiver } from '../support/receiver.ts';
import { entryOf } from '../support/sending.ts';

jest.setTimeout(60_000);

const account = { ADMIN_EMAIL: 'desk@khobor.example', ADMIN_PASSWORD: 'ডাকঘরের পেছনের আমবাগান' };
const common = {
  JWT_SECRET: 'a-secret-for-tests-that-is-long-enough-0123456789',
  WEBHOOK_ALLOW_NETWORKS: '127.0.0.0/8',
  SHUTDOWN_TIMEOUT_MS: '2000',
};

let database: { url: string; drop(): Promise<void> };
let receiver: Receiver;
let url = '';
let token = '';

const startWorker = async (env: Record<string, string> = {}): Promise<Program> => {
  const worker = startProgram({ DATABASE_URL: database.url, ...common, ...env }, 'dist/worker.js');
  await eventually(async () => expect(worker.said()).toContain('webhooks are told of changes'));
  return worker;
};

async function call(path: string, body: object): Promise<{ id?: string; accessToken?: string }> {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  const res = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  return Object(await res.json());
}
const publish = (title: string) => call('/v1/articles', { title, status: 'published' });

beforeAll(async () => {
  await buildProgram();
  [database, receiver] = [await cloneDatabase(), await openReceiver()];
  const api = startProgram({ DATABASE_URL: database.url, ...common, ...account, WEBHOOKS: 'off' });
  url = await api.url;
  const { accessToken } = await call('/v1/auth/login', {
    email: account.ADMIN_EMAIL,
    password: account.ADMIN_PASSWORD,
  });
  token = accessToken ?? '';
  await call('/v1/webhooks', { name: 'সহযোগী পত্রিকা', url: receiver.url });
});
afterAll(async () => {
  await killPrograms();
  await receiver.close();
  await database.drop();
});
beforeEach(() => {
  receiver.received.length = 0;
  receiver.answers(204);
});

describe('a worker', () => {
  it('sends what an API with WEBHOOKS=off leaves to it, and ends with 0 on SIGTERM', async () => {
    const { id } = await publish('কর্মীর হাতে');
    const worker = await startWorker();
    const [first] = await receiver.until(1);
    expect(first && entryOf(first)).toMatchObject({ op: 'upsert', id });
    const second = await publish('সঙ্গে সঙ্গে');
    const [, next] = await receiver.until(2);
    expect(next && entryOf(next)).toMatchObject({ op: 'upsert', id: second.id });
    worker.kill('SIGTERM');
    expect(await worker.exited).toBe(0);
  });

  it('that is stopped while it waits for migrations says nothing of sending', async () => {
    const empty = await emptyDatabase();
    const worker = startProgram({ DATABASE_URL: empty.url, ...common }, 'dist/worker.js');
    await eventually(async () => expect(worker.said()).toContain('migrations are missing'));
    worker.kill('SIGTERM');
    expect(await worker.exited).toBe(0);
    expect(worker.said()).not.toContain('webhooks are told of changes');
    await empty.drop();
  });

  it('that is killed in the middle of sending leaves it to the next, under the same id', async () => {
    const killed = await startWorker();
    receiver.answers(() => undefined, 204);
    const { id } = await publish('মাঝপথে ছিন্ন');
    const [first] = await receiver.until(1);
    killed.kill('SIGKILL');
    expect(await killed.exited).toBe('SIGKILL');
    const next = await startWorker();
    const [, again] = await receiver.until(2);
    expect(again && entryOf(again).id).toBe(id);
    expect(again?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    next.kill('SIGTERM');
    expect(await next.exited).toBe(0);
  });

  it('goes on by itself after every connection of it was ended at once', async () => {
    const worker = await startWorker();
    await directly(
      database.url,
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    const { id } = await eventually(async () => {
      const made = await publish('ছিন্ন সংযোগের পরে');
      if (made.id === undefined) throw new Error('the API does not take it yet');
      return made;
    });
    const [first] = await receiver.until(1);
    expect(first && entryOf(first).id).toBe(id);
    worker.kill('SIGTERM');
    expect(await worker.exited).toBe(0);
  });

  it('counts what it sent in its own metrics, on the port that it is given, and shows nothing else there', async () => {
    const { port, close } = await openReceiver();
    await close();
    const worker = await startWorker({ WORKER_METRICS_PORT: String(port) });
    const ask = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${port}${path}`, init);
    receiver.answers(500, 204);
    await publish('গোনা ডাক');
    await receiver.until(2);
    const text = await eventually(async () => {
      const res = await ask('/metrics');
      expect(res.status).toBe(200);
      expect(res.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
      const found = await res.text();
      expect(found).toMatch(/^webhook_attempts_total\{outcome="taken"\} 1$/m);
      return found;
    });
    expect(text).toMatch(/^webhook_attempts_total\{outcome="status"\} 1$/m);
    expect(text).toMatch(/^webhook_deliveries_died_total 0$/m);
    expect(text).toMatch(/^webhook_deliveries\{state="waiting"\} 0$/m);
    expect(await (await fetch(`${url}/metrics`)).text()).not.toContain('webhook_attempts_total{');
    expect((await ask('/v1/latest')).status).toBe(404);
    expect((await ask('/metrics', { method: 'POST' })).status).toBe(405);
    worker.kill('SIGTERM');
    expect(await worker.exited).toBe(0);
  });

  it('does not start on a port that is taken, and says so', async () => {
    const worker = startProgram(
      { DATABASE_URL: database.url, ...common, WORKER_METRICS_PORT: new URL(url).port },
      'dist/worker.js',
    );
    expect(await worker.exited).toBe(1);
    expect(worker.said()).toContain(new URL(url).port);
    expect(worker.said()).toContain('WORKER_METRICS_PORT');
  });

  it('needs the database and the secret of the API', async () => {
    const worker = startProgram({ DATABASE_URL: '', JWT_SECRET: '' }, 'dist/worker.js');
    expect(await worker.exited).toBe(1);
    expect(worker.said()).toContain('DATABASE_URL and JWT_SECRET must be those of the API');
  });
});
