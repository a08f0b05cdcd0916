import { type Actor, causeOf } from '../../core/actor.ts';
import type { Call } from '../../core/call.ts';
import { notFound } from '../../core/errors.ts';
import { newId } from '../../core/ids.ts';
import type { Cursors } from '../../core/page.ts';
import { checkPrecondition, type Precondition } from '../../core/precondition.ts';
import { type Ref, refOf } from '../../core/ref.ts';
import { givenSlug } from '../../core/slug-choice.ts';
import type { Db } from '../../db/client.ts';
import type { Tx } from '../../db/tx.ts';
import { type FoundLabel, findByName, type LabelItems, type LabelView, listLabels } from '../../labels/labels.ts';
import { type Moved, moveLabel } from '../../labels/move.ts';
import { recordLabel, recordMove } from '../../labels/record.ts';
import { removeLabel } from '../../labels/remove.ts';
import { changeLabel, createLabel } from '../../labels/write.ts';
import { tagKind } from './tags.repository.ts';
import type { TagCreate, TagListQuery, TagPatch } from './tags.schema.ts';

/** Who asks for a change of which tag, and of which version of it. */
export type TagChange = { actor: Actor; segment: string; ifMatch: Precondition; call: Call };

export type TagService = {
  list(query: TagListQuery): Promise<LabelItems>;
  /** By id or slug; by one that it had or took over, where it is now. */
  get(segment: string): Promise<FoundLabel>;
  create(actor: Actor, body: TagCreate, call: Call): Promise<LabelView>;
  update(of: TagChange, patch: TagPatch): Promise<LabelView>;
  /** A tag that articles have goes only when they get another one. */
  remove(of: TagChange, reassignTo?: Ref): Promise<void>;
  /** The articles of the tag get `into` in its place, and it goes; gives the one that stays. */
  merge(of: TagChange, into: Ref): Promise<LabelView>;
};

export function tagService({ db, cursors }: { db: Db; cursors: Cursors }): TagService {
  /** The rest of a change that moves the articles of one tag to another. */
  const moving = ({ actor, segment, ifMatch, call }: TagChange, to: Ref, what: 'deleted' | 'merged') => ({
    from: refOf(segment),
    to,
    actorId: actor.userId,
    check: (version: number) => checkPrecondition(ifMatch, version),
    record: (tx: Tx, moved: Moved) => recordMove(tx, 'tag', what, moved, causeOf(actor, call)),
  });

  return {
    list: ({ limit, after }) => listLabels(db.read, tagKind, cursors, { limit, after }),

    async get(segment) {
      const found = await findByName(db.read, tagKind, refOf(segment));
      if (found === null) throw notFound();
      return found;
    },

    create(actor, { name, slug, description = null }, call) {
      return createLabel(db, tagKind, {
        id: newId(),
        name,
        slug: slug === undefined ? undefined : givenSlug(slug),
        content: (chosen) => ({ slug: chosen, name, description }),
        record: (tx, made) => recordLabel(tx, 'tag', 'created', made, causeOf(actor, call)),
      });
    },

    async update({ actor, segment, ifMatch, call }, patch) {
      return changeLabel(db, tagKind, refOf(segment), {
        check: (version) => checkPrecondition(ifMatch, version),
        content: (before) => ({
          slug: patch.slug === undefined ? before.slug : givenSlug(patch.slug, before.slug),
          name: patch.name ?? before.name,
          description: patch.description === undefined ? before.description : patch.description,
        }),
        record: (tx, change) => recordLabel(tx, 'tag', 'updated', change, causeOf(actor, call)),
      });
    },

    async remove(of, reassignTo) {
      const { actor, segment, ifMatch, call } = of;
      if (reassignTo !== undefined) {
        await moveLabel(db, tagKind, {
          ...moving(of, reassignTo, 'deleted'),
          place: { in: 'query', pointer: '/reassignTo' },
          sameCode: 'reassign-to-itself',
        });
        return;
      }
      await removeLabel(db, tagKind, refOf(segment), {
        check: (version) => checkPrecondition(ifMatch, version),
        record: (tx, removed) => recordLabel(tx, 'tag', 'deleted', removed, causeOf(actor, call)),
      });
    },

    async merge(of, into) {
      return moveLabel(db, tagKind, {
        ...moving(of, into, 'merged'),
        place: { in: 'body', pointer: '/into' },
        sameCode: 'merge-into-itself',
      });
    },
  };
}
