-- What the PACER Service Center did with an account, and why. The release before does not know it.
CREATE TABLE "support_notes" (
    "id" BIGSERIAL NOT NULL,
    "account_id" UUID NOT NULL,
    "staff_id" UUID NOT NULL,
    "act" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "support_notes_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "support_notes_account_id_idx" ON "support_notes"("account_id");
