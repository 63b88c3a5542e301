-- Attempts that are being looked at, apart from those that were wrong. The release before counts each
-- attempt as a failure from its start and leaves these two alone.
ALTER TABLE "sign_in_failures" ADD COLUMN "pending" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN "pending_until" TIMESTAMPTZ(3);
