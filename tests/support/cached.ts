import { expect } from '@jest/globals';
import type supertest from 'supertest';
import type { TestApp } from './app.ts';
import { eventually } from './eventually.ts';

/** Lets an app keep answers from now on. Returns the function that ends it. */
export async function keepAnswers({ deps }: TestApp): Promise<() => Promise<void>> {
  const stop = deps.outbox.following.start();
  await eventually(async () => expect(deps.outbox.following.isCurrent()).toBe(true));
  return stop;
}

/** Waits until what was committed before now has been heard of, so that nothing is forgotten because of it any more. */
export async function caughtUp({ deps: { outbox } }: TestApp): Promise<void> {
  const since = performance.now();
  outbox.following.moved();
  await eventually(async () => expect(outbox.following.lagS() * 1_000).toBeLessThan(performance.now() - since));
}

const ofOneCall = ['x-request-id', 'date', 'cache-control', 'connection', 'keep-alive'];

/** What an answer is but for what belongs to its call alone. */
export const commonPart = ({ status, headers, text }: supertest.Response) => ({
  status,
  headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !ofOneCall.includes(name))),
  text: (text ?? '').replace(/"requestId":"[^"]*"/, ''),
});
