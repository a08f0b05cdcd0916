import { expect, it } from '@jest/globals';
import type { Only } from '../../src/core/only.ts';

type Dates = { from: string; to: string };

const spread = <Given extends Dates>(dates: Only<Dates, Given>) => ({ ...dates });

it('takes a part, and of a whole only what is picked from it: the whole does not compile', () => {
  const whole = { from: 'ভোর', to: 'রাত', title: 'পুরোনো' };
  // @ts-expect-error: its title would come back as it was
  expect(spread(whole)).toHaveProperty('title');
  expect(spread({ from: whole.from, to: whole.to })).toEqual({ from: 'ভোর', to: 'রাত' });
});
