const creations = /^\/v1\/(articles|articles\/bulk|tags|sources|users|keys)$/;

/** `If-Match: *` for a call about something that exists; no condition for a call that creates a thing, or for `/auth`. */
export const anyMatch = (method: string, path: string): Record<string, string> =>
  (method.toLowerCase() === 'post' && creations.test(path)) || path.startsWith('/v1/auth/') ? {} : { 'If-Match': '*' };
