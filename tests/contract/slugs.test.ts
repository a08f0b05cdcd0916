import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Newsroom, openNewsroom, pathOf } from '../support/newsroom.ts';
import { outside } from '../support/outside.ts';

const { routeGroups } = outside;

let room: Newsroom;
beforeAll(async () => {
  room = await openNewsroom();
});
afterAll(() => room.close());

it('takes the slug in any case wherever the document says so, and answers as to the id', async () => {
  const story = await room.story({ slug: 'shobkhane-chole' });
  await room
    .as('editor', 'patch', `${pathOf(story.id)}/draft`)
    .set('If-Match', '*')
    .send({ kicker: 'ক' })
    .expect(200);
  const preview = await room
    .as('editor', 'post', `${pathOf(story.id)}/previews`)
    .send({})
    .expect(201);
  const endpoints = routeGroups(room.app.deps, room.app.services)
    .flatMap((group) => group.endpoints)
    .filter(({ path }) => path.startsWith('/v1/articles/{'));
  expect(endpoints.length).toBeGreaterThan(20);
  for (const { method, path, spec } of endpoints) {
    const status = async (name: string) => {
      const address = path.replace('{version}', '1').replace('{previewId}', preview.body.id);
      const request = room.as('admin', method, address.replace('{idOrSlug}', encodeURIComponent(name)));
      // Nothing changes, so that each call finds the article as it was.
      if (spec.ifMatch) request.set('If-Match', '"9"');
      const body = spec.id === 'linkArticle' ? { with: 'x' } : spec.id === 'returnArticle' ? { note: 'ক' } : undefined;
      return (await (body === undefined ? request : request.send(body))).status;
    };
    const found = await status(story.id);
    expect([spec.id, found]).not.toEqual([spec.id, 404]);
    expect([spec.id, await status(story.slug.toUpperCase())]).toEqual([spec.id, found]);
  }
});
