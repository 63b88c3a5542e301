-- Counts what ended the sign-ins of an account, so that one that was begun before is known. The release
-- before does not know it, and reads and writes accounts as ever.
ALTER TABLE "accounts" ADD COLUMN "sign_in_stand" INTEGER NOT NULL DEFAULT 0;
