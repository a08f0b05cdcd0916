import { deskEmail, deskPassword } from './seed.mjs';

// How soon a publication is seen on another instance, which keeps the list that it changes.

const times = 60;

async function tokenOf(server) {
  const response = await fetch(`${server.url}/v1/auth/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email: deskEmail, password: deskPassword }),
  });
  return (await response.json()).accessToken;
}

/** Milliseconds from the answer to a publication on `one` until `other` shows it. */
async function seenAfter(one, other, token, title) {
  const latest = async () => (await fetch(`${other.url}/v1/latest?limit=1`)).text();
  for (const _ of [1, 2]) await latest();
  const response = await fetch(`${one.url}/v1/articles`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
    body: JSON.stringify({ title, status: 'published' }),
  });
  if (response.status !== 201) throw new Error(`a publication was answered ${response.status}`);
  const { id } = await response.json();
  const began = performance.now();
  while (!(await latest()).includes(id));
  return performance.now() - began;
}

/** Compares two instances of one database; `note` takes a row of the table. */
export async function seenElsewhere(one, other, note) {
  const token = await tokenOf(one);
  const waits = [];
  for (let n = 0; n < times; n += 1) waits.push(await seenAfter(one, other, token, `সংবাদ ${n}`));
  waits.sort((a, b) => a - b);
  const [median, last] = [waits[times / 2], waits[Math.ceil(times * 0.99) - 1]];
  note(
    'publish to seen on another instance',
    'p99 <= 250 ms',
    `${last.toFixed(0)} ms (median ${median.toFixed(0)} ms)`,
    last <= 250,
  );
}
