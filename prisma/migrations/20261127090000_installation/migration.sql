-- What this database has been used with: a fingerprint of each secret, and the issuer.
CREATE TABLE "installation_marks" (
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "mark" TEXT NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "installation_marks_pkey" PRIMARY KEY ("kind", "name")
);

-- How far the audit's chain was walked and found whole; the seal needs a key outside the database.
CREATE TABLE "audit_checkpoints" (
    "position" BIGINT NOT NULL,
    "hash" BYTEA NOT NULL,
    "seal" BYTEA NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "audit_checkpoints_pkey" PRIMARY KEY ("position")
);
