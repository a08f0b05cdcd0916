import { describe, expect, it } from '@jest/globals';
import { type RenderedBody, renderBody } from '../../../src/article/body/render.ts';
import type { BodyFormat } from '../../../src/article/content.ts';

const render = (body: string, format: BodyFormat = 'html'): RenderedBody =>
  renderBody(body, format, { publicUrl: 'https://news.example/api' });

describe('an embed', () => {
  const forced =
    'sandbox="allow-scripts allow-same-origin allow-popups allow-presentation" loading="lazy" ' +
    'referrerpolicy="strict-origin-when-cross-origin"';

  it.each([
    ['https://www.youtube-nocookie.com/embed/abc', 'https://www.youtube-nocookie.com/embed/abc'],
    ['https://www.youtube.com/embed/abc?start=3', 'https://www.youtube-nocookie.com/embed/abc?start=3'],
    ['http://youtube.com/embed/abc', 'https://www.youtube-nocookie.com/embed/abc'],
    ['https://www.youtube.com/watch?v=a_b-0123456', 'https://www.youtube-nocookie.com/embed/a_b-0123456'],
    [
      'https://m.youtube.com/watch?app=m&v=a_b-0123456&t=90s',
      'https://www.youtube-nocookie.com/embed/a_b-0123456?start=90',
    ],
    ['//youtu.be/a_b-0123456?si=x&t=7', 'https://www.youtube-nocookie.com/embed/a_b-0123456?start=7'],
    ['http://youtube.com/shorts/a_b-0123456', 'https://www.youtube-nocookie.com/embed/a_b-0123456'],
    ['https://www.youtube.com/live/a_b-0123456?feature=x', 'https://www.youtube-nocookie.com/embed/a_b-0123456'],
    ['//player.vimeo.com/video/1', 'https://player.vimeo.com/video/1'],
    ['https://www.facebook.com/plugins/post.php?href=x', 'https://www.facebook.com/plugins/post.php?href=x'],
    ['https://platform.twitter.com/embed/Tweet.html?id=1', 'https://platform.twitter.com/embed/Tweet.html?id=1'],
    ['https://open.spotify.com/embed/track/1', 'https://open.spotify.com/embed/track/1'],
    ['https://w.soundcloud.com/player/?url=x', 'https://w.soundcloud.com/player/?url=x'],
    ['https://www.google.com/maps/embed?pb=1', 'https://www.google.com/maps/embed?pb=1'],
    ['https://datawrapper.dwcdn.net/AbC/1/', 'https://datawrapper.dwcdn.net/AbC/1/'],
    ['https://www.google.com/maps/embed?pb=%2f%2E|x', 'https://www.google.com/maps/embed?pb=%2f%2E%7Cx'],
    ['https://%77ww.google%2ecom/maps/./embed?pb=1', 'https://www.google.com/maps/embed?pb=1'],
    ['https://flo.uri.sh/visualisation/1/embed', 'https://flo.uri.sh/visualisation/1/embed'],
  ])('from %s stays, in a sandbox', (written, stored) => {
    const frame = (src: string, rest: string) =>
      `<iframe src="${src}" width="560" height="315" title="ভিডিও" allowfullscreen=""${rest}></iframe>`;
    const first = render(frame(written, ' sandbox="allow-top-navigation" loading="eager"'));
    expect(first).toEqual({ body: frame(stored, ` ${forced}`), bodyHtml: frame(stored, ` ${forced}`), warnings: [] });
    expect(render(first.body)).toEqual(first);
  });

  it.each([
    ['https://evil.example/embed/x', 'iframe from evil.example'],
    ['https://www.youtube.com.evil.example/embed/x', 'iframe from www.youtube.com.evil.example'],
    ['https://www.youtube.com@evil.example/embed/x', 'iframe from evil.example'],
    ['https://x:y@www.youtube.com/embed/x', 'iframe from www.youtube.com'],
    ['https://www.youtube.com:8443/embed/x', 'iframe from www.youtube.com:8443'],
    [
      'https://www.youtube.com/redirect?q=https://evil.example',
      'iframe from www.youtube.com: its players are below /embed/',
    ],
    ['https://www.youtube.com/embed/../redirect?q=x', 'iframe from www.youtube.com: its players are below /embed/'],
    [
      'https://www.youtube.com/watch?v=a_b-0123456/../../redirect',
      'iframe from www.youtube.com: its players are below /embed/',
    ],
    ['https://youtu.be.evil.example/a_b-0123456', 'iframe from youtu.be.evil.example'],
    ['https://youtu.be/a_b-0123456/x', 'iframe from youtu.be'],
    ['https://x:y@youtu.be/a_b-0123456', 'iframe from youtu.be'],
    ['https://www.google.com/maps/embedded', 'iframe from www.google.com: its players are below /maps/embed/'],
    ['https://news.example/api/x', 'iframe from news.example'],
    ...['..%2f..%2furl', '%2e%2e/%2E%2e/url', '..%5C..%5Curl', '..%2F..%2Furl', 'a%2eb', '%&#9;2f', 'x%2f?pb=1'].map(
      (rest) => [
        `https://www.google.com/maps/embed/${rest}`,
        'iframe from www.google.com: a slash or dot in its path is encoded',
      ],
    ),
    ['//flo.uri.sh\\visualisation%5c1', 'iframe from flo.uri.sh: a slash or dot in its path is encoded'],
    ['https://www.google.com/maps/embed/../../url', 'iframe from www.google.com: its players are below /maps/embed/'],
    [
      'https://www.google.com/maps/embed\\..\\..\\url',
      'iframe from www.google.com: its players are below /maps/embed/',
    ],
    ['https://./maps/embed', 'iframe without an https URL'],
    ['/embed/x', 'iframe without an https URL'],
    ['javascript:alert(1)', 'iframe without an https URL'],
  ])('from %s goes, and is named', (src, detail) => {
    const { body, warnings } = render(`<p>ক</p><iframe src="${src}" srcdoc="<script>x</script>">fallback</iframe>`);
    expect(body).toBe('<p>ক</p>');
    expect(warnings).toContainEqual({ code: 'removed-embed', detail, count: 1 });
  });

  it('of a post keeps the quote with its class and drops the script', () => {
    const quote =
      '<blockquote class="twitter-tweet"><p lang="bn" dir="ltr">খবর</p>— ক <a href="https://x.example/1">১</a></blockquote>';
    const written = `${quote}\n<script async src="https://platform.twitter.com/widgets.js" charset="utf-8"></script>`;
    for (const format of ['html', 'markdown'] as const) {
      expect(render(written, format).bodyHtml).toBe(quote);
      expect(render(written, format).warnings).toEqual([{ code: 'removed-element', detail: 'script', count: 1 }]);
    }
  });

  it('of sound keeps its player', () => {
    const audio = '<audio controls="" src="https://cdn.example/a.mp3" preload="none"></audio>';
    expect(render(audio)).toEqual({ body: audio, bodyHtml: audio, warnings: [] });
    expect(render(audio, 'markdown').bodyHtml).toContain(audio);
  });
});
