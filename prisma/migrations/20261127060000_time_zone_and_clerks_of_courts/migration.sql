-- The facts come with the release and are loaded at its start; until then days stay what they were in
-- the release before, days of UTC.
ALTER TABLE "courts" ADD COLUMN "time_zone" TEXT NOT NULL DEFAULT 'UTC',
  ADD COLUMN "seat" TEXT,
  ADD COLUMN "clerk_offices" JSONB NOT NULL DEFAULT '[]',
  ADD COLUMN "clerk_offices_as_of" DATE;
