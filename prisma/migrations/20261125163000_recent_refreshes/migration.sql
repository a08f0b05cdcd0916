-- When the newest tokens of a family were used: each gives its successor again for a while, also after that was used.
ALTER TABLE "sessions" ADD COLUMN "recent_uses" TIMESTAMPTZ(3)[] NOT NULL DEFAULT ARRAY[]::TIMESTAMPTZ(3)[];
UPDATE "sessions" SET "recent_uses" = ARRAY["rotated_at"] WHERE "rotated_at" IS NOT NULL;
ALTER TABLE "sessions" DROP COLUMN "rotated_at";
-- A fingerprint is keyed from now on and an answer sealed; those of before can be neither compared nor opened.
DELETE FROM "idempotency_keys";
ALTER TABLE "idempotency_keys" DROP COLUMN "headers";
ALTER TABLE "idempotency_keys" RENAME COLUMN "body" TO "answer";
