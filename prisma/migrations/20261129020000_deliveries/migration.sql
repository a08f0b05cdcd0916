-- What sending needs besides: which taking of deliveries was the last of a webhook, how often a purge is still repeated,
-- and where what is under way, and what is a test, is found.

ALTER TABLE "webhooks" ADD COLUMN "turn" BIGINT NOT NULL DEFAULT 0;

ALTER TABLE "webhook_deliveries" ADD COLUMN "repeats" INTEGER NOT NULL DEFAULT 0;

CREATE INDEX "webhook_deliveries_leased_idx" ON "webhook_deliveries"("webhook_id", "lease_until") WHERE "lease_until" IS NOT NULL;

CREATE INDEX "webhook_deliveries_ping_idx" ON "webhook_deliveries"("webhook_id") WHERE "state" = 'waiting' AND "purpose" = 'ping';
