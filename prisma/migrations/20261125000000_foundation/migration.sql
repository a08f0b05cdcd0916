
-- CreateTable
CREATE TABLE "users" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "initials" TEXT,
    "role" TEXT NOT NULL,
    "password_hash" TEXT NOT NULL,
    "token_epoch" INTEGER NOT NULL DEFAULT 1,
    "version" INTEGER NOT NULL DEFAULT 1,
    "disabled_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT date_trunc('milliseconds', now()),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT date_trunc('milliseconds', now()),

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sessions" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "generation" INTEGER NOT NULL DEFAULT 1,
    "token_hash" TEXT NOT NULL,
    "rotated_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT date_trunc('milliseconds', now()),
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "sessions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sources" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "identity_key" TEXT NOT NULL,
    "url" TEXT,
    "credit_line" TEXT,
    "licence" TEXT,
    "logo_url" TEXT,
    "language" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT date_trunc('milliseconds', now()),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT date_trunc('milliseconds', now()),

    CONSTRAINT "sources_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tags" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "identity_key" TEXT NOT NULL,
    "description" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT date_trunc('milliseconds', now()),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT date_trunc('milliseconds', now()),

    CONSTRAINT "tags_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "articles" (
    "id" UUID NOT NULL,
    "language" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "slug_derived" BOOLEAN NOT NULL,
    "kicker" TEXT,
    "title" TEXT NOT NULL,
    "excerpt" TEXT,
    "body" TEXT NOT NULL,
    "body_format" TEXT NOT NULL,
    "body_html" TEXT NOT NULL,
    "cover" JSONB,
    "byline" TEXT,
    "desk_initials" TEXT,
    "source_id" UUID,
    "source_url" TEXT,
    "source_item_id" TEXT,
    "status" TEXT NOT NULL,
    "published_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3),
    "first_published_at" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_by_id" UUID,
    "updated_by_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT date_trunc('milliseconds', now()),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT date_trunc('milliseconds', now()),
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "articles_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "article_tags" (
    "article_id" UUID NOT NULL,
    "tag_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "listed_at" TIMESTAMPTZ(3),

    CONSTRAINT "article_tags_pkey" PRIMARY KEY ("article_id","tag_id")
);

-- CreateTable
CREATE TABLE "revisions" (
    "article_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "step" TEXT NOT NULL,
    "snapshot" JSONB NOT NULL,
    "note" TEXT,
    "actor_id" UUID,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT date_trunc('milliseconds', now()),

    CONSTRAINT "revisions_pkey" PRIMARY KEY ("article_id","version")
);

-- CreateTable
CREATE TABLE "slug_history" (
    "slug" TEXT NOT NULL,
    "article_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT date_trunc('milliseconds', now()),

    CONSTRAINT "slug_history_pkey" PRIMARY KEY ("slug")
);

-- CreateTable
CREATE TABLE "events" (
    "seq" BIGSERIAL NOT NULL,
    "id" UUID NOT NULL,
    "type" TEXT NOT NULL,
    "subject_type" TEXT NOT NULL,
    "subject_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "actor_id" UUID,
    "request_id" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT date_trunc('milliseconds', now()),
    "tx_id" xid8 NOT NULL DEFAULT pg_current_xact_id(),
    "keys" TEXT[],
    "data" JSONB NOT NULL,

    CONSTRAINT "events_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "rate_limits" (
    "key" TEXT NOT NULL,
    "points" INTEGER NOT NULL DEFAULT 0,
    "expire" BIGINT,

    CONSTRAINT "rate_limits_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE UNIQUE INDEX "users_email_key" ON "users"("email");

-- CreateIndex
CREATE INDEX "sessions_user_id_idx" ON "sessions"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "sources_slug_key" ON "sources"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "sources_identity_key_key" ON "sources"("identity_key");

-- CreateIndex
CREATE UNIQUE INDEX "tags_slug_key" ON "tags"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "tags_identity_key_key" ON "tags"("identity_key");

-- CreateIndex
CREATE UNIQUE INDEX "articles_slug_key" ON "articles"("slug");

-- CreateIndex
CREATE INDEX "articles_created_by_id_idx" ON "articles"("created_by_id");

-- CreateIndex
CREATE UNIQUE INDEX "articles_source_id_source_item_id_key" ON "articles"("source_id", "source_item_id");

-- CreateIndex
CREATE INDEX "article_tags_tag_id_idx" ON "article_tags"("tag_id");

-- CreateIndex
CREATE INDEX "slug_history_article_id_idx" ON "slug_history"("article_id");

-- CreateIndex
CREATE UNIQUE INDEX "events_id_key" ON "events"("id");

-- CreateIndex
CREATE INDEX "events_tx_id_seq_idx" ON "events"("tx_id", "seq");

-- AddForeignKey
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "articles" ADD CONSTRAINT "articles_source_id_fkey" FOREIGN KEY ("source_id") REFERENCES "sources"("id") ON DELETE RESTRICT ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "articles" ADD CONSTRAINT "articles_created_by_id_fkey" FOREIGN KEY ("created_by_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "articles" ADD CONSTRAINT "articles_updated_by_id_fkey" FOREIGN KEY ("updated_by_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "article_tags" ADD CONSTRAINT "article_tags_article_id_fkey" FOREIGN KEY ("article_id") REFERENCES "articles"("id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "article_tags" ADD CONSTRAINT "article_tags_tag_id_fkey" FOREIGN KEY ("tag_id") REFERENCES "tags"("id") ON DELETE RESTRICT ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "revisions" ADD CONSTRAINT "revisions_article_id_fkey" FOREIGN KEY ("article_id") REFERENCES "articles"("id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "revisions" ADD CONSTRAINT "revisions_actor_id_fkey" FOREIGN KEY ("actor_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "slug_history" ADD CONSTRAINT "slug_history_article_id_fkey" FOREIGN KEY ("article_id") REFERENCES "articles"("id") ON DELETE CASCADE ON UPDATE NO ACTION;


-- What the schema language cannot say: constraints, partial indexes, a trigger.

ALTER TABLE "users"
  ADD CONSTRAINT "users_email_check" CHECK ("email" IS NFC NORMALIZED AND "email" = lower("email")),
  ADD CONSTRAINT "users_role_check" CHECK ("role" IN ('viewer', 'author', 'editor', 'admin'));

ALTER TABLE "sources"
  ADD CONSTRAINT "sources_slug_check" CHECK ("slug" IS NFC NORMALIZED AND "slug" <> '' AND octet_length("slug") <= 600),
  ADD CONSTRAINT "sources_name_check" CHECK ("name" IS NFC NORMALIZED AND "name" <> ''),
  ADD CONSTRAINT "sources_identity_key_check" CHECK ("identity_key" IS NFC NORMALIZED AND "identity_key" <> '');

ALTER TABLE "tags"
  ADD CONSTRAINT "tags_slug_check" CHECK ("slug" IS NFC NORMALIZED AND "slug" <> '' AND octet_length("slug") <= 600),
  ADD CONSTRAINT "tags_name_check" CHECK ("name" IS NFC NORMALIZED AND "name" <> ''),
  ADD CONSTRAINT "tags_identity_key_check" CHECK ("identity_key" IS NFC NORMALIZED AND "identity_key" <> '');

ALTER TABLE "articles"
  ADD CONSTRAINT "articles_slug_check" CHECK ("slug" IS NFC NORMALIZED AND "slug" <> '' AND octet_length("slug") <= 600),
  ADD CONSTRAINT "articles_title_check" CHECK ("title" IS NFC NORMALIZED AND "title" <> ''),
  ADD CONSTRAINT "articles_body_format_check" CHECK ("body_format" IN ('html', 'markdown', 'text')),
  ADD CONSTRAINT "articles_status_check" CHECK ("status" IN ('draft', 'review', 'published', 'archived')),
  ADD CONSTRAINT "articles_published_at_check" CHECK ("status" <> 'published' OR ("published_at" IS NOT NULL AND "first_published_at" IS NOT NULL)),
  ADD CONSTRAINT "articles_expires_at_check" CHECK ("expires_at" IS NULL OR "published_at" IS NULL OR "expires_at" > "published_at"),
  ADD CONSTRAINT "articles_source_item_id_check" CHECK ("source_item_id" IS NULL OR "source_id" IS NOT NULL),
  ADD CONSTRAINT "articles_version_check" CHECK ("version" >= 1);

ALTER TABLE "slug_history"
  ADD CONSTRAINT "slug_history_slug_check" CHECK ("slug" IS NFC NORMALIZED AND "slug" <> '');

-- Keyset order of the public lists: by nothing, source, language; by title; by tag.
CREATE INDEX "articles_public_idx" ON "articles" ("published_at" DESC, "id" DESC) WHERE "status" = 'published' AND "deleted_at" IS NULL;
CREATE INDEX "articles_public_source_idx" ON "articles" ("source_id", "published_at" DESC, "id" DESC) WHERE "status" = 'published' AND "deleted_at" IS NULL;
CREATE INDEX "articles_public_language_idx" ON "articles" ("language", "published_at" DESC, "id" DESC) WHERE "status" = 'published' AND "deleted_at" IS NULL;
CREATE INDEX "articles_public_title_idx" ON "articles" ("title" COLLATE "C", "id") WHERE "status" = 'published' AND "deleted_at" IS NULL;
CREATE INDEX "article_tags_listed_idx" ON "article_tags" ("tag_id", "listed_at" DESC, "article_id" DESC) WHERE "listed_at" IS NOT NULL;

-- Keyset order of the lists of staff.
CREATE INDEX "articles_staff_updated_idx" ON "articles" ("updated_at" DESC, "id" DESC) WHERE "deleted_at" IS NULL;
CREATE INDEX "articles_staff_published_idx" ON "articles" ((coalesce("published_at", 'infinity'::timestamptz)) DESC, "id" DESC) WHERE "deleted_at" IS NULL;
CREATE INDEX "articles_staff_title_idx" ON "articles" ("title" COLLATE "C", "id") WHERE "deleted_at" IS NULL;
CREATE INDEX "articles_staff_status_idx" ON "articles" ("status", "updated_at" DESC, "id" DESC) WHERE "deleted_at" IS NULL AND "status" <> 'published';

CREATE INDEX "sources_slug_c_idx" ON "sources" ("slug" COLLATE "C");
CREATE INDEX "tags_slug_c_idx" ON "tags" ("slug" COLLATE "C");

-- article_tags.listed_at mirrors what makes an article appear in the public lists, so that a list by tag is one index.
CREATE FUNCTION "article_tag_listed"() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  SELECT CASE WHEN a.status = 'published' AND a.deleted_at IS NULL THEN a.published_at END
    INTO NEW.listed_at FROM articles a WHERE a.id = NEW.article_id;
  RETURN NEW;
END $$;
CREATE TRIGGER "article_tags_listed" BEFORE INSERT ON "article_tags" FOR EACH ROW EXECUTE FUNCTION "article_tag_listed"();

CREATE FUNCTION "article_listed"() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  UPDATE article_tags t
     SET listed_at = CASE WHEN NEW.status = 'published' AND NEW.deleted_at IS NULL THEN NEW.published_at END
   WHERE t.article_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER "articles_listed" AFTER UPDATE OF "status", "published_at", "deleted_at" ON "articles" FOR EACH ROW
  WHEN ((OLD.status, OLD.published_at, OLD.deleted_at) IS DISTINCT FROM (NEW.status, NEW.published_at, NEW.deleted_at))
  EXECUTE FUNCTION "article_listed"();
