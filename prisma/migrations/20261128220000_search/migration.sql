-- CreateTable
CREATE TABLE "search_entries" (
    "article_id" UUID NOT NULL,
    "rules" SMALLINT NOT NULL,
    "version" INTEGER NOT NULL,
    "published_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3),
    "terms" tsvector NOT NULL,

    CONSTRAINT "search_entries_pkey" PRIMARY KEY ("article_id","rules")
);

-- Vectors do not shrink, and the rows beside them are to stay narrow.
ALTER TABLE "search_entries" ALTER COLUMN "terms" SET STORAGE EXTERNAL;

-- AddForeignKey
ALTER TABLE "search_entries" ADD CONSTRAINT "search_entries_article_id_fkey" FOREIGN KEY ("article_id") REFERENCES "articles"("id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- CreateIndex
-- Some 80 articles are added to the index at once, which halves what it adds to a write; searches look through those besides.
CREATE INDEX "search_entries_terms_idx" ON "search_entries" USING gin ("terms") WITH (fastupdate = on, gin_pending_list_limit = 1024);

-- CreateTable
CREATE TABLE "search_aliases" (
    "words" TEXT NOT NULL,

    CONSTRAINT "search_aliases_pkey" PRIMARY KEY ("words")
);

-- The version of the rules whose entries searches read. Articles that have no entry yet get one in the background.
INSERT INTO "settings" ("name", "value") VALUES ('search rules', '1') ON CONFLICT DO NOTHING;
