-- A link whose reason has gone is told apart from one that was pressed. It is used up as before, so that
-- the release before does not take it.
ALTER TABLE "one_use_links" ADD COLUMN "is_voided" BOOLEAN NOT NULL DEFAULT false;
