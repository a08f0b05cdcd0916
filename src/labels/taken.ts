import { conflict } from '../core/errors.ts';
import { formerIdentityKey, identityKey } from '../core/identity-key.ts';
import type { Db } from '../db/client.ts';
import { uniqueViolation } from '../db/errors.ts';
import { DerivedSlugTaken } from '../db/free-slug.ts';
import type { Tx } from '../db/tx.ts';
import { type AnyLabelKind, findIdByIdentity, findLabel, type LabelContent } from './labels.ts';

/** Names and slugs that are taken: what the indexes refuse, and which label has them. */

/** Thrown inside the transaction if the slug is taken. */
class SlugTaken extends Error {
  override readonly name = 'SlugTaken';
  readonly slug: string;
  constructor(slug: string) {
    super('the slug of a label is taken');
    this.slug = slug;
  }
}

/** Thrown inside the transaction if the name is taken, in whatever spelling. */
class NameTaken extends Error {
  override readonly name = 'NameTaken';
  readonly key: string;
  constructor(key: string) {
    super('the name of a label is taken');
    this.key = key;
  }
}

/** Translates a violated index. A derived slug is tried again with the next number. */
export function refused(
  thrown: unknown,
  kind: AnyLabelKind,
  { slug, name }: LabelContent,
  derivedBase: string | null,
): unknown {
  const index = uniqueViolation(thrown);
  if (index === `${kind.table}_identity_key_key`) return new NameTaken(identityKey(name));
  if (index !== `${kind.table}_slug_key`) return thrown;
  if (derivedBase !== null) return new DerivedSlugTaken(derivedBase);
  return new SlugTaken(slug);
}

/**
 * Runs a write. If a name or slug is taken, throws 409 with the label that has it; that is looked up after the transaction,
 * since a failed transaction can read no more.
 */
export async function namingTakenLabel<Result>(
  db: Db,
  kind: AnyLabelKind,
  write: () => Promise<Result>,
): Promise<Result> {
  try {
    return await write();
  } catch (thrown) {
    if (thrown instanceof SlugTaken) {
      const { slug } = thrown;
      const taker = await findLabel(db.read, kind, { slug });
      const detail = `Another ${kind.noun} has the slug ${slug}.`;
      throw conflict('slug-taken', detail, { slug, ...(taker === null ? {} : { existing: taker.id }) });
    }
    if (!(thrown instanceof NameTaken)) throw thrown;
    const existing = await findIdByIdentity(db.read, kind, thrown.key);
    const detail = `There is a ${kind.noun} of this name already, perhaps in another spelling.`;
    throw conflict('name-taken', detail, existing === null ? {} : { existing });
  }
}

/**
 * Throws if another label still has the former key of the name. That label kept it because its new key was taken, but its
 * name is taken all the same.
 */
export async function checkFormer(tx: Tx, kind: AnyLabelKind, id: string, name: string): Promise<void> {
  const former = formerIdentityKey(name);
  if (former === identityKey(name)) return;
  const holder = await findIdByIdentity(tx.read, kind, former);
  if (holder !== null && holder !== id) throw new NameTaken(former);
}
