-- A CM/ECF account is of one person, however its name is spelled. Nothing is written meanwhile.
LOCK TABLE "rights" IN SHARE ROW EXCLUSIVE MODE;

-- Where two people have one at a court already, in two spellings, neither loses it: all but one are marked, and
-- the server warns of them until the court has decided whose it is.
ALTER TABLE "rights" ADD COLUMN "is_filer_doubled" BOOLEAN NOT NULL DEFAULT false;
UPDATE "rights" SET "is_filer_doubled" = true
  FROM (SELECT "account_id", "court_id", row_number() OVER
      (PARTITION BY "court_id", lower("filer_id") ORDER BY "account_id") AS "place"
    FROM "rights" WHERE "filer_id" IS NOT NULL) "spelled"
  WHERE "spelled"."place" > 1 AND "rights"."account_id" = "spelled"."account_id"
    AND "rights"."court_id" = "spelled"."court_id";

-- The index of before stays for the release before, which tells of it by name.
CREATE UNIQUE INDEX "rights_court_id_filer_any_spelling_key" ON "rights"("court_id", lower("filer_id"))
  WHERE NOT "is_filer_doubled";
CREATE INDEX "rights_filer_doubled_idx" ON "rights"("court_id", lower("filer_id")) WHERE "is_filer_doubled";

-- A mark goes with the CM/ECF account that it is about,
CREATE FUNCTION end_filer_double() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW."is_filer_doubled" := false;
  RETURN NEW;
END $$;
CREATE TRIGGER rights_end_filer_double BEFORE UPDATE ON "rights" FOR EACH ROW
  WHEN (OLD."is_filer_doubled" AND lower(OLD."filer_id") IS DISTINCT FROM lower(NEW."filer_id"))
  EXECUTE FUNCTION end_filer_double();

-- and where the one without a mark gives it up, one that has it is marked no more.
CREATE FUNCTION settle_filer_double() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE "rights" SET "is_filer_doubled" = false WHERE "court_id" = OLD."court_id" AND "account_id" =
    (SELECT "account_id" FROM "rights" WHERE "court_id" = OLD."court_id" AND "is_filer_doubled"
        AND lower("filer_id") = lower(OLD."filer_id") ORDER BY "account_id" LIMIT 1);
  RETURN NULL;
END $$;
CREATE TRIGGER rights_settle_filer_double AFTER UPDATE ON "rights" FOR EACH ROW
  WHEN (NOT OLD."is_filer_doubled" AND OLD."filer_id" IS NOT NULL
    AND lower(OLD."filer_id") IS DISTINCT FROM lower(NEW."filer_id"))
  EXECUTE FUNCTION settle_filer_double();
