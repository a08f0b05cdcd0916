import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { formerPasswordForm, passwordForm } from '../../core/password-form.ts';
import { openHashing } from './hashing.ts';

/** `renewed`: the hash to store instead, if the password was right only in its former spelling. */
export type Verdict = { readonly right: boolean; readonly renewed: string | null };

/** `from`: the address of the caller, or the account if logged in. They take turns; see `hashing.ts`. */
export type Passwords = {
  /** Returns `scrypt$N$r$p$salt$hash`. It includes the parameters, so that they can be raised later. */
  hash(password: string, from: string): Promise<string>;
  /** Takes equally long for `null` (no such account) and a real hash, and for a right and a wrong password. */
  verify(password: string, hash: string | null, from: string): Promise<Verdict>;
};

/** OWASP's parameters for 32 MiB; `cost` is lower in tests only. */
export const scryptCost = { N: 32_768, r: 8, p: 3 };
type Cost = typeof scryptCost;

const keyBytes = 32;

const derive = (password: string, salt: Buffer, { N, r, p }: Cost): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const done = (error: Error | null, key: Buffer) => (error ? reject(error) : resolve(key));
    scrypt(password, salt, keyBytes, { N, r, p, maxmem: 256 * N * r }, done);
  });

const written = ({ N, r, p }: Cost, salt: string, key: Buffer) =>
  ['scrypt', N, r, p, salt, key.toString('base64url')].join('$');

/** Hashes and checks passwords a few at a time, so that a flood of log-ins fills neither the memory nor the threads. */
export function openPasswords(cost: Cost = scryptCost): Passwords {
  const inTurn = openHashing();
  const nobody = Buffer.alloc(16);
  return {
    async hash(password, from) {
      const salt = randomBytes(16);
      const key = await inTurn(from, () => derive(passwordForm(password), salt, cost));
      return written(cost, salt.toString('base64url'), key);
    },
    async verify(password, hash, from) {
      const [, N, r, p, salt, expected] = (hash ?? '').split('$');
      const known = salt !== undefined && expected !== undefined;
      const used = known ? { N: Number(N), r: Number(r), p: Number(p) } : cost;
      const [now, before] = [passwordForm(password), formerPasswordForm(password)];
      const keyOf = (form: string) => derive(form, known ? Buffer.from(salt, 'base64url') : nobody, used);
      // If the spellings differ, both hashes are computed whether the password is right or wrong. So the time depends only
      // on what was typed.
      const [key, former] = await inTurn(from, async () => {
        const first = await keyOf(now);
        return [first, before === now ? first : await keyOf(before)] as const;
      });
      const wanted = known ? Buffer.from(expected, 'base64url') : Buffer.alloc(keyBytes);
      if (timingSafeEqual(key, wanted) && known) return { right: true, renewed: null };
      const formerly = timingSafeEqual(former, wanted);
      return formerly && known ? { right: true, renewed: written(used, salt, key) } : { right: false, renewed: null };
    },
  };
}
