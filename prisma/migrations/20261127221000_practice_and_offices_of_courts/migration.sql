-- What each court takes, asks and says, and its offices. One row a version, and no version is ever written
-- again: what somebody asked for is read with the questions of its day. The release before knows neither.
CREATE TABLE "court_practices" (
    "court_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "takes" TEXT[],
    "roles" TEXT[],
    "questions" JSONB NOT NULL,
    "terms_text" TEXT,
    "terms_version" INTEGER NOT NULL,
    "delivery_preferences" TEXT[],
    "delivery_formats" TEXT[],
    "old_accounts" TEXT NOT NULL,
    "late_after_days" INTEGER NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,
    "changed_by" UUID,

    CONSTRAINT "court_practices_pkey" PRIMARY KEY ("court_id", "version"),
    CONSTRAINT "court_practices_version_check" CHECK ("version" > 0),
    CONSTRAINT "court_practices_terms_check"
        CHECK ("terms_version" >= 0 AND ("terms_text" IS NULL OR "terms_version" > 0)),
    CONSTRAINT "court_practices_old_accounts_check"
        CHECK ("old_accounts" IN ('link-instead', 'clerk-links')),
    CONSTRAINT "court_practices_late_check" CHECK ("late_after_days" BETWEEN 1 AND 60)
);

CREATE TABLE "court_offices" (
    "court_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "offices" JSONB NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,
    "changed_by" UUID,

    CONSTRAINT "court_offices_pkey" PRIMARY KEY ("court_id", "version"),
    CONSTRAINT "court_offices_version_check" CHECK ("version" > 0)
);

ALTER TABLE "court_practices" ADD CONSTRAINT "court_practices_court_id_fkey"
    FOREIGN KEY ("court_id") REFERENCES "courts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "court_offices" ADD CONSTRAINT "court_offices_court_id_fkey"
    FOREIGN KEY ("court_id") REFERENCES "courts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE FUNCTION refuse_version_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a version is never changed: % on % refused', TG_OP, TG_TABLE_NAME;
END
$$;

CREATE TRIGGER court_practices_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "court_practices"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_version_change();

CREATE TRIGGER court_offices_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "court_offices"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_version_change();
