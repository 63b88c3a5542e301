-- The account page lists when each standing was changed, among many events of the account, and asks
-- which of the account's grants still have a refresh token.
CREATE INDEX "audit_events_standing_changes" ON "audit_events"("account_id", "id") WHERE "event" = 'standing.changed';
CREATE INDEX "refresh_tokens_grant_id_idx" ON "refresh_tokens"("grant_id");
