-- What has an end: few articles do, and a count of the expired must not read the others.
CREATE INDEX "articles_expiry_idx" ON "articles" ("expires_at", "published_at") WHERE "status" = 'published' AND "deleted_at" IS NULL AND "expires_at" IS NOT NULL;
