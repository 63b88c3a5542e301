-- The moment of a court's go-live, and when nobody files there. Once a plan is kept here it alone decides; the
-- release before knows the day, which stays beside it.
ALTER TABLE "courts"
    ADD COLUMN "has_go_live_plan" BOOLEAN NOT NULL DEFAULT false,
    ADD COLUMN "live_at" TIMESTAMPTZ(3),
    ADD COLUMN "filing_closed_from" TIMESTAMPTZ(3),
    ADD COLUMN "filing_closed_until" TIMESTAMPTZ(3),
    ADD COLUMN "takes_links" BOOLEAN NOT NULL DEFAULT false,
    ADD CONSTRAINT "courts_live_at_check" CHECK ("has_go_live_plan" OR "live_at" IS NULL),
    ADD CONSTRAINT "courts_filing_closed_check" CHECK
        (("filing_closed_from" IS NULL) = ("filing_closed_until" IS NULL)
            AND "filing_closed_from" < "filing_closed_until");

-- A version says what time alone made of it, too: the go-live, and the two ends of the days without filing; and of
-- a right its last day and that of its admission. What moves any of them leaves room for all.
CREATE OR REPLACE FUNCTION count_go_live() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW."go_live_version" := CASE WHEN COALESCE(NEW."go_live_on", NEW."live_by") < CURRENT_DATE - 1
      THEN -1 ELSE 0 END;
  ELSIF (COALESCE(NEW."go_live_on", NEW."live_by"), NEW."has_go_live_plan", NEW."live_at",
      NEW."filing_closed_from", NEW."filing_closed_until", NEW."time_zone", NEW."type")
    IS DISTINCT FROM (COALESCE(OLD."go_live_on", OLD."live_by"), OLD."has_go_live_plan", OLD."live_at",
      OLD."filing_closed_from", OLD."filing_closed_until", OLD."time_zone", OLD."type") THEN
    NEW."go_live_version" := OLD."go_live_version" + 6;
  END IF;
  RETURN NEW;
END $$;

-- What was planned for a court, one row a version; the newest one counts.
CREATE TABLE "court_go_lives" (
    "court_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "live_at" TIMESTAMPTZ(3),
    "announced_at" TIMESTAMPTZ(3),
    "legacy_closes_at" TIMESTAMPTZ(3),
    "filing_closed_from" TIMESTAMPTZ(3),
    "filing_closed_until" TIMESTAMPTZ(3),
    "requests_closed_from" TIMESTAMPTZ(3),
    "requests_closed_until" TIMESTAMPTZ(3),
    "emergency_way" TEXT,
    "notice_days" INTEGER[] NOT NULL,
    "reason" TEXT,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,
    "changed_by" UUID,

    CONSTRAINT "court_go_lives_pkey" PRIMARY KEY ("court_id", "version"),
    CONSTRAINT "court_go_lives_legacy_check" CHECK ("legacy_closes_at" IS NULL OR "legacy_closes_at" > "live_at"),
    CONSTRAINT "court_go_lives_filing_check" CHECK
        (("filing_closed_from" IS NULL) = ("filing_closed_until" IS NULL)
            AND "filing_closed_from" < "filing_closed_until"),
    CONSTRAINT "court_go_lives_requests_check" CHECK
        (("requests_closed_from" IS NULL) = ("requests_closed_until" IS NULL)
            AND "requests_closed_from" < "requests_closed_until")
);

ALTER TABLE "court_go_lives" ADD CONSTRAINT "court_go_lives_court_id_fkey"
    FOREIGN KEY ("court_id") REFERENCES "courts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- The accounts of a court's old system, as it exported them.
CREATE TABLE "imported_accounts" (
    "id" UUID NOT NULL,
    "court_id" TEXT NOT NULL,
    "login" TEXT NOT NULL,
    "login_canonical" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT,
    "email_canonical" TEXT,
    "bar_number" TEXT,
    "role" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "is_admitted" BOOLEAN NOT NULL,
    "admitted_until" DATE,
    "actions" TEXT[] NOT NULL,
    "ends_on" DATE,
    "password_settings" TEXT,
    "password_hash" TEXT,
    "import_id" BIGINT NOT NULL,
    "imported_at" TIMESTAMPTZ(3) NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,
    "tried_at" TIMESTAMPTZ(3),
    "tries_told_at" TIMESTAMPTZ(3),
    "address_refused_at" TIMESTAMPTZ(3),

    CONSTRAINT "imported_accounts_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "imported_accounts_status_check" CHECK ("status" IN ('active', 'suspended', 'inactive')),
    CONSTRAINT "imported_accounts_password_check" CHECK (("password_settings" IS NULL) = ("password_hash" IS NULL)),
    CONSTRAINT "imported_accounts_admitted_check" CHECK ("is_admitted" OR "admitted_until" IS NULL),
    CONSTRAINT "imported_accounts_email_check" CHECK (("email" IS NULL) = ("email_canonical" IS NULL))
);

CREATE UNIQUE INDEX "imported_accounts_court_id_login_canonical_key" ON "imported_accounts"("court_id", "login_canonical");
CREATE INDEX "imported_accounts_court_id_email_canonical_idx" ON "imported_accounts"("court_id", "email_canonical");
CREATE INDEX "imported_accounts_court_id_bar_number_idx" ON "imported_accounts"("court_id", "bar_number");
CREATE INDEX "imported_accounts_import_id_idx" ON "imported_accounts"("import_id");

ALTER TABLE "imported_accounts" ADD CONSTRAINT "imported_accounts_court_id_fkey"
    FOREIGN KEY ("court_id") REFERENCES "courts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Each file that was taken.
CREATE TABLE "account_imports" (
    "id" BIGSERIAL NOT NULL,
    "court_id" TEXT NOT NULL,
    "file_name" TEXT NOT NULL,
    "file_digest" TEXT NOT NULL,
    "rows" INTEGER NOT NULL,
    "added" INTEGER NOT NULL,
    "changed" INTEGER NOT NULL,
    "kept" INTEGER NOT NULL,
    "imported_at" TIMESTAMPTZ(3) NOT NULL,
    "imported_by" UUID,

    CONSTRAINT "account_imports_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "account_imports_court_id_id_idx" ON "account_imports"("court_id", "id");

ALTER TABLE "account_imports" ADD CONSTRAINT "account_imports_court_id_fkey"
    FOREIGN KEY ("court_id") REFERENCES "courts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "imported_accounts" ADD CONSTRAINT "imported_accounts_import_id_fkey"
    FOREIGN KEY ("import_id") REFERENCES "account_imports"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- That an account of the old system is somebody's: of either side there is one at a time.
CREATE TABLE "account_links" (
    "id" BIGSERIAL NOT NULL,
    "court_id" TEXT NOT NULL,
    "imported_id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "way" TEXT NOT NULL,
    "names_differ" BOOLEAN NOT NULL,
    "reason" TEXT,
    "linked_at" TIMESTAMPTZ(3) NOT NULL,
    "linked_by" UUID NOT NULL,
    "contested_at" TIMESTAMPTZ(3),
    "contested_by" TEXT,
    "settled_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "ended_by" UUID,
    "end_reason" TEXT,

    CONSTRAINT "account_links_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "account_links_way_check" CHECK ("way" IN ('password', 'verifier', 'clerk')),
    CONSTRAINT "account_links_clerk_check" CHECK ("way" <> 'clerk' OR "reason" IS NOT NULL),
    CONSTRAINT "account_links_contest_check" CHECK
        (("contested_at" IS NULL) = ("contested_by" IS NULL)
            AND ("contested_by" IS NULL OR "contested_by" IN ('holder', 'old-address'))
            AND ("settled_at" IS NULL OR "contested_at" IS NOT NULL)),
    CONSTRAINT "account_links_end_check" CHECK
        (("ended_at" IS NULL) = ("end_reason" IS NULL) AND ("ended_by" IS NULL OR "ended_at" IS NOT NULL))
);

CREATE UNIQUE INDEX "account_links_imported_key" ON "account_links"("imported_id") WHERE "ended_at" IS NULL;
CREATE UNIQUE INDEX "account_links_account_key" ON "account_links"("account_id", "court_id") WHERE "ended_at" IS NULL;
CREATE INDEX "account_links_imported_id_idx" ON "account_links"("imported_id");
CREATE INDEX "account_links_account_id_court_id_idx" ON "account_links"("account_id", "court_id");
CREATE INDEX "account_links_contested_idx" ON "account_links"("court_id", "contested_at")
    WHERE "contested_at" IS NOT NULL AND "settled_at" IS NULL AND "ended_at" IS NULL;

ALTER TABLE "account_links" ADD CONSTRAINT "account_links_court_id_fkey"
    FOREIGN KEY ("court_id") REFERENCES "courts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "account_links" ADD CONSTRAINT "account_links_imported_id_fkey"
    FOREIGN KEY ("imported_id") REFERENCES "imported_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "account_links" ADD CONSTRAINT "account_links_account_id_fkey"
    FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Who was told of which go-live: of one wave about one moment each imported account is told once.
CREATE TABLE "go_live_notices" (
    "imported_id" UUID NOT NULL,
    "wave" TEXT NOT NULL,
    "live_at" TIMESTAMPTZ(3) NOT NULL,
    "court_id" TEXT NOT NULL,
    "mail_id" UUID NOT NULL,
    "told_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "go_live_notices_pkey" PRIMARY KEY ("imported_id", "wave", "live_at")
);

CREATE INDEX "go_live_notices_court_id_live_at_idx" ON "go_live_notices"("court_id", "live_at");
CREATE INDEX "go_live_notices_mail_id_idx" ON "go_live_notices"("mail_id");

ALTER TABLE "go_live_notices" ADD CONSTRAINT "go_live_notices_imported_id_fkey"
    FOREIGN KEY ("imported_id") REFERENCES "imported_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "go_live_notices" ADD CONSTRAINT "go_live_notices_court_id_fkey"
    FOREIGN KEY ("court_id") REFERENCES "courts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE TRIGGER court_go_lives_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "court_go_lives"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_version_change();

-- A holder links, and says of a link that it is none of his; so does whoever has the address of the old account.
ALTER TABLE "right_decisions"
    DROP CONSTRAINT "right_decisions_decided_by_check",
    ADD CONSTRAINT "right_decisions_decided_by_check"
      CHECK ("kind" = 'contest' OR ("kind" IN ('apply', 'migrate')) = ("decided_by" IS NULL)),
    DROP CONSTRAINT "right_decisions_give_up_check",
    ADD CONSTRAINT "right_decisions_holder_check"
      CHECK ("kind" IN ('link', 'link-suspended', 'contest')
        OR ("kind" = 'give-up') = ("decided_by" IS NOT DISTINCT FROM "account_id"));
