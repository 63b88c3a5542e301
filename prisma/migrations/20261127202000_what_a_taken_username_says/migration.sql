-- The driver of the embedded database names the constraint in the message alone, and so reads it there
-- whoever asks which one it was.
CREATE OR REPLACE FUNCTION keep_username() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE holder UUID;
BEGIN
  INSERT INTO "usernames" ("canonical", "account_id") VALUES (NEW."username_canonical", NEW."id")
    ON CONFLICT ("canonical") DO NOTHING;
  SELECT "account_id" INTO holder FROM "usernames" WHERE "canonical" = NEW."username_canonical";
  IF holder IS DISTINCT FROM NEW."id" THEN
    RAISE unique_violation USING
      MESSAGE = 'a name of another account violates unique constraint "accounts_username_canonical_key"',
      CONSTRAINT = 'accounts_username_canonical_key',
      TABLE = 'accounts';
  END IF;
  RETURN NEW;
END $$;
