-- What a former address tells support is looked for among all events; it is rare, and so is the index's work.
CREATE INDEX "audit_events_old_address_reports" ON "audit_events"("account_id", "id") WHERE "event" = 'account.old-address-reported';
