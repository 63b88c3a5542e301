-- Where a court says whether an old login and its password belong together.
CREATE TABLE "old_login_verifiers" (
    "court_id" TEXT NOT NULL,
    "url" TEXT NOT NULL,

    CONSTRAINT "old_login_verifiers_pkey" PRIMARY KEY ("court_id")
);

ALTER TABLE "old_login_verifiers" ADD CONSTRAINT "old_login_verifiers_court_id_fkey"
    FOREIGN KEY ("court_id") REFERENCES "courts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
