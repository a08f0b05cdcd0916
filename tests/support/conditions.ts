const creations = /^\/v1\/(articles|articles\/bulk|tags|sources|users|keys)$/;

/** `If-Match: *` for a call about something that is there; what makes a thing, and `/auth`, gets no condition. */
export const anyMatch = (method: string, path: string): Record<string, string> =>
  (method.toLowerCase() === 'post' && creations.test(path)) || path.startsWith('/v1/auth/') ? {} : { 'If-Match': '*' };
