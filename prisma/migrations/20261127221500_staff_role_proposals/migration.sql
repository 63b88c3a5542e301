-- A role of the judiciary, or of a court's manager: one registrar proposes it, a second one approves. The
-- release before does not know it.
CREATE TABLE "staff_role_proposals" (
    "id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "role" TEXT NOT NULL,
    "court_id" TEXT,
    "reason" TEXT NOT NULL,
    "proposed_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_by" UUID,
    "decision_reason" TEXT,
    "ended_at" TIMESTAMPTZ(3),
    "ending" TEXT,

    CONSTRAINT "staff_role_proposals_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "staff_role_proposals_expires_at_idx" ON "staff_role_proposals"("expires_at");
-- Of one role for one person one waits at most.
CREATE UNIQUE INDEX "staff_role_proposals_open_key"
    ON "staff_role_proposals"("account_id", "role", COALESCE("court_id", ''))
    WHERE "ended_at" IS NULL;

ALTER TABLE "staff_role_proposals" ADD CONSTRAINT "staff_role_proposals_court_belongs_to_role"
  CHECK (("role" = 'court-manager') = ("court_id" IS NOT NULL));
-- Nobody decides on oneself, and nobody is the second person after oneself.
ALTER TABLE "staff_role_proposals" ADD CONSTRAINT "staff_role_proposals_of_other_people"
  CHECK ("proposed_by" <> "account_id" AND "decided_by" <> "account_id");
ALTER TABLE "staff_role_proposals" ADD CONSTRAINT "staff_role_proposals_two_people"
  CHECK ("ending" <> 'approved' OR ("decided_by" IS NOT NULL AND "decided_by" <> "proposed_by"));
