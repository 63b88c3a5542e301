-- A notice whose message a mail server refused has told nobody.
ALTER TABLE "go_live_notices" ADD COLUMN "refused_at" TIMESTAMPTZ(3);
