-- Twins are found by their names in any spelling (src/accounts/folded-name.ts has the same text). The index of
-- before stays: support searches by it.
CREATE INDEX "accounts_folded_name_idx" ON "accounts"(
  regexp_replace(lower(normalize("family_name", NFKD)), '[\u0300-\u036F ''`.,\u00B7\u2018-\u201B\u02B9-\u02BC\u2032\u2010-\u2015\u2212-]+', '', 'g'),
  regexp_replace(lower(normalize("given_name", NFKD)), '[\u0300-\u036F ''`.,\u00B7\u2018-\u201B\u02B9-\u02BC\u2032\u2010-\u2015\u2212-]+', '', 'g')
);
