-- What an account said of its person before, where a court keeps the same in records of its own. The
-- release before does not write it.
CREATE TABLE "account_changes" (
    "id" BIGSERIAL NOT NULL,
    "account_id" UUID NOT NULL,
    "fact" TEXT NOT NULL,
    "before" TEXT[] NOT NULL,
    "after" TEXT[] NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "account_changes_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "account_changes_fact_check" CHECK ("fact" IN ('name', 'address', 'phone', 'email'))
);

CREATE INDEX "account_changes_account_id_id_idx" ON "account_changes"("account_id", "id");
CREATE INDEX "account_changes_recorded_at_idx" ON "account_changes"("recorded_at");

ALTER TABLE "account_changes" ADD CONSTRAINT "account_changes_account_id_fkey"
    FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What a person asked one court to take over, and what became of it.
CREATE TABLE "notices_of_change" (
    "id" BIGSERIAL NOT NULL,
    "account_id" UUID NOT NULL,
    "court_id" TEXT NOT NULL,
    "fact" TEXT NOT NULL,
    "before" TEXT[] NOT NULL,
    "after" TEXT[] NOT NULL,
    "up_to_change" BIGINT NOT NULL,
    "reason" TEXT NOT NULL,
    "scope" TEXT,
    "state" TEXT NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "decided_by" UUID,
    "decision_reason" TEXT,

    CONSTRAINT "notices_of_change_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "notices_of_change_fact_check" CHECK ("fact" IN ('name', 'address', 'phone', 'email')),
    CONSTRAINT "notices_of_change_state_check" CHECK
        ("state" IN ('asked', 'taken-over', 'declined', 'withdrawn')),
    CONSTRAINT "notices_of_change_ended_check" CHECK (("state" = 'asked') = ("ended_at" IS NULL)),
    -- A court's decision has somebody who made it, who is not the person; a withdrawal has nobody.
    CONSTRAINT "notices_of_change_decided_check" CHECK (CASE WHEN "state" IN ('taken-over', 'declined')
        THEN "decided_by" IS NOT NULL AND "decided_by" <> "account_id" ELSE "decided_by" IS NULL END),
    CONSTRAINT "notices_of_change_reason_check" CHECK
        (("state" = 'declined') = ("decision_reason" IS NOT NULL))
);

-- Of one fact of one person one waits at a court at most.
CREATE UNIQUE INDEX "notices_of_change_asked_key" ON "notices_of_change"("account_id", "court_id", "fact")
    WHERE "state" = 'asked';
CREATE INDEX "notices_of_change_account_id_id_idx" ON "notices_of_change"("account_id", "id");
CREATE INDEX "notices_of_change_court_id_state_id_idx" ON "notices_of_change"("court_id", "state", "id");

ALTER TABLE "notices_of_change" ADD CONSTRAINT "notices_of_change_account_id_fkey"
    FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "notices_of_change" ADD CONSTRAINT "notices_of_change_court_id_fkey"
    FOREIGN KEY ("court_id") REFERENCES "courts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
