import { labelRefOf } from '../../core/label-ref.ts';
import type { Cursors } from '../../core/page.ts';
import { keptAddress } from '../../core/web-address.ts';
import type { Db } from '../../db/client.ts';
import { type LabelService, labelService } from '../../labels/service.ts';
import { namingShared, type SourceContent, sourceKind } from './sources.repository.ts';
import type { SourceCreate, SourcePatch } from './sources.schema.ts';

export type SourceService = Omit<LabelService<SourceCreate, SourcePatch>, 'merge'>;

const created = (body: SourceCreate, slug: string): SourceContent => ({
  slug,
  name: body.name,
  url: body.url ?? null,
  creditLine: body.creditLine ?? null,
  licence: body.licence ?? null,
  logoUrl: body.logoUrl ?? null,
  language: body.language ?? null,
  itemsFrom: body.itemsFrom ?? 'authors',
});

function patched(before: SourceContent, patch: SourcePatch, slug: string): SourceContent {
  const keep = (value: string | null | undefined, old: string | null) => (value === undefined ? old : value);
  return {
    slug,
    name: patch.name ?? before.name,
    url: keep(keptAddress(patch.url, before.url), before.url),
    creditLine: keep(patch.creditLine, before.creditLine),
    licence: keep(patch.licence, before.licence),
    logoUrl: keep(keptAddress(patch.logoUrl, before.logoUrl), before.logoUrl),
    language: keep(patch.language, before.language),
    itemsFrom: patch.itemsFrom ?? before.itemsFrom,
  };
}

export function sourceService(parts: { db: Db; cursors: Cursors; publicUrl: string }): SourceService {
  const { feed, list, get, create, update, remove } = labelService(parts, sourceKind(parts.publicUrl), {
    created,
    patched,
  });
  return {
    feed,
    list,
    get,
    create,
    update,
    async remove(of, reassignTo) {
      if (reassignTo === undefined) return remove(of);
      const move = { from: labelRefOf(of.segment), to: reassignTo };
      await namingShared(parts.db.read, move, () => remove(of, reassignTo));
    },
  };
}
