-- Who let a disputed link stand, and why; the release before writes neither.
ALTER TABLE "account_links"
    ADD COLUMN "settled_by" UUID,
    ADD COLUMN "settle_reason" TEXT;

-- The list of a court's links, the newest first.
CREATE INDEX "account_links_court_id_id_idx" ON "account_links"("court_id", "id");

-- Accounts of the old system by the words of their names (src/efiling/requests/imported-alikes.ts has the same text).
CREATE INDEX "imported_accounts_name_words_idx" ON "imported_accounts" USING gin (
    (regexp_split_to_array(lower(regexp_replace(normalize("name", NFKD), '[\u0300-\u036F''\u0060.\u2018-\u201B]+', '', 'g')), '[^[:alnum:]]+')));
