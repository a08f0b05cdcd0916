import { readRef } from '../../core/ref.ts';
import type { Tx } from '../../db/tx.ts';
import * as repository from './bulk.repository.ts';
import type { BulkElement, BulkOperation } from './bulk.schema.ts';

type Rename = BulkOperation & { op: 'update'; body: { slug: string } };

export type Swaps = {
  /**
   * Prepares an operation and returns it; if it names an article by a slug that another article has taken, with the id
   * instead.
   */
  before(element: BulkElement, index: number): Promise<BulkElement>;
  /**
   * Has the database check unique slugs again, once no two articles share one or the last operation is done. Throws the
   * database's refusal if two still share one.
   */
  after(isLast: boolean): Promise<void>;
};

const isRename = (operation: BulkOperation): operation is Rename =>
  operation.op === 'update' && operation.body.slug !== undefined;

const slugNamed = (operation: BulkOperation): string | undefined => {
  const ref = 'id' in operation ? readRef(operation.id) : null;
  return ref && 'slug' in ref ? ref.slug : undefined;
};

/**
 * Lets articles swap slugs within one transaction. An operation may take the slug of an article that a later operation
 * renames. Only from then until all such articles are renamed is the unique check deferred, so that every other operation
 * meets a taken slug just as it would alone.
 */
export function watchSwaps(tx: Tx, elements: readonly BulkElement[]): Swaps {
  const displaced = new Map<string, string>();
  const is = ({ id, slug }: repository.SlugOwner, operation: BulkOperation) =>
    'id' in operation && (operation.id === id || slugNamed(operation) === slug);
  const withIds = (operation: BulkOperation): BulkOperation => {
    const id = displaced.get(slugNamed(operation) ?? '');
    return id !== undefined && 'id' in operation ? { ...operation, id } : operation;
  };

  const renamesAfter = (index: number) =>
    elements.slice(index + 1).flatMap((one) => ('operation' in one && isRename(one.operation) ? [one.operation] : []));

  return {
    async before(element, index) {
      if ('faults' in element) return element;
      const { operation } = element;
      const meant = { operation: withIds(operation) };
      if (!isRename(operation)) return meant;
      const owner = await repository.findOwner(tx, operation.body.slug);
      const leaves = (other: repository.SlugOwner) => renamesAfter(index).some((later) => is(other, later));
      if (owner === null || is(owner, operation) || !leaves(owner)) return meant;
      if (displaced.size === 0) await repository.askUniqueSlugs(tx, 'DEFERRED');
      displaced.set(owner.slug, owner.id);
      return meant;
    },
    async after(isLast) {
      if (displaced.size === 0) return;
      if (!isLast && (await repository.hasShared(tx, [...displaced.keys()]))) return;
      await repository.askUniqueSlugs(tx, 'IMMEDIATE');
      displaced.clear();
    },
  };
}
