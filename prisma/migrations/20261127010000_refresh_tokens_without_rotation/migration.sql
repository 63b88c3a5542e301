-- A refresh token is one row under the hash of the whole token, and is not replaced. The newest token
-- of each family goes on as such a row; the row of its family stays for the release before, which
-- also goes on to write "newest" and "consumed_at". Both columns can go with the release after.
INSERT INTO "refresh_tokens" ("id", "account_id", "grant_id", "session_uid", "payload", "expires_at")
SELECT "newest", "account_id", "grant_id", "session_uid", "payload", "expires_at"
FROM "refresh_tokens" WHERE "newest" IS NOT NULL
ON CONFLICT ("id") DO NOTHING;
