import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/** Encrypts texts that are stored: a reader of the table, or of a dump, learns nothing about them. */
export type Seals = {
  seal(text: string): string;
  /** Null if no known secret sealed it. */
  open(sealed: string): string | null;
  /** HMACs of a text with each known secret, newest first. Equal texts have equal digests, made only with a secret. */
  digests(text: string): string[];
};

const ivBytes = 12;
const tagBytes = 16;

/** By how many bytes a sealed text is longer. */
export const sealedBytes = ivBytes + tagBytes;

/**
 * `fresh`: a random nonce. `equal`: a nonce derived from the text, so that equal texts give equal results. Lists need that,
 * because their ETag is the hash of their bytes.
 */
export type Nonces = 'fresh' | 'equal';

/** AES-256-GCM and HMAC-SHA-256 with keys derived from these secrets. The first one seals; the others are older ones. */
export function openSeals(secrets: readonly [string, ...string[]], nonces: Nonces = 'fresh'): Seals {
  const keyOf = (secret: string, use: string) => Buffer.from(hkdfSync('sha256', secret, '', `khobor ${use}`, 32));
  const cipherKeys = secrets.map((secret) => keyOf(secret, 'seal'));
  const digestKeys = secrets.map((secret) => keyOf(secret, 'mark'));
  const [newest = Buffer.alloc(0)] = cipherKeys;
  const nonceKey = keyOf(secrets[0], 'nonce');
  const nonceOf = (text: string): Buffer =>
    nonces === 'fresh'
      ? randomBytes(ivBytes)
      : createHmac('sha256', nonceKey).update(text).digest().subarray(0, ivBytes);
  const openWith = (key: Buffer, bytes: Buffer): string | null => {
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivBytes), { authTagLength: tagBytes });
      decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
      return Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]).toString();
    } catch {
      return null;
    }
  };
  return {
    seal(text) {
      const iv = nonceOf(text);
      const cipher = createCipheriv('aes-256-gcm', newest, iv, { authTagLength: tagBytes });
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
    },
    open(sealed) {
      const bytes = Buffer.from(sealed, 'base64url');
      return cipherKeys.reduce<string | null>((found, key) => found ?? openWith(key, bytes), null);
    },
    digests: (text) => digestKeys.map((key) => createHmac('sha256', key).update(text).digest('base64url')),
  };
}
