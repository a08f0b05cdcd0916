-- AlterTable
ALTER TABLE "events" ADD COLUMN     "key_id" UUID;

-- CreateTable
CREATE TABLE "access_keys" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "read_only" BOOLEAN NOT NULL,
    "source_ids" UUID[] DEFAULT ARRAY[]::UUID[],
    "tag_ids" UUID[] DEFAULT ARRAY[]::UUID[],
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT date_trunc('milliseconds', now()),
    "expires_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "access_keys_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "access_keys_user_id_idx" ON "access_keys"("user_id");

-- AddForeignKey
ALTER TABLE "access_keys" ADD CONSTRAINT "access_keys_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE NO ACTION;

ALTER TABLE "access_keys" ADD CONSTRAINT "access_keys_role_check" CHECK ("role" IN ('viewer', 'author', 'editor', 'admin'));

-- Who did what to which thing, when, by which key and request: newest first.
CREATE INDEX "events_subject_id_seq_idx" ON "events"("subject_id", "seq");
CREATE INDEX "events_actor_id_seq_idx" ON "events"("actor_id", "seq");
CREATE INDEX "events_key_id_seq_idx" ON "events"("key_id", "seq");
CREATE INDEX "events_request_id_seq_idx" ON "events"("request_id", "seq");
CREATE INDEX "events_type_seq_idx" ON "events"("type", "seq");
CREATE INDEX "events_at_seq_idx" ON "events"("at", "seq");
