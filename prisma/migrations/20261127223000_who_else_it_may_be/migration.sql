-- A clerk is shown who else at the court somebody may be: by bar number and by postal address
-- (src/accounts/person-keys.ts has the same text); by name there is accounts_folded_name_idx. Most accounts have
-- no bar number, and stand in neither of the two. The release before does not know them.
CREATE INDEX "accounts_bar_numbers_idx" ON "accounts"
  USING gin ((lower("bar_numbers"::text)::jsonb) jsonb_path_ops);

CREATE INDEX "accounts_postal_key_idx" ON "accounts"(
  left("address" ->> 'postalCode', 5),
  regexp_replace(lower(normalize("address" -> 'lines' ->> 0, NFKD)), '[\u0300-\u036F ''`.,\u00B7\u2018-\u201B\u02B9-\u02BC\u2032\u2010-\u2015\u2212-]+', '', 'g')
) WHERE "address" IS NOT NULL;

-- What a court decided of late, for its queue.
CREATE INDEX "filing_requests_done_idx" ON "filing_requests"("court_id", "ended_at", "id")
    WHERE "ended_at" IS NOT NULL;
