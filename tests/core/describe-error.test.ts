import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { describeError } from '../../src/core/describe-error.ts';
import { unavailable } from '../../src/core/errors.ts';

const secret = 'গোপন-লাইন';

/** A thrown value of every kind that quotes what was sent, each with the secret in it. */
function quoting(): Error[] {
  const parsed = (() => {
    try {
      return JSON.parse(`{"a":${secret}`);
    } catch (error) {
      return error;
    }
  })();
  const row = {
    severity: 'ERROR',
    code: '23514',
    detail: `Failing row contains (${secret}).`,
    where: secret,
    hint: secret,
  };
  const driver = {
    name: 'DriverAdapterError',
    cause: { kind: 'postgres', originalCode: 'XX000', originalMessage: secret },
  };
  class PrismaClientKnownRequestError extends Error {}
  return [
    parsed,
    Object.assign(new Error(`new row violates "${secret}"`), row),
    Object.assign(new PrismaClientKnownRequestError(`data: { body: "${secret}" }`), {
      code: 'P2010',
      meta: { driverAdapterError: driver },
    }),
    new TypeError(`a message\n    at ${secret} (file.js:1:1)\n    at ${secret} (file.js:2:2)`),
    new Error('outer', { cause: new Error(secret) }),
    Object.assign(new Error(secret), { code: secret, syscall: secret, address: '10.0.0.5', port: 5432 }),
  ];
}

describe('an error as it is written down', () => {
  it('holds nothing of its message, its members or its causes, and where it was', () => {
    for (const error of quoting()) {
      const described = describeError(error);
      expect(JSON.stringify(described)).not.toContain(secret);
      expect(described.type).toMatch(/Error$/);
      expect(described.at?.[0]).toMatch(/describe-error\.test\.ts:\d+:\d+|JSON\.parse/);
    }
  });

  it('names SQLSTATE and code, whether the driver or Prisma threw it', () => {
    const [, row, prisma] = quoting();
    expect(describeError(row)).toMatchObject({ code: '23514', sqlState: '23514' });
    expect(describeError(prisma)).toMatchObject({
      type: 'PrismaClientKnownRequestError',
      code: 'P2010',
      sqlState: 'XX000',
    });
  });

  it('tells a failure of ours by its sentence and its reason, and what was behind it', () => {
    const refused = Object.assign(new Error(secret), { code: '28P01' });
    expect(describeError(unavailable(refused, 'refused'))).toMatchObject({
      type: 'Failure',
      detail: expect.stringMatching(/^The database refuses/),
      outage: 'refused',
      cause: { type: 'Error', sqlState: '28P01' },
    });
  });
});

describe('the log', () => {
  const src = join(import.meta.dirname, '../../src');
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.includes('generated'),
  );

  it('is given no error but a described one', () => {
    const calls = files.flatMap((file) =>
      [...readFileSync(join(src, file), 'utf8').matchAll(/\blog\.(?:fatal|error|warn|info|debug)\(([^;]*)/g)].map(
        ([, given = '']) => ({ file, given }),
      ),
    );
    const raw = /\b(?:error|thrown|err)\b(?!: describeError\(|:)(?!\))|\.message\b|String\(/;
    const bare = calls.filter(({ given }) => raw.test(given.replaceAll(/describeError\(\w+\)|'[^']*'/g, '')));
    expect(bare).toEqual([]);
    expect(calls.length).toBeGreaterThan(8);
  });
});
