-- Another e-mail address for somebody who lost the mailbox: one support person proposes it, a second one
-- approves, and a press of its reader makes it the account's. The release before does not know it.
CREATE TABLE "address_proposals" (
    "id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "from_email" TEXT,
    "to_email" TEXT NOT NULL,
    "proof" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "proposed_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "approved_by" UUID,
    "approved_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "ending" TEXT,

    CONSTRAINT "address_proposals_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "address_proposals_account_id_idx" ON "address_proposals"("account_id");
CREATE INDEX "address_proposals_expires_at_idx" ON "address_proposals"("expires_at");
-- Of an account one waits at most.
CREATE UNIQUE INDEX "address_proposals_open_key" ON "address_proposals"("account_id")
    WHERE "ended_at" IS NULL;
