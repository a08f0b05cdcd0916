import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { WorkPool } from '../src/article/processes/work-pool.ts';
import { outside } from './support/outside.ts';

const { openWorkPool } = outside;
const long = 'উজানের ঢলে নদীর পানি বাড়ছে। '.repeat(1_000);
/** Several seconds of work for any machine, as no body of a call is. */
const endless = { text: Array.from({ length: 60_000 }, (_, index) => `ক${index} `).join(''), html: false };

describe('the processes for long work', () => {
  let pool: WorkPool;
  const lost: string[] = [];
  const open = (options: Partial<Parameters<typeof openWorkPool>[0]> = {}) =>
    openWorkPool({ publicUrl: 'https://news.example', onLost: (why) => lost.push(why), ...options });

  beforeAll(() => {
    pool = open();
  });
  afterAll(() => pool.close());

  it('render and compare as it is done here', async () => {
    const { bodyHtml } = await pool.render('a', `<p onclick="x">${long}</p>`, 'html');
    expect(bodyHtml).toBe(`<p>${long}</p>`);
    const parts = await pool.diff('a', { text: 'এক দুই', html: false }, { text: 'এক তিন', html: false });
    expect(parts.map(({ kind }) => kind)).toEqual(['same', 'removed', 'added']);
  });

  it('say what refuses a body', async () => {
    const refused = pool.render('a', '<br>'.repeat(20_001), 'html');
    await expect(refused).rejects.toMatchObject({ kind: 'InvalidInput', code: 'body-too-costly' });
  });

  it('are ended when one does not come to an end, and the call may be repeated', async () => {
    const impatient = open({ limitMs: 1 });
    await expect(impatient.diff('a', endless, { ...endless, text: endless.text.toUpperCase() })).rejects.toMatchObject({
      kind: 'Unavailable',
    });
    expect(lost).toEqual([expect.stringContaining('SIGKILL')]);
    impatient.close();
  });

  it('leave one to the others, however much one caller asks for', async () => {
    const order: string[] = [];
    const ask = (caller: string, name: string) => pool.render(caller, long, 'text').then(() => order.push(name));
    await Promise.all([ask('a', 'a'), ask('b', 'b')]);
    order.length = 0;
    await Promise.all([...Array.from({ length: 20 }, () => ask('a', 'a')), ask('b', 'b')]);
    expect(order.indexOf('b')).toBeLessThan(10);
  });
});
