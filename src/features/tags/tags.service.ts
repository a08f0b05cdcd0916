import type { Cursors } from '../../core/page.ts';
import type { Db } from '../../db/client.ts';
import { type LabelService, labelService } from '../../labels/service.ts';
import { tagKind } from './tags.repository.ts';
import type { TagCreate, TagPatch } from './tags.schema.ts';

export type TagService = LabelService<TagCreate, TagPatch>;

export const tagService = (parts: { db: Db; cursors: Cursors }): TagService =>
  labelService(parts, tagKind, {
    created: ({ name, description = null }, slug) => ({ slug, name, description }),
    patched: (before, patch, slug) => ({
      slug,
      name: patch.name ?? before.name,
      description: patch.description === undefined ? before.description : patch.description,
    }),
  });
