import { expect } from '@jest/globals';
import type supertest from 'supertest';
import type { TestApp } from './app.ts';
import { eventually } from './eventually.ts';
import { type Newsroom, openNewsroom } from './newsroom.ts';

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

/** A newsroom whose app keeps answers, and how they are asked for and counted. */
export type CachedRoom = {
  readonly room: Newsroom;
  /** Without an encoding, so that the first answer is like the next. */
  get(path: string): supertest.Test;
  state(): { hits: number; misses: number; entries: number };
  /** How many times readers were answered without the database while this ran. */
  hitsOf(work: () => Promise<unknown>): Promise<number>;
  published(body?: object): ReturnType<Newsroom['story']>;
  close(): Promise<void>;
};

export async function openCachedRoom(env: Record<string, string> = {}): Promise<CachedRoom> {
  const room = await openNewsroom(env);
  const stop = await keepAnswers(room.app);
  const state = () => room.app.deps.cache?.state() ?? { hits: 0, misses: 0, entries: 0 };
  return {
    room,
    state,
    get: (path) => room.app.request('get', path).set('Accept-Encoding', 'identity'),
    async hitsOf(work) {
      await caughtUp(room.app);
      const before = state().hits;
      await work();
      return state().hits - before;
    },
    published: (body = {}) => room.story({ status: 'published', ...body }),
    async close() {
      await stop();
      await room.close();
    },
  };
}
