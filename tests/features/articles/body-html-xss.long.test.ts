import { describe, expect, it } from '@jest/globals';
import { renderBody } from '../../../src/article/body/render.ts';
import { cpuMs } from '../../support/cpu-time.ts';

const publicUrl = 'https://news.example/api';

describe('a hostile html body of 256 KiB', () => {
  const render = (body: string) => renderBody(body, 'html', { publicUrl });
  const filled = (piece: string) => piece.repeat(Math.floor(2 ** 18 / piece.length));
  const numbered = (piece: (index: number) => string) =>
    Array.from({ length: 15_000 }, (_, index) => piece(index)).join('');

  it.each([
    ['nested elements', filled('<div>')],
    ['attributes', `<p ${numbered((index) => `on${index}="<>" `)}>`],
    ['elements put before a table', `<table>${'<br>'.repeat(19_000)}`],
    ['foreign elements', filled('<svg>')],
    ['elements inside one another', numbered((index) => `<p><b id=${index}>`)],
    ['srcset candidates', `<img srcset="${'/a, '.repeat(30_000)}">`],
    ['commas', `<img srcset="${filled(',')}x">`],
    ['marks', `<p>ক${filled('&#x301;')}</p>`],
  ])('of nothing but %s is sanitised in bounded time, and stays the same', (_, written) => {
    const started = cpuMs();
    const { body } = render(written);
    expect(cpuMs() - started).toBeLessThan(5_000);
    expect(render(body).body).toBe(body);
  });

  it.each([
    ['angle brackets', filled('<'), 'invalid-input'],
    ['elements that each paragraph opens again', filled('<b id=a><i id=b><p>'), 'body-too-costly'],
    ['links in paragraphs', filled('<a><p>'), 'body-too-costly'],
    ['text between elements that go', filled('x<svg/>y'), 'body-too-costly'],
    ['one long address', `<img srcset="${filled('/a,')}">`, 'body-too-costly'],
  ])('of nothing but %s is refused in bounded time', (_, written, code) => {
    const started = cpuMs();
    expect(() => render(written)).toThrow(expect.objectContaining({ code }));
    expect(cpuMs() - started).toBeLessThan(5_000);
  });

  it('loses the tags that lie too deep and keeps their text', () => {
    const { body, warnings } = render(`${'<div>'.repeat(100_000)}গভীর${'</div>'.repeat(100_000)}<p>পরে</p>`);
    expect(body).toBe(`${'<div>'.repeat(100)}গভীর${'</div>'.repeat(100)}<p>পরে</p>`);
    expect(warnings).toEqual([{ code: 'too-deep', detail: 'div', count: 99_900 }]);
  });
});
