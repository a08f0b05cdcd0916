import { type Actor, causeOf } from '../../core/actor.ts';
import type { Call } from '../../core/call.ts';
import { notFound } from '../../core/errors.ts';
import { newId } from '../../core/ids.ts';
import type { Cursors } from '../../core/page.ts';
import { checkPrecondition, type Precondition } from '../../core/precondition.ts';
import { type Ref, refOf } from '../../core/ref.ts';
import { givenSlug } from '../../core/slug-choice.ts';
import { keptAddress } from '../../core/web-address.ts';
import type { Db } from '../../db/client.ts';
import type { Tx } from '../../db/tx.ts';
import { type FoundLabel, findByName, type LabelItems, type LabelView, listLabels } from '../../labels/labels.ts';
import { type Moved, moveLabel } from '../../labels/move.ts';
import { recordLabel, recordMove } from '../../labels/record.ts';
import { removeLabel } from '../../labels/remove.ts';
import { changeLabel, createLabel } from '../../labels/write.ts';
import { namingShared, type SourceContent, sourceKind } from './sources.repository.ts';
import type { SourceCreate, SourceListQuery, SourcePatch } from './sources.schema.ts';

/** Who asks for a change of which source, and of which version of it. */
export type SourceChange = { actor: Actor; segment: string; ifMatch: Precondition; call: Call };

export type SourceService = {
  list(query: SourceListQuery): Promise<LabelItems>;
  /** By id or slug; by one that it had or took over, where it is now. */
  get(segment: string): Promise<FoundLabel>;
  create(actor: Actor, body: SourceCreate, call: Call): Promise<LabelView>;
  update(of: SourceChange, patch: SourcePatch): Promise<LabelView>;
  /** A source that articles have goes only when they get another one. */
  remove(of: SourceChange, reassignTo?: Ref): Promise<void>;
};

/** RFC 7396: a member that is absent stays as it was. */
function patched(before: SourceContent, patch: SourcePatch): SourceContent {
  const keep = (value: string | null | undefined, old: string | null) => (value === undefined ? old : value);
  return {
    slug: patch.slug === undefined ? before.slug : givenSlug(patch.slug, before.slug),
    name: patch.name ?? before.name,
    url: keep(keptAddress(patch.url, before.url), before.url),
    creditLine: keep(patch.creditLine, before.creditLine),
    licence: keep(patch.licence, before.licence),
    logoUrl: keep(keptAddress(patch.logoUrl, before.logoUrl), before.logoUrl),
    language: keep(patch.language, before.language),
    itemsFrom: patch.itemsFrom ?? before.itemsFrom,
  };
}

export function sourceService({
  db,
  cursors,
  publicUrl,
}: {
  db: Db;
  cursors: Cursors;
  publicUrl: string;
}): SourceService {
  const kind = sourceKind(publicUrl);
  return {
    list: ({ limit, after }) => listLabels(db.read, kind, cursors, { limit, after }),

    async get(segment) {
      const found = await findByName(db.read, kind, refOf(segment));
      if (found === null) throw notFound();
      return found;
    },

    create(
      actor,
      {
        name,
        slug,
        url = null,
        creditLine = null,
        licence = null,
        logoUrl = null,
        language = null,
        itemsFrom = 'authors',
      },
      call,
    ) {
      return createLabel(db, kind, {
        id: newId(),
        name,
        slug: slug === undefined ? undefined : givenSlug(slug),
        content: (chosen) => ({ slug: chosen, name, url, creditLine, licence, logoUrl, language, itemsFrom }),
        record: (tx, made) => recordLabel(tx, 'source', 'created', made, causeOf(actor, call)),
      });
    },

    async update({ actor, segment, ifMatch, call }, patch) {
      return changeLabel(db, kind, refOf(segment), {
        check: (version) => checkPrecondition(ifMatch, version),
        content: (before) => patched(before, patch),
        record: (tx, change) => recordLabel(tx, 'source', 'updated', change, causeOf(actor, call)),
      });
    },

    async remove({ actor, segment, ifMatch, call }, reassignTo) {
      const from = refOf(segment);
      const check = (version: number) => checkPrecondition(ifMatch, version);
      const cause = causeOf(actor, call);
      if (reassignTo === undefined) {
        return removeLabel(db, kind, from, {
          check,
          record: (tx, removed) => recordLabel(tx, 'source', 'deleted', removed, cause),
        });
      }
      const move = {
        from,
        to: reassignTo,
        place: { in: 'query', pointer: '/reassignTo' } as const,
        sameCode: 'reassign-to-itself',
        actorId: actor.userId,
        check,
        record: (tx: Tx, moved: Moved) => recordMove(tx, 'source', 'deleted', moved, cause),
      };
      await namingShared(db.read, move, () => moveLabel(db, kind, move));
    },
  };
}
