-- What events are searched by, filled beside the requests: an index on audit_events would be paid by
-- every sign-in, and making it would hold up the release before.
CREATE TABLE "audit_search" (
    "event_id" BIGINT NOT NULL,
    "client_id" TEXT,
    "court_id" TEXT,
    -- The beginning of the request id. Compared byte by byte, so that an index finds a shorter one, too.
    "request" TEXT COLLATE "C",

    CONSTRAINT "audit_search_pkey" PRIMARY KEY ("event_id")
);
CREATE INDEX "audit_search_client_id_event_id_idx" ON "audit_search"("client_id", "event_id");
CREATE INDEX "audit_search_court_id_event_id_idx" ON "audit_search"("court_id", "event_id");
CREATE INDEX "audit_search_request_event_id_idx" ON "audit_search"("request", "event_id");

-- Where an event cannot be changed, it cannot be hidden from a search either.
CREATE TRIGGER audit_search_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_search"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
