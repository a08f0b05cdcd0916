-- AlterTable
ALTER TABLE "articles" ADD COLUMN     "corrections" JSONB NOT NULL DEFAULT '[]',
ADD COLUMN     "item_version" INTEGER,
ADD COLUMN     "modified_at" TIMESTAMPTZ(3),
ADD COLUMN     "story_id" UUID,
ADD COLUMN     "title_words" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- AlterTable
ALTER TABLE "revisions" ADD COLUMN     "changed" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- CreateIndex
CREATE INDEX "articles_story_id_idx" ON "articles"("story_id");

ALTER TABLE "articles" ADD CONSTRAINT "articles_corrections_check" CHECK (jsonb_typeof("corrections") = 'array');

-- Words of titles, for the lists of staff.
CREATE INDEX "articles_title_words_idx" ON "articles" USING gin ("title_words");
-- What was deleted, newest first.
CREATE INDEX "articles_trash_idx" ON "articles" ("deleted_at" DESC, "id" DESC) WHERE "deleted_at" IS NOT NULL;
CREATE INDEX "articles_updated_by_id_idx" ON "articles" ("updated_by_id");
-- Old slugs in order, for edges.
CREATE INDEX "slug_history_slug_c_idx" ON "slug_history" ("slug" COLLATE "C");
-- Two articles may swap slugs within one transaction that asks for it.
ALTER TABLE "articles" ADD CONSTRAINT "articles_slug_key" UNIQUE USING INDEX "articles_slug_key" DEFERRABLE INITIALLY IMMEDIATE;
