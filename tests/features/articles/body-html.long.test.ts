import { describe, expect, it } from '@jest/globals';
import { type RenderedBody, renderBody } from '../../../src/article/body/render.ts';
import type { BodyFormat } from '../../../src/article/content.ts';
import { cpuMs } from '../../support/cpu-time.ts';

const publicUrl = 'https://news.example/api';

function render(body: string, format: BodyFormat = 'html'): RenderedBody {
  return renderBody(body, format, { publicUrl });
}

describe('a markdown body', () => {
  it.each([
    ['quotes', '>'.repeat(50_000)],
    ['lists in quotes', '> - '.repeat(20_000)],
    ['emphasis', '(_a'.repeat(10_000)],
    ['nested emphasis', '*_'.repeat(15_000)],
    ['links', '[a](b)'.repeat(20_000)],
    ['tables', 'a\n-\n\n'.repeat(2_000)],
    ['escaped brackets', '\\['.repeat(125_000)],
    ['runs of backticks', Array.from({ length: 350 }, (_, length) => `${'`'.repeat(length)}ক`).join('')],
  ])('of nothing but %s is rendered in bounded time', (_, written) => {
    const started = cpuMs();
    expect(render(written, 'markdown').body).toBe(written);
    expect(cpuMs() - started).toBeLessThan(5_000);
  });
});
