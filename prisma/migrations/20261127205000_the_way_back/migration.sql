-- Questions after the way back into an account, until a job has answered them by mail; and changes of an
-- e-mail address, which count when somebody reads the mail of the new one.
CREATE TABLE "recoveries" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "typed" TEXT NOT NULL,
    "client_id" TEXT,
    "ip" TEXT,
    "request_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "recoveries_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "recoveries_created_at_idx" ON "recoveries"("created_at");

CREATE TABLE "email_changes" (
    "id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "from_email" TEXT,
    "to_email" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "confirmed_at" TIMESTAMPTZ(3),
    "withdrawn_at" TIMESTAMPTZ(3),

    CONSTRAINT "email_changes_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "email_changes_account_id_idx" ON "email_changes"("account_id");
CREATE INDEX "email_changes_expires_at_idx" ON "email_changes"("expires_at");
-- Of two that are asked for one counts: the later one.
CREATE UNIQUE INDEX "email_changes_open_key" ON "email_changes"("account_id")
    WHERE "confirmed_at" IS NULL AND "withdrawn_at" IS NULL;
