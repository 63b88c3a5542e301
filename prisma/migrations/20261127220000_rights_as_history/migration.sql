-- What a court decided about a person is a history of decisions, of which the newest one that holds by now
-- counts. The release before reads and writes standings while this one starts: two triggers keep both the
-- same, and go with that table in a later release.
LOCK TABLE "standings" IN SHARE ROW EXCLUSIVE MODE;

CREATE TABLE "rights" (
    "account_id" UUID NOT NULL,
    "court_id" TEXT NOT NULL,
    "filer_id" TEXT,
    "request_version" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "rights_pkey" PRIMARY KEY ("account_id","court_id")
);

CREATE TABLE "right_decisions" (
    "account_id" UUID NOT NULL,
    "court_id" TEXT NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "holds_from" TIMESTAMPTZ(3) NOT NULL,
    "role" TEXT,
    "filer_id" TEXT,
    "is_admitted" BOOLEAN NOT NULL,
    "admitted_until" DATE,
    "actions" TEXT[],
    "keeps_notices" BOOLEAN NOT NULL,
    "since_on" DATE,
    "ends_on" DATE,
    "reason" TEXT,
    "message" TEXT,
    "decided_by" UUID,
    "decided_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "right_decisions_pkey" PRIMARY KEY ("account_id","court_id","ordinal"),
    CONSTRAINT "right_decisions_state_check"
      CHECK ("state" IN ('none', 'pending', 'active', 'suspended', 'revoked', 'given-up')),
    CONSTRAINT "right_decisions_reason_check"
      CHECK ("kind" NOT IN ('suspend', 'revoke', 'end-admission') OR "reason" IS NOT NULL),
    CONSTRAINT "right_decisions_admission_check" CHECK ("is_admitted" OR "admitted_until" IS NULL),
    -- By an account of its own court or by its holder; what a file brought in was decided elsewhere.
    CONSTRAINT "right_decisions_decided_by_check"
      CHECK (("kind" IN ('apply', 'migrate')) = ("decided_by" IS NULL)),
    CONSTRAINT "right_decisions_give_up_check"
      CHECK (("kind" = 'give-up') = ("decided_by" IS NOT DISTINCT FROM "account_id"))
);

INSERT INTO "rights" ("account_id", "court_id", "filer_id")
  SELECT "account_id", "court_id", "filer_id" FROM "standings";

-- Of the moment from which a right holds only its day is known, at the court's midnight; where that is not known
-- or not past, it has held since before anybody can ask.
INSERT INTO "right_decisions" ("account_id", "court_id", "ordinal", "version", "kind", "state", "holds_from",
    "role", "filer_id", "is_admitted", "actions", "keeps_notices", "since_on", "ends_on", "decided_at")
  SELECT s."account_id", s."court_id", 1, s."version", 'migrate', s."status"::text,
    CASE WHEN s."since_on" < CURRENT_DATE - 1
      THEN s."since_on"::timestamp AT TIME ZONE c."time_zone" ELSE 'epoch'::timestamptz END,
    s."role", s."filer_id", s."is_admitted", s."actions", true, s."since_on", s."ends_on", CURRENT_TIMESTAMP
  FROM "standings" s JOIN "courts" c ON c."id" = s."court_id";

CREATE UNIQUE INDEX "rights_court_id_filer_id_key" ON "rights"("court_id", "filer_id");

ALTER TABLE "rights" ADD CONSTRAINT "rights_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "rights" ADD CONSTRAINT "rights_court_id_fkey" FOREIGN KEY ("court_id") REFERENCES "courts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "right_decisions" ADD CONSTRAINT "right_decisions_account_id_court_id_fkey" FOREIGN KEY ("account_id", "court_id") REFERENCES "rights"("account_id", "court_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- A decision is added and never changed, whoever writes.
CREATE FUNCTION refuse_decision_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'decisions are append-only: % on % refused', TG_OP, TG_TABLE_NAME;
END $$;
CREATE TRIGGER right_decisions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "right_decisions"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_decision_change();

-- A version never goes down, and a decision follows the one before.
CREATE FUNCTION check_decision_order() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE newest RECORD;
BEGIN
  SELECT "ordinal", "version" INTO newest FROM "right_decisions"
    WHERE "account_id" = NEW."account_id" AND "court_id" = NEW."court_id"
    ORDER BY "ordinal" DESC LIMIT 1;
  IF NEW."ordinal" <> COALESCE(newest."ordinal", 0) + 1 OR NEW."version" <= COALESCE(newest."version", 0) THEN
    RAISE EXCEPTION 'decision % with version % cannot follow decision % with version %',
      NEW."ordinal", NEW."version", newest."ordinal", newest."version";
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER right_decisions_order BEFORE INSERT ON "right_decisions"
  FOR EACH ROW EXECUTE FUNCTION check_decision_order();

-- For the release before: what holds at once stands in standings, too. It knows neither notices that a
-- suspension takes away nor rights that were given up.
CREATE FUNCTION decision_into_standings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_trigger_depth() > 1 OR NEW."holds_from" > NEW."decided_at" THEN RETURN NULL; END IF;
  INSERT INTO "standings" ("account_id", "court_id", "status", "role", "filer_id", "is_admitted", "actions",
      "since_on", "ends_on", "version")
    VALUES (NEW."account_id", NEW."court_id",
      (CASE NEW."state" WHEN 'given-up' THEN 'none' ELSE NEW."state" END)::standing_status,
      NEW."role", NEW."filer_id", NEW."is_admitted",
      CASE WHEN NEW."state" = 'suspended' AND NOT NEW."keeps_notices"
        THEN array_remove(NEW."actions", 'receive-notices') ELSE NEW."actions" END,
      NEW."since_on", NEW."ends_on", NEW."version")
    ON CONFLICT ("account_id", "court_id") DO UPDATE SET "status" = EXCLUDED."status",
      "role" = EXCLUDED."role", "filer_id" = EXCLUDED."filer_id", "is_admitted" = EXCLUDED."is_admitted",
      "actions" = EXCLUDED."actions", "since_on" = EXCLUDED."since_on", "ends_on" = EXCLUDED."ends_on",
      "version" = EXCLUDED."version";
  RETURN NULL;
END $$;
CREATE TRIGGER right_decisions_into_standings AFTER INSERT ON "right_decisions"
  FOR EACH ROW EXECUTE FUNCTION decision_into_standings();

-- And what that release applies from a file is a decision, with the version that follows.
CREATE FUNCTION standing_into_decisions() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE newest RECORD;
DECLARE next_version INTEGER;
BEGIN
  IF pg_trigger_depth() > 1 THEN RETURN NULL; END IF;
  INSERT INTO "rights" ("account_id", "court_id", "filer_id")
    VALUES (NEW."account_id", NEW."court_id", NEW."filer_id")
    ON CONFLICT ("account_id", "court_id") DO UPDATE SET "filer_id" = EXCLUDED."filer_id";
  SELECT "ordinal", "version", "ends_on", "admitted_until" INTO newest FROM "right_decisions"
    WHERE "account_id" = NEW."account_id" AND "court_id" = NEW."court_id"
    ORDER BY "ordinal" DESC LIMIT 1;
  next_version := COALESCE(newest."version", 0) + 1
    + (newest."ends_on" IS NOT NULL)::int + (newest."admitted_until" IS NOT NULL)::int;
  INSERT INTO "right_decisions" ("account_id", "court_id", "ordinal", "version", "kind", "state", "holds_from",
      "role", "filer_id", "is_admitted", "actions", "keeps_notices", "since_on", "ends_on", "decided_at")
    VALUES (NEW."account_id", NEW."court_id", COALESCE(newest."ordinal", 0) + 1, next_version, 'apply',
      NEW."status"::text, CURRENT_TIMESTAMP, NEW."role", NEW."filer_id", NEW."is_admitted",
      NEW."actions", true, NEW."since_on", NEW."ends_on", CURRENT_TIMESTAMP);
  UPDATE "standings" SET "version" = next_version
    WHERE "account_id" = NEW."account_id" AND "court_id" = NEW."court_id";
  RETURN NULL;
END $$;
CREATE TRIGGER standings_into_decisions AFTER INSERT OR UPDATE ON "standings"
  FOR EACH ROW EXECUTE FUNCTION standing_into_decisions();

-- A court's going live changes what it is told, and raises every version there. It counts from what the court was
-- when it came here: one that was live long before says no other version than before.
ALTER TABLE "courts" ADD COLUMN "go_live_version" INTEGER NOT NULL DEFAULT 0;
UPDATE "courts" SET "go_live_version" = -1 WHERE COALESCE("go_live_on", "live_by") < CURRENT_DATE - 1;
CREATE FUNCTION count_go_live() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW."go_live_version" := CASE WHEN COALESCE(NEW."go_live_on", NEW."live_by") < CURRENT_DATE - 1
      THEN -1 ELSE 0 END;
  ELSIF COALESCE(NEW."go_live_on", NEW."live_by") IS DISTINCT FROM COALESCE(OLD."go_live_on", OLD."live_by") THEN
    NEW."go_live_version" := OLD."go_live_version" + 2;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER courts_count_go_live BEFORE INSERT OR UPDATE ON "courts"
  FOR EACH ROW EXECUTE FUNCTION count_go_live();
