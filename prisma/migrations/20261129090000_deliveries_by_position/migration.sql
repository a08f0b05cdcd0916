-- A failing endpoint is tried with the oldest that waits: found without a walk past all that was ever sent there.

-- DropIndex
DROP INDEX "webhook_deliveries_webhook_id_position_idx";

CREATE INDEX "webhook_deliveries_waiting_by_position_idx" ON "webhook_deliveries"("webhook_id", "position") WHERE "state" = 'waiting';
