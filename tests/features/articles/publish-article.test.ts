import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { changesNothing, type Newsroom, openNewsroom, pathOf, pointers, type Story } from '../../support/newsroom.ts';

const hour = 3_600_000;

describe('POST /v1/articles/{id}/publish', () => {
  let room: Newsroom;
  /** One that every refusal leaves as it is. */
  let draft: Story;
  const at = (ms: number) => new Date(Date.now() + ms).toISOString();
  const isNow = (instant: string | null) => Math.abs(Date.parse(instant ?? '') - Date.now()) < 5_000;
  const publish = async (id: string, body?: object): Promise<Story> =>
    (await room.step('publish', id, body).expect(200)).body;
  const unpublish = async (id: string): Promise<Story> => (await room.step('unpublish', id).expect(200)).body;
  const dates = ({ status, publishedAt, firstPublishedAt }: Story) => ({ status, publishedAt, firstPublishedAt });

  beforeAll(async () => {
    room = await openNewsroom();
    draft = await room.story();
  });
  afterAll(() => room.close());

  it('dates a draft by the moment of publishing, not of its creation, and shows it to readers at once', async () => {
    const { id, slug } = await room.story({ body: '<p>খবর</p>' }, 'author');
    await room.app.sql(`UPDATE articles SET created_at = now() - interval '3 days' WHERE id = $1`, [id]);
    const shown = await publish(id);
    expect(isNow(shown.publishedAt)).toBe(true);
    expect(dates(shown)).toEqual({
      status: 'published',
      publishedAt: shown.publishedAt,
      firstPublishedAt: shown.publishedAt,
    });
    expect((await room.read(slug).expect(200)).body.publishedAt).toBe(shown.publishedAt);
    const { body } = await room.as(null, 'get', '/v1/latest?limit=1').expect(200);
    expect(body.data[0].id).toBe(id);
    expect(shown.createdBy?.id).toBe(room.people.author.id);
    expect(shown.updatedBy?.id).toBe(room.people.editor.id);
  });

  it('keeps the date when it is published again, takes a past one that is given, and never changes the first', async () => {
    const { id } = await room.story();
    const first = await publish(id);
    for (let round = 0; round < 2; round += 1) {
      expect(dates(await unpublish(id))).toEqual({ ...dates(first), status: 'draft' });
      expect(dates(await publish(id))).toEqual(dates(first));
    }
    await unpublish(id);
    const past = await publish(id, { at: '2019-05-01T00:00:00Z' });
    expect(dates(past)).toEqual({ ...dates(first), publishedAt: '2019-05-01T00:00:00.000Z' });
    await room.read(id).expect(200);
    expect(dates(await publish(id, { at: '2020-05-01T00:00:00Z' })).firstPublishedAt).toBe(first.firstPublishedAt);
  });

  it('changes nothing for what is published already, where no time is given', async () => {
    const { id } = await room.story({ status: 'published' });
    const answer = await changesNothing(room, () => room.step('publish', id));
    expect([answer.status, answer.body.version]).toEqual([200, 1]);
  });

  it('schedules by a time to come, moves the first date with it, and publishes now without one, with a warning', async () => {
    const { id } = await room.story();
    const [one, two] = [at(hour), at(2 * hour)];
    expect(dates(await publish(id, { at: one }))).toEqual({
      status: 'scheduled',
      publishedAt: one,
      firstPublishedAt: one,
    });
    await room.read(id).expect(404);
    expect(dates(await publish(id, { at: two }))).toEqual({
      status: 'scheduled',
      publishedAt: two,
      firstPublishedAt: two,
    });
    const now = await publish(id);
    expect(now.status).toBe('published');
    expect(isNow(now.publishedAt)).toBe(true);
    expect(now.firstPublishedAt).toBe(now.publishedAt);
    const early = `scheduled for ${two} before`;
    expect(now.warnings).toEqual([{ code: 'now-public', detail: early, count: 1 }]);
    await room.read(id).expect(200);
  });

  it('hides again what was public when it is given a time to come, and keeps its first date', async () => {
    const { id } = await room.story({ status: 'published' });
    const first = await room.seen(id);
    const later = await publish(id, { at: at(hour) });
    expect(later).toMatchObject({ status: 'scheduled', firstPublishedAt: first.firstPublishedAt });
    await room.read(id).expect(404);
    const { body } = await room.as(null, 'get', '/v1/latest?limit=100').expect(200);
    expect(body.data.map((item: Story) => item.id)).not.toContain(id);
  });

  it('is public the moment its time has passed, without any other call', async () => {
    const { id, slug } = await room.story();
    await publish(id, { at: at(hour) });
    await room.app.sql('UPDATE articles SET published_at = now(), first_published_at = now() WHERE id = $1', [id]);
    expect((await room.read(slug).expect(200)).body).toMatchObject({ status: 'published', version: 2 });
  });

  it('keeps the date that was planned on the draft', async () => {
    const { id } = await room.story({ publishedAt: '2025-10-28T06:00:00+06:00' });
    expect(dates(await publish(id))).toEqual({
      status: 'published',
      publishedAt: '2025-10-28T00:00:00.000Z',
      firstPublishedAt: '2025-10-28T00:00:00.000Z',
    });
  });

  it('takes the expiry from an expired one, keeps one to come, and refuses a time after it', async () => {
    const { id } = await room.story();
    await room.moveTo('expired', id);
    expect(await publish(id)).toMatchObject({ status: 'published', expiresAt: null });
    const kept = await room.story({ expiresAt: at(hour) });
    expect((await publish(kept.id)).expiresAt).toBe(kept.expiresAt);
    const answer = await changesNothing(room, () => room.step('publish', kept.id, { at: at(2 * hour) }));
    expect([answer.status, ...pointers(answer)]).toEqual([422, '/at']);
    expect(answer.body.errors[0].detail).toContain(kept.expiresAt);
  });

  it.each([
    ['2026-03-01T06:00:00+06:00', '2026-03-01T00:00:00.000Z'],
    ['2026-03-01T06:00:00.123456+06:00', '2026-03-01T00:00:00.123Z'],
    ['2026-02-28T19:00:00-05:00', '2026-03-01T00:00:00.000Z'],
    ['2026-03-01t00:00:00z', '2026-03-01T00:00:00.000Z'],
  ])('takes %s and shows the instant, which never moves when it is sent back', async (given, instant) => {
    const { id } = await room.story();
    expect((await publish(id, { at: given })).publishedAt).toBe(instant);
    for (let round = 0; round < 5; round += 1) {
      const { publishedAt } = await room.seen(id);
      expect(publishedAt).toBe(instant);
      await changesNothing(room, () => room.patch(id, { publishedAt }).expect(200));
      await changesNothing(room, () => room.patch(id, { publishedAt: given }).expect(200));
    }
  });

  it.each([
    '2026-03-01T06:00:00+0600',
    '2026-03-01T06:00:00',
    '2026-03-01 06:00:00Z',
    '2026-03-01',
    '2026-02-30T00:00:00Z',
    '2026-03-01T24:00:00Z',
    '2026-03-01T00:00:60Z',
    '2026-03-01T00:00:00+16:00',
    '0000-01-01T00:00:00Z',
    '+275760-09-13T00:00:00.000Z',
    'infinity',
    '1772323200',
    '',
  ])('refuses the time %j and records nothing', async (time) => {
    const { id } = draft;
    const step = await changesNothing(room, () => room.step('publish', id, { at: time }));
    expect([step.status, ...pointers(step)]).toEqual([400, '/at']);
    const patch = await changesNothing(room, () => room.patch(id, { publishedAt: time }));
    expect([patch.status, ...pointers(patch)]).toEqual([400, '/publishedAt']);
  });

  it.each(['9999-12-31T23:59:59Z', '1500-01-01T00:00:00Z'])(
    'says which years there are to the time %s',
    async (time) => {
      const { body } = await room.step('publish', draft.id, { at: time }).expect(400);
      expect(body.errors).toEqual([{ in: 'body', pointer: '/at', detail: expect.stringMatching(/from 1900 to 2200/) }]);
    },
  );

  it.each([
    [{ at: null }, '/at'],
    [{ at: 1_772_323_200 }, '/at'],
    [{ publishedAt: at(0) }, '/publishedAt'],
    [{ status: 'draft' }, '/status'],
  ])('refuses the body %j', async (body, pointer) => {
    const { id } = await room.story();
    const answer = await changesNothing(room, () => room.step('publish', id, body));
    expect([answer.status, ...pointers(answer)]).toEqual([400, pointer]);
  });

  it('refuses a time more than five years ahead', async () => {
    const { id } = await room.story();
    const answer = await changesNothing(room, () => room.step('publish', id, { at: at(5.1 * 365 * 24 * hour) }));
    expect([answer.status, ...pointers(answer)]).toEqual([422, '/at']);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', undefined])(
    'needs no body, with the type %s or any',
    async (type) => {
      const { id } = await room.story();
      const request = room.as('editor', 'post', `${pathOf(id)}/publish`).set('If-Match', '"1"');
      if (type !== undefined) request.set('Content-Type', type);
      expect((await request).status).toBe(200);
    },
  );

  it('finds the article by its slug too', async () => {
    const { slug } = await room.story({ slug: 'prokash' });
    await room.step('publish', slug.toUpperCase()).expect(200);
  });
});
