import {
  createHash,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto';
import { readFile } from 'node:fs/promises';

export type Algorithm = 'HS256' | 'RS256' | 'ES256';

/** A key with the only algorithm that it accepts. What the token says about the algorithm is ignored. */
export type VerifyKey = { readonly kid: string; readonly algorithm: Algorithm; readonly key: KeyObject };

export type SigningKeys = {
  readonly signing: VerifyKey;
  /** The current key first, then those that are still accepted during a rotation. */
  readonly accepted: readonly VerifyKey[];
  /** RFC 7517; empty with a shared secret. */
  readonly jwks: { keys: readonly JsonWebKey[] };
};

export type SigningConfig = {
  secret: string;
  previousSecret: string | undefined;
  privateKeyFile: string | undefined;
  publicKeyFiles: readonly string[];
};

function algorithmOf(key: KeyObject): Algorithm {
  if (key.asymmetricKeyType === 'rsa') {
    if ((key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048) return 'RS256';
    throw new Error('an RSA key for tokens must have 2048 bits or more');
  }
  if (key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return 'ES256';
  throw new Error('a key for tokens must be RSA (RS256) or EC on the curve P-256 (ES256)');
}

/** RFC 7638, over the public part: a key has the same id on every instance. */
function thumbprint(jwk: JsonWebKey): string {
  const members =
    jwk.kty === 'RSA' ? { e: jwk.e, kty: jwk.kty, n: jwk.n } : { crv: jwk.crv, kty: jwk.kty, x: jwk.x, y: jwk.y };
  return createHash('sha256').update(JSON.stringify(members)).digest('base64url');
}

const asymmetric = (key: KeyObject, use: KeyObject): VerifyKey => ({
  algorithm: algorithmOf(key),
  kid: thumbprint(key.export({ format: 'jwk' })),
  key: use,
});

const shared = (secret: string): VerifyKey => ({
  kid: createHash('sha256').update(`khobor kid ${secret}`).digest('base64url').slice(0, 16),
  algorithm: 'HS256',
  key: createSecretKey(Buffer.from(secret)),
});

async function keyIn(setting: string, file: string, read: (pem: Buffer) => KeyObject): Promise<KeyObject> {
  const pem = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${setting}: ${file} cannot be read (${error.code})`);
  });
  try {
    return read(pem);
  } catch {
    throw new Error(`${setting}: ${file} holds no key for tokens in PEM without a passphrase`);
  }
}

/**
 * Reads the keys. With a private key file, tokens are signed with that key, and older public keys are accepted too.
 * Otherwise the secret signs. Tokens signed with the previous secret are accepted in both cases, so that a key can replace
 * a secret too.
 */
export async function openSigningKeys(config: SigningConfig): Promise<SigningKeys> {
  const previous = config.previousSecret === undefined ? [] : [shared(config.previousSecret)];
  if (config.privateKeyFile === undefined) {
    const signing = shared(config.secret);
    return { signing, accepted: [signing, ...previous], jwks: { keys: [] } };
  }
  const privateKey = await keyIn('JWT_PRIVATE_KEY_FILE', config.privateKeyFile, createPrivateKey);
  const publicKeys = [createPublicKey(privateKey)];
  for (const file of config.publicKeyFiles) publicKeys.push(await keyIn('JWT_PUBLIC_KEY_FILES', file, createPublicKey));
  const published = [...new Map(publicKeys.map((key) => asymmetric(key, key)).map((key) => [key.kid, key])).values()];
  const keys = published.map(({ key, kid, algorithm }) => ({
    ...key.export({ format: 'jwk' }),
    kid,
    alg: algorithm,
    use: 'sig',
  }));
  const signing = asymmetric(createPublicKey(privateKey), privateKey);
  return { signing, accepted: [...published, ...previous], jwks: { keys } };
}
