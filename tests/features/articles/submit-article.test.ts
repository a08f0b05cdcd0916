import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { changesNothing, type Newsroom, openNewsroom, pointers } from '../../support/newsroom.ts';

/** Who may, and from where, is in article-steps.test.ts. */
describe('POST /v1/articles/{id}/submit and /return', () => {
  let room: Newsroom;

  beforeAll(async () => {
    room = await openNewsroom();
  });
  afterAll(() => room.close());

  it('hands a draft to the desk, where its author no longer changes it and readers do not see it', async () => {
    const { id } = await room.story({}, 'author');
    const { body } = await room.step('submit', id, { note: 'ছবি পরে আসবে।' }, { as: 'author' }).expect(200);
    expect(body).toMatchObject({ status: 'review', version: 2, updatedBy: { id: room.people.author.id } });
    await room.read(id).expect(404);
    const own = await changesNothing(room, () => room.patch(id, { kicker: 'ক' }, { as: 'author' }));
    expect(own.status).toBe(403);
    await room.patch(id, { kicker: 'ক' }).expect(200);
  });

  it('comes back with a note that says who, when and why, and goes on from there', async () => {
    const { id } = await room.story({ status: 'review' }, 'author');
    const { body } = await room.step('return', id, { note: 'দ্বিতীয় অনুচ্ছেদে\nসংখ্যাটি মিলিয়ে নিন।' }).expect(200);
    expect(body.status).toBe('draft');
    const text = 'দ্বিতীয় অনুচ্ছেদে\nসংখ্যাটি মিলিয়ে নিন।'.normalize('NFC');
    const by = { id: room.people.editor.id, name: 'রিনা আখতার', initials: null };
    expect(body.notes).toEqual([{ at: body.updatedAt, step: 'return', text, by }]);
    expect((await room.read(id, 'author').expect(200)).body.notes).toEqual(body.notes);
    await room.patch(id, { title: 'মিলিয়ে নেওয়া খবর' }, { as: 'author' }).expect(200);
    await room.step('submit', id, { note: 'মেলানো হয়েছে।' }, { as: 'author' }).expect(200);
    const { body: published } = await room.step('publish', id).expect(200);
    expect(published.notes.map(({ step }: { step: string }) => step)).toEqual(['return', 'submit']);
    expect((await room.read(id).expect(200)).body).not.toHaveProperty('notes');
    expect((await room.revisions(id)).map(({ step, note }) => [step, note !== null])).toEqual([
      ['create', false],
      ['return', true],
      ['update', false],
      ['submit', true],
      ['publish', false],
    ]);
  });

  it.each([
    [{}, '/note'],
    [{ note: '' }, '/note'],
    [{ note: ' \u200B' }, '/note'],
    [{ note: null }, '/note'],
    [{ note: 'ক'.repeat(2_001) }, '/note'],
    [{ note: 'ক', to: 'author' }, '/to'],
  ])('is not returned without a note that says something, case %#', async (body, pointer) => {
    const { id } = await room.story({ status: 'review' });
    const answer = await changesNothing(room, () => room.step('return', id, body));
    expect([answer.status, ...pointers(answer)]).toEqual([400, pointer]);
  });

  it('is not returned without a body at all', async () => {
    const { id } = await room.story({ status: 'review' });
    const answer = await changesNothing(room, () => room.step('return', id));
    expect([answer.status, answer.body.code]).toEqual([400, 'malformed-body']);
  });

  it('says 409 and where the article is to a second submission, also to its author', async () => {
    const { id } = await room.story({}, 'author');
    await room.step('submit', id, undefined, { as: 'author' }).expect(200);
    const answer = await changesNothing(room, () => room.step('submit', id, undefined, { as: 'author' }));
    expect(answer.body).toMatchObject({ status: 409, code: 'wrong-state', place: 'review' });
  });
});
