-- One address may stand at several accounts.
DROP INDEX "accounts_email_canonical_key";
CREATE INDEX "accounts_email_canonical_idx" ON "accounts"("email_canonical");

ALTER TABLE "accounts"
    ADD COLUMN "email_refused_at" TIMESTAMPTZ(3),
    ADD COLUMN "birth_date_sealed" TEXT,
    ADD COLUMN "birth_date_mark" TEXT,
    ADD COLUMN "phone" TEXT,
    ADD COLUMN "address" JSONB,
    ADD COLUMN "bar_numbers" JSONB NOT NULL DEFAULT '[]',
    ADD COLUMN "search_used_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    ADD COLUMN "unconfirmed_since" TIMESTAMPTZ(3),
    ADD COLUMN "must_change_password_since" TIMESTAMPTZ(3),
    ADD COLUMN "password_changed_at" TIMESTAMPTZ(3),
    ADD COLUMN "review_since" TIMESTAMPTZ(3),
    ADD COLUMN "recovery_since" TIMESTAMPTZ(3),
    ADD COLUMN "support_hold_since" TIMESTAMPTZ(3),
    ADD COLUMN "holder_hold_since" TIMESTAMPTZ(3),
    ADD COLUMN "hold_version" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "closed_at" TIMESTAMPTZ(3),
    ADD COLUMN "rules_version" TEXT,
    ADD COLUMN "rules_accepted_at" TIMESTAMPTZ(3);

CREATE INDEX "accounts_birth_date_mark_idx" ON "accounts"("birth_date_mark");
-- For the search by name, and for two accounts of one person.
CREATE INDEX "accounts_name_idx" ON "accounts"(lower("family_name"), lower("given_name"));
CREATE INDEX "accounts_plain_email_idx" ON "accounts"(regexp_replace("email_canonical", '\+[^@]*@', '@'));

-- Every username there ever was.
CREATE TABLE "usernames" (
    "canonical" TEXT NOT NULL,
    "account_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "usernames_pkey" PRIMARY KEY ("canonical")
);
INSERT INTO "usernames" ("canonical", "account_id") SELECT "username_canonical", "id" FROM "accounts";

-- A name that somebody had is a taken one, and is refused as such: the error names the constraint that
-- says the same of the names of now. The release before, too, reads it.
CREATE FUNCTION keep_username() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE holder UUID;
BEGIN
  INSERT INTO "usernames" ("canonical", "account_id") VALUES (NEW."username_canonical", NEW."id")
    ON CONFLICT ("canonical") DO NOTHING;
  SELECT "account_id" INTO holder FROM "usernames" WHERE "canonical" = NEW."username_canonical";
  IF holder IS DISTINCT FROM NEW."id" THEN
    RAISE unique_violation USING
      MESSAGE = 'this username was given to another account',
      CONSTRAINT = 'accounts_username_canonical_key',
      TABLE = 'accounts';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER accounts_keep_username AFTER INSERT OR UPDATE OF "username_canonical" ON "accounts"
  FOR EACH ROW EXECUTE FUNCTION keep_username();

CREATE TABLE "registrations" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "email_canonical" TEXT NOT NULL,
    "browser_mark" TEXT NOT NULL,
    "code_mark" TEXT,
    "code_tries" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "confirmed_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "registrations_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "registrations_expires_at_idx" ON "registrations"("expires_at");

CREATE TABLE "mails" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "account_id" UUID,
    "to_address" TEXT NOT NULL,
    "facts" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "sent_at" TIMESTAMPTZ(3),
    "refused_at" TIMESTAMPTZ(3),
    "refusal" TEXT,

    CONSTRAINT "mails_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "mails_account_id_idx" ON "mails"("account_id");
CREATE INDEX "mails_created_at_idx" ON "mails"("created_at");

CREATE TABLE "one_use_links" (
    "digest" TEXT NOT NULL,
    "purpose" TEXT NOT NULL,
    "account_id" UUID,
    "about" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "one_use_links_pkey" PRIMARY KEY ("digest")
);
CREATE INDEX "one_use_links_account_id_purpose_idx" ON "one_use_links"("account_id", "purpose");
CREATE INDEX "one_use_links_expires_at_idx" ON "one_use_links"("expires_at");
