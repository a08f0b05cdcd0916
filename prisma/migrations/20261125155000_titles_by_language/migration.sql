-- Titles of one language: those of the other scripts stand together, and would be read through to come to its first.
CREATE INDEX "articles_language_title_idx" ON "articles" ("language", "title" COLLATE "C", "id") WHERE "deleted_at" IS NULL;
