import { conflict } from '../core/errors.ts';
import { formerIdentityKey, identityKey } from '../core/identity-key.ts';
import type { Db } from '../db/client.ts';
import { uniqueViolation } from '../db/errors.ts';
import { DerivedSlugTaken } from '../db/free-slug.ts';
import type { Tx } from '../db/tx.ts';
import { type AnyLabelKind, findIdByIdentity, findLabel, type LabelContent } from './labels.ts';

/** Names and slugs that are taken: what the indexes refuse, and which label has them. */

/** Thrown inside the transaction if the slug is taken, or the name in whatever spelling. */
class LabelTaken extends Error {
  override readonly name = 'LabelTaken';
  readonly by: { slug: string } | { identityKey: string };
  constructor(by: LabelTaken['by']) {
    super('the slug or the name of a label is taken');
    this.by = by;
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
  if (index === `${kind.table}_identity_key_key`) return new LabelTaken({ identityKey: identityKey(name) });
  if (index !== `${kind.table}_slug_key`) return thrown;
  if (derivedBase !== null) return new DerivedSlugTaken(derivedBase);
  return new LabelTaken({ slug });
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
    if (!(thrown instanceof LabelTaken)) throw thrown;
    if ('slug' in thrown.by) {
      const { slug } = thrown.by;
      const taker = await findLabel(db.read, kind, { called: slug });
      const detail = `Another ${kind.noun} has the slug ${slug}.`;
      throw conflict('slug-taken', detail, { slug, ...(taker === null ? {} : { existing: taker.id }) });
    }
    const existing = await findIdByIdentity(db.read, kind, thrown.by.identityKey);
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
  if (holder !== null && holder !== id) throw new LabelTaken({ identityKey: former });
}
