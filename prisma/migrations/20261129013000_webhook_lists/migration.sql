-- Removing a webhook would remove hundreds of thousands of rows in one statement. Housekeeping removes them in small ones.
-- DropForeignKey
ALTER TABLE "webhook_deliveries" DROP CONSTRAINT "webhook_deliveries_webhook_id_fkey";

-- Lists of deliveries, newest first, and what housekeeping removes.

-- CreateIndex
CREATE INDEX "webhook_deliveries_webhook_id_created_at_id_idx" ON "webhook_deliveries"("webhook_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "webhook_attempts_at_idx" ON "webhook_attempts"("at");

CREATE INDEX "webhook_deliveries_dead_idx" ON "webhook_deliveries"("webhook_id", "created_at", "id") WHERE "state" = 'dead';
