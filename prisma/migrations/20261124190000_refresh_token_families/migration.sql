-- One row per family of refresh tokens: "id" names the family, "newest" is the one token of it that
-- is good. Rows of the release before have none and are never found again; they live twelve hours.
ALTER TABLE "refresh_tokens" ADD COLUMN "newest" TEXT;
