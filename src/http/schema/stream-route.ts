import { z } from 'zod';
import { streamType } from '../event-stream.ts';
import { cursorExample } from './values.ts';

/** What all routes of streams say of themselves. */
export const streamRoute = {
  spec: { reply: null, mediaType: streamType, tagless: true, headers: ['X-Accel-Buffering'] },
  about: `- A comment comes every 15 seconds. Who lets 256 KB wait is cut, and resumes with \`Last-Event-ID\` without loss.
- 503 where as many streams are open as the server or your address may have.`,
} as const;

/** The cursor with which a stream begins. Readers that reconnect send the id of the last event besides, which wins. */
export const streamAfter = () =>
  z.string().min(1).max(4_000).optional().meta({
    description:
      'The `id` of an event, or `nextCursor` of `/v1/changes`: what followed comes first. Absent: from now on. `Last-Event-ID`, which readers send when they reconnect, wins.',
    example: cursorExample,
  });
