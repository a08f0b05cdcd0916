import { streamType } from '../event-stream.ts';

/** What all routes of streams say of themselves. */
export const streamRoute = {
  spec: { reply: null, mediaType: streamType, tagless: true, headers: ['X-Accel-Buffering'] },
  about: `- A comment comes every 15 seconds. Who lets 256 KB wait is cut, and resumes with \`Last-Event-ID\` without loss.
- 503 where as many streams are open as the server or your address may have.`,
} as const;
