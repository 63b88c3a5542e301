-- How many are linked at a court over time, and of which old passwords a hash is still kept, is asked often.
CREATE INDEX "account_links_court_id_linked_at_idx" ON "account_links"("court_id", "linked_at");
CREATE INDEX "imported_accounts_password_idx" ON "imported_accounts"("court_id") WHERE "password_hash" IS NOT NULL;
