import { type Actor, causeOf } from '../core/actor.ts';
import type { Call } from '../core/call.ts';
import { type Fault, notFound } from '../core/errors.ts';
import { newId } from '../core/ids.ts';
import { type LabelRef, labelRefOf } from '../core/label-ref.ts';
import type { Cursors } from '../core/page.ts';
import { checkPrecondition, type Precondition } from '../core/precondition.ts';
import { givenSlug } from '../core/slug-choice.ts';
import type { Db } from '../db/client.ts';
import type { Tx } from '../db/tx.ts';
import { type LabelFeed, labelFeed } from './feed.ts';
import {
  type FoundLabel,
  findLabelByName,
  type LabelContent,
  type LabelItems,
  type LabelKind,
  type LabelView,
  listLabels,
} from './labels.ts';
import { type Moved, moveLabel } from './move.ts';
import { recordLabel, recordMove } from './record.ts';
import { removeLabel } from './remove.ts';
import { changeLabel, createLabel } from './write.ts';

/** Who asks for a change of which tag or source, and of which version of it. */
export type LabelChangeOf = { actor: Actor; segment: string; ifMatch: Precondition; call: Call };

/** The operations on tags, and those on sources. */
export type LabelService<Create, Patch> = {
  /** The labels as followers of changes read them. */
  readonly feed: LabelFeed;
  list(page: { limit: number; after?: string | undefined }): Promise<LabelItems>;
  /** By id, slug or name. For a former one, returns where the label is now. */
  get(segment: string): Promise<FoundLabel>;
  create(actor: Actor, body: Create, call: Call): Promise<LabelView>;
  update(of: LabelChangeOf, patch: Patch): Promise<LabelView>;
  /** Removes a label. If articles carry it, `reassignTo` must name the label that they get instead. */
  remove(of: LabelChangeOf, reassignTo?: LabelRef): Promise<void>;
  /** Replaces the label by `into` in its articles and removes it. Returns `into`. */
  merge(of: LabelChangeOf, into: LabelRef): Promise<LabelView>;
};

/** How the bodies of one kind become the content of a label. The slug has been chosen by then. */
export type LabelMaking<Content, Create, Patch> = {
  created(body: Create, slug: string): Content;
  /** RFC 7396: absent members stay. */
  patched(before: Content, patch: Patch, slug: string): Content;
};

/** The two ways to move the articles of a label to another. */
const ways = {
  reassign: { what: 'deleted', place: { in: 'query', pointer: '/reassignTo' }, sameCode: 'reassign-to-itself' },
  merge: { what: 'merged', place: { in: 'body', pointer: '/into' }, sameCode: 'merge-into-itself' },
} as const satisfies Record<
  string,
  { what: 'deleted' | 'merged'; place: Pick<Fault, 'in' | 'pointer'>; sameCode: string }
>;

export function labelService<
  Content extends LabelContent,
  Create extends { name: string; slug?: string | undefined },
  Patch extends { slug?: string | undefined },
>(
  { db, cursors }: { db: Db; cursors: Cursors },
  kind: LabelKind<Content>,
  { created, patched }: LabelMaking<Content, Create, Patch>,
): LabelService<Create, Patch> {
  const move = ({ actor, segment, ifMatch, call }: LabelChangeOf, to: LabelRef, way: keyof typeof ways) => {
    const { what, place, sameCode } = ways[way];
    return moveLabel(db, kind, {
      from: labelRefOf(segment),
      to,
      place,
      sameCode,
      actorId: actor.userId,
      check: (version) => checkPrecondition(ifMatch, version),
      record: (tx: Tx, moved: Moved) => recordMove(tx, kind, what, moved, causeOf(actor, call)),
    });
  };

  return {
    feed: labelFeed(db.read, kind),
    list: (page) => listLabels(db.read, kind, cursors, page),

    async get(segment) {
      const found = await findLabelByName(db.read, kind, labelRefOf(segment));
      if (found === null) throw notFound();
      return found;
    },

    create(actor, body, call) {
      return createLabel(db, kind, {
        id: newId(),
        name: body.name,
        slug: body.slug === undefined ? undefined : givenSlug(body.slug),
        content: (slug) => created(body, slug),
        record: (tx, made) => recordLabel(tx, kind, 'created', made, causeOf(actor, call)),
      });
    },

    async update({ actor, segment, ifMatch, call }, patch) {
      return changeLabel(db, kind, labelRefOf(segment), {
        check: (version) => checkPrecondition(ifMatch, version),
        content: (before) =>
          patched(before, patch, patch.slug === undefined ? before.slug : givenSlug(patch.slug, before.slug)),
        record: (tx, change) => recordLabel(tx, kind, 'updated', change, causeOf(actor, call)),
      });
    },

    async remove(of, reassignTo) {
      if (reassignTo !== undefined) {
        await move(of, reassignTo, 'reassign');
        return;
      }
      const { actor, segment, ifMatch, call } = of;
      await removeLabel(db, kind, labelRefOf(segment), {
        check: (version) => checkPrecondition(ifMatch, version),
        record: (tx, removed) => recordLabel(tx, kind, 'deleted', removed, causeOf(actor, call)),
      });
    },

    merge: async (of, into) => move(of, into, 'merge'),
  };
}
