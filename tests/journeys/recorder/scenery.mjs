import { admin } from './program.mjs';

export const places = ['draft', 'review', 'scheduled', 'published', 'expired', 'archived', 'trash', 'purged'];

/** What only time does, done by SQL. Public once, where that can be. */
const moves = {
  draft: `status = 'draft'`,
  review: `status = 'review'`,
  scheduled: `status = 'published', published_at = now() + interval '1 day', first_published_at = now() + interval '1 day'`,
  published: `status = 'published', published_at = now() - interval '1 day', first_published_at = now() - interval '1 day'`,
  expired: `status = 'published', published_at = now() - interval '2 days', first_published_at = now() - interval '2 days', expires_at = now() - interval '1 day'`,
  archived: `status = 'archived', published_at = now() - interval '1 day', first_published_at = now() - interval '1 day'`,
  trash: `status = 'published', published_at = now() - interval '1 day', first_published_at = now() - interval '1 day', deleted_at = now()`,
  purged: `status = 'published', published_at = now() - interval '1 day', first_published_at = now() - interval '1 day', deleted_at = now()`,
};

const password = 'কুয়াশা-কাটে-রোদ-ওঠে';
const people = {
  viewer: ['viewer', 'নাসিমা আক্তার'],
  author: ['author', 'মিতা রায়'],
  other: ['author', 'কামাল হোসেন'],
  editor: ['editor', 'রিনা আখতার'],
};

export const callers = ['nobody', 'viewer', 'author', 'other', 'editor', 'admin', 'narrow', 'reader'];

/** The people of the newsroom, its keys, and short words for what the chapters do. `author` is whose the articles are. */
export async function openScenery({ caller, program }) {
  const { call, make, tokens } = caller;
  const logIn = async (name, email, secret) => {
    const { accessToken } = await make('POST', '/v1/auth/login', { body: { email, password: secret } });
    tokens.set(name, accessToken);
  };
  const users = new Map();
  await logIn('admin', admin.email, admin.password);
  for (const [key, [role, name]] of Object.entries(people)) {
    const email = `${key}@khobor.example`;
    users.set(key, await make('POST', '/v1/users', { as: 'admin', body: { email, name, role, password } }));
    await logIn(key, email, password);
  }
  const label = (what, body) => make('POST', `/v1/${what}`, { as: 'editor', body });
  const tags = [];
  for (const name of ['জাতীয়', 'নদী', 'খেলা', 'কৃষি']) tags.push(await label('tags', { name }));
  const sources = [await label('sources', { name: 'সুরমা বার্তা' }), await label('sources', { name: 'ভাটার ডাক' })];
  const keys = {
    key: { name: 'সম্পাদনার যন্ত্র', role: 'editor' },
    narrow: { name: 'তারের যন্ত্র', role: 'editor', sources: [sources[0].slug], tags: [tags[1].slug] },
    reader: { name: 'পড়ার যন্ত্র', role: 'editor', readOnly: true },
  };
  for (const [name, body] of Object.entries(keys))
    tokens.set(name, (await make('POST', '/v1/keys', { as: 'admin', body })).token);
  let count = 0;
  const story = async (body = {}, as = 'author') => {
    count += 1;
    return make('POST', '/v1/articles', { as, body: { title: `ঘাটের খবর ${count}`, ...body } });
  };
  return {
    caller,
    program,
    call,
    make,
    users,
    tags,
    sources,
    password,
    label,
    story,
    pathOf: (idOrSlug, rest = '') => `/v1/articles/${encodeURIComponent(idOrSlug)}${rest}`,
    /** An article of the author in a place. */
    async storyIn(place, body = {}) {
      const made = await story({ tags: ['নদী', 'জাতীয়'], source: sources[0].slug, ...body });
      await program.sql(`UPDATE articles SET ${moves[place]} WHERE id = $1`, [made.id]);
      if (place === 'purged') await make('POST', `/v1/articles/${made.id}/purge`, { as: 'admin', match: '*' });
      return made;
    },
    move: (place, id) => program.sql(`UPDATE articles SET ${moves[place]} WHERE id = $1`, [id]),
  };
}
