import assert from 'node:assert/strict';

export type Page = { title: string; body: string; tags: string[]; date: string | null; latest: string[] };

/** What a page puts on the screen, held to be whole. */
export function show({ title, body, tags, date, latest }: Page): void {
  for (const text of [title, body, date]) assert.ok(text);
  assert.ok(tags.length > 0 && latest.length > 0);
  console.log(`${title}: ${body.length} characters, ${tags.join(', ')}, ${latest.length} more`);
}
