import { createHmac, timingSafeEqual } from 'node:crypto';
import { isId } from '../../core/ids.ts';

/**
 * The secret part of a preview's address: the preview's id and an HMAC of it. It is not a JWT, so it is never accepted as
 * another token.
 */
export type PreviewTokens = {
  sign(id: string): string;
  /**
   * The id of the preview; undefined for anything but a token of ours. Whether the preview is still valid is a question to
   * the database.
   */
  verify(token: string): string | undefined;
};

const lengthMax = 200;

/** `previousKey`: links made with it stay valid during a rotation of secrets. */
export function openPreviewTokens(key: string, previousKey: string | undefined): PreviewTokens {
  const make = (secret: string, id: string) =>
    `${id.replaceAll('-', '')}.${createHmac('sha256', secret).update(id).digest('base64url')}`;
  const same = (token: string, made: string) =>
    token.length === made.length && timingSafeEqual(Buffer.from(token), Buffer.from(made));
  return {
    sign: (id) => make(key, id),
    verify(token) {
      if (token.length > lengthMax || !/^[\w.-]+$/.test(token)) return undefined;
      const id = token.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
      const secrets = previousKey === undefined ? [key] : [key, previousKey];
      return isId(id) && secrets.some((secret) => same(token, make(secret, id))) ? id : undefined;
    },
  };
}
