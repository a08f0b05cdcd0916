-- The instants to come at which readers get an article, or have it no longer.

-- CreateTable
CREATE TABLE "due" (
    "article_id" UUID NOT NULL,
    "what" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "due_pkey" PRIMARY KEY ("article_id","what")
);

-- CreateIndex
CREATE INDEX "due_at_article_id_idx" ON "due"("at", "article_id");

-- AddForeignKey
ALTER TABLE "due" ADD CONSTRAINT "due_article_id_fkey" FOREIGN KEY ("article_id") REFERENCES "articles"("id") ON DELETE CASCADE ON UPDATE NO ACTION;

ALTER TABLE "due" ADD CONSTRAINT "due_what_check" CHECK ("what" IN ('published', 'expired'));

INSERT INTO "due" ("article_id", "what", "at")
SELECT a."id", i."what", i."at" FROM "articles" a, LATERAL (VALUES ('published', a."published_at"), ('expired', a."expires_at")) i ("what", "at")
WHERE a."status" = 'published' AND a."deleted_at" IS NULL AND i."at" > now();
