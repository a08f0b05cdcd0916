import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { formerPasswordForm, passwordForm } from '../../core/password-form.ts';
import { openHashing } from './hashing.ts';

/** `renewed`: what to store in place of the hash, where the password was right in the former spelling alone. */
export type Verdict = { readonly right: boolean; readonly renewed: string | null };

/** `from`: the address of who asks, or the account of who is logged in. They take turns; see `hashing.ts`. */
export type Passwords = {
  /** `scrypt$N$r$p$salt$hash`, the parameters with it so that they can rise later. */
  hash(password: string, from: string): Promise<string>;
  /** Takes as long for `null` (no such account) as for a real hash, and for a right password as for a wrong one. */
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

/** Hashes and checks passwords, a few at a time, so that a flood of log-ins neither fills the memory nor the threads. */
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
      // Where they differ both are made, right or wrong, so that the time tells of what was typed and of nothing else.
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
