-- What must be remembered: what a source has sent, which slugs and ids labels had, whose key made a link, who may send
-- a source's items, and by which form of the folding an identity key was made.

-- AlterTable
ALTER TABLE "previews" ADD COLUMN     "key_id" UUID;

-- AlterTable
ALTER TABLE "sources" ADD COLUMN     "identity_version" SMALLINT NOT NULL DEFAULT 1,
ADD COLUMN     "items_from" TEXT NOT NULL DEFAULT 'authors';

-- AlterTable
ALTER TABLE "tags" ADD COLUMN     "identity_version" SMALLINT NOT NULL DEFAULT 1;

-- CreateTable
CREATE TABLE "label_history" (
    "kind" TEXT NOT NULL,
    "was" TEXT NOT NULL,
    "tag_id" UUID,
    "source_id" UUID,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT date_trunc('milliseconds', now()),

    CONSTRAINT "label_history_pkey" PRIMARY KEY ("kind","was")
);

-- CreateTable
CREATE TABLE "source_items" (
    "source_id" UUID NOT NULL,
    "item_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "killed" BOOLEAN NOT NULL,
    "digest" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT date_trunc('milliseconds', now()),

    CONSTRAINT "source_items_pkey" PRIMARY KEY ("source_id","item_id")
);

-- CreateIndex
CREATE INDEX "label_history_tag_id_idx" ON "label_history"("tag_id");

-- CreateIndex
CREATE INDEX "label_history_source_id_idx" ON "label_history"("source_id");

-- CreateIndex
CREATE INDEX "editing_expires_at_idx" ON "editing"("expires_at");

-- CreateIndex
CREATE INDEX "previews_created_by_id_idx" ON "previews"("created_by_id");

-- CreateIndex
CREATE INDEX "previews_key_id_idx" ON "previews"("key_id");

-- CreateIndex
CREATE INDEX "previews_expires_at_idx" ON "previews"("expires_at");

-- CreateIndex
CREATE INDEX "sessions_expires_at_idx" ON "sessions"("expires_at");

-- AddForeignKey
ALTER TABLE "label_history" ADD CONSTRAINT "label_history_tag_id_fkey" FOREIGN KEY ("tag_id") REFERENCES "tags"("id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "label_history" ADD CONSTRAINT "label_history_source_id_fkey" FOREIGN KEY ("source_id") REFERENCES "sources"("id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "source_items" ADD CONSTRAINT "source_items_source_id_fkey" FOREIGN KEY ("source_id") REFERENCES "sources"("id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "previews" ADD CONSTRAINT "previews_key_id_fkey" FOREIGN KEY ("key_id") REFERENCES "access_keys"("id") ON DELETE CASCADE ON UPDATE NO ACTION;

ALTER TABLE "sources" ADD CONSTRAINT "sources_items_from_check" CHECK ("items_from" IN ('authors', 'keys'));
ALTER TABLE "label_history" ADD CONSTRAINT "label_history_kind_check" CHECK (
    ("kind" = 'tag' AND "tag_id" IS NOT NULL AND "source_id" IS NULL) OR ("kind" = 'source' AND "source_id" IS NOT NULL AND "tag_id" IS NULL)
);

-- What sources have sent until now, as far as the articles tell.
INSERT INTO "source_items" ("source_id", "item_id", "version", "killed", "at")
SELECT a."source_id", a."source_item_id", a."item_version", coalesce((
    SELECT r."step" = 'kill' FROM "revisions" r WHERE r."article_id" = a."id"
    AND (r."version" = 1 OR r."step" = 'kill' OR (r."step" = 'update' AND 'itemVersion' = ANY (r."changed") AND NOT r."changed" && ARRAY['source', 'sourceItemId']))
    ORDER BY r."version" DESC LIMIT 1), false), a."updated_at"
FROM "articles" a WHERE a."source_id" IS NOT NULL AND a."source_item_id" IS NOT NULL AND a."item_version" IS NOT NULL;

-- Slugs and ids that labels had until now, as far as the events tell: each leads to the label that is there today, or to
-- nobody where the last that had it is gone without an heir.
WITH RECURSIVE heirs ("kind", "id", "live") AS (
    SELECT 'tag', t."id", t."id" FROM "tags" t
    UNION SELECT 'source', s."id", s."id" FROM "sources" s
    UNION SELECT h."kind", e."subject_id", h."live" FROM heirs h
        JOIN "events" e ON e."subject_type" = h."kind" AND e."data"->>'into' = h."id"::text
), owners ("kind", "was", "id") AS (
    SELECT DISTINCT ON (e."subject_type", e."data"->>'slug') e."subject_type", e."data"->>'slug', e."subject_id" FROM "events" e
    WHERE e."subject_type" IN ('tag', 'source') AND e."data"->>'slug' IS NOT NULL
    ORDER BY e."subject_type", e."data"->>'slug', e."seq" DESC
), was ("kind", "was", "live") AS (
    SELECT o."kind", o."was", h."live" FROM owners o JOIN heirs h ON h."kind" = o."kind" AND h."id" = o."id"
    UNION SELECT h."kind", h."id"::text, h."live" FROM heirs h WHERE h."id" <> h."live"
)
INSERT INTO "label_history" ("kind", "was", "tag_id", "source_id")
SELECT w."kind", w."was", CASE WHEN w."kind" = 'tag' THEN w."live" END, CASE WHEN w."kind" = 'source' THEN w."live" END
FROM was w
WHERE NOT EXISTS (SELECT FROM "tags" t WHERE w."kind" = 'tag' AND t."slug" = w."was")
  AND NOT EXISTS (SELECT FROM "sources" s WHERE w."kind" = 'source' AND s."slug" = w."was");

-- A slug under which an article was public is its own also while it is withdrawn: whoever had it before gets it not again.
-- What was to come was public if its time came before the article was changed again.
INSERT INTO "slug_history" ("slug", "article_id")
SELECT a."slug", a."id" FROM "articles" a
WHERE a."first_published_at" <= now()
  AND NOT (a."status" = 'published' AND a."deleted_at" IS NULL AND a."published_at" <= now() AND (a."expires_at" IS NULL OR a."expires_at" > now()))
  AND EXISTS (SELECT FROM "revisions" r WHERE r."article_id" = a."id" AND r."snapshot"->>'slug' = a."slug"
    AND (r."snapshot"->>'status' = 'published' OR (r."snapshot"->>'status' = 'scheduled' AND (r."snapshot"->>'publishedAt')::timestamptz
      < coalesce((SELECT min(n."at") FROM "revisions" n WHERE n."article_id" = r."article_id" AND n."version" > r."version"), now()))))
ON CONFLICT ("slug") DO UPDATE SET "article_id" = EXCLUDED."article_id";
