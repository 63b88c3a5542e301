-- Who acted, for whom, and the form in which the event is sealed: 1 is that of the release before,
-- which goes on writing it without knowing these columns.
ALTER TABLE "audit_events"
    ADD COLUMN "format" SMALLINT NOT NULL DEFAULT 1,
    ADD COLUMN "actor_kind" TEXT,
    ADD COLUMN "actor_id" TEXT,
    ADD COLUMN "principal_id" UUID;

-- Form 1 does not seal the new columns, so it has nothing in them; not checked for the rows there are.
ALTER TABLE "audit_events" ADD CONSTRAINT "audit_events_format_check"
    CHECK (("format" = 1) = ("actor_kind" IS NULL)) NOT VALID;

-- The chain over the events from form 2 on. That of form 1 (audit_links) stays as it is: the release
-- before seals and verifies it, and would take a link of another form for a broken one.
CREATE TABLE "audit_seals" (
    "position" BIGINT NOT NULL,
    "event_id" BIGINT NOT NULL,
    "format" SMALLINT NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "audit_seals_pkey" PRIMARY KEY ("position")
);
CREATE UNIQUE INDEX "audit_seals_event_id_key" ON "audit_seals"("event_id");

CREATE TABLE "audit_seal_checkpoints" (
    "position" BIGINT NOT NULL,
    "hash" BYTEA NOT NULL,
    "seal" BYTEA NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "audit_seal_checkpoints_pkey" PRIMARY KEY ("position")
);

-- Where it begins: after the events of now, on the hash of the chain of form 1.
INSERT INTO "audit_seals" ("position", "event_id", "format", "hash")
    SELECT 0, coalesce((SELECT max("id") FROM "audit_events"), 0), 0,
      coalesce((SELECT "hash" FROM "audit_links" ORDER BY "position" DESC LIMIT 1), decode(repeat('00', 32), 'hex'));

CREATE TRIGGER audit_seals_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_seals"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
