-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "court_type" AS ENUM ('appellate', 'bap', 'bankruptcy', 'district', 'national');

-- CreateEnum
CREATE TYPE "account_type" AS ENUM ('individual', 'shared', 'firm');

-- CreateEnum
CREATE TYPE "search_status" AS ENUM ('active', 'inactive');

-- CreateEnum
CREATE TYPE "billed_to" AS ENUM ('self', 'firm');

-- CreateEnum
CREATE TYPE "standing_status" AS ENUM ('none', 'pending', 'active', 'suspended', 'revoked');

-- CreateEnum
CREATE TYPE "client_kind" AS ENUM ('court', 'vendor', 'national', 'portal');

-- CreateTable
CREATE TABLE "audit_events" (
    "id" BIGSERIAL NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "event" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "account_id" UUID,
    "client_id" TEXT,
    "court_id" TEXT,
    "ip" TEXT,
    "request_id" TEXT,
    "detail" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "audit_events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_links" (
    "position" BIGINT NOT NULL,
    "event_id" BIGINT NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "audit_links_pkey" PRIMARY KEY ("position")
);

-- CreateTable
CREATE TABLE "courts" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "type" "court_type" NOT NULL,
    "circuit" TEXT,
    "states" TEXT[],
    "cmecf_host" TEXT NOT NULL,
    "login_url" TEXT,
    "web_url" TEXT,
    "pacer_court_id" TEXT,
    "pcl_court_id" TEXT,
    "go_live_on" DATE,
    "live_by" DATE,
    "go_live_source" TEXT,
    "is_auxiliary" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "courts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "accounts" (
    "id" UUID NOT NULL,
    "number" CHAR(7) NOT NULL,
    "type" "account_type" NOT NULL,
    "user_type" TEXT NOT NULL,
    "is_upgraded" BOOLEAN NOT NULL,
    "username" TEXT NOT NULL,
    "username_canonical" TEXT NOT NULL,
    "password_hash" TEXT,
    "given_name" TEXT,
    "family_name" TEXT,
    "email" TEXT,
    "email_canonical" TEXT,
    "is_email_verified" BOOLEAN NOT NULL DEFAULT false,
    "search_status" "search_status" NOT NULL,
    "client_code" TEXT,
    "billed_to" "billed_to" NOT NULL DEFAULT 'self',
    "disabled_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "accounts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "standings" (
    "account_id" UUID NOT NULL,
    "court_id" TEXT NOT NULL,
    "status" "standing_status" NOT NULL,
    "role" TEXT,
    "filer_id" TEXT,
    "is_admitted" BOOLEAN NOT NULL DEFAULT false,
    "actions" TEXT[],
    "since_on" DATE,
    "ends_on" DATE,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "standings_pkey" PRIMARY KEY ("account_id","court_id")
);

-- CreateTable
CREATE TABLE "redaction_acknowledgements" (
    "session_uid" TEXT NOT NULL,
    "signed_in_at" BIGINT NOT NULL,
    "account_id" UUID NOT NULL,
    "acknowledged_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "redaction_acknowledgements_pkey" PRIMARY KEY ("session_uid")
);

-- CreateTable
CREATE TABLE "clients" (
    "id" TEXT NOT NULL,
    "kind" "client_kind" NOT NULL,
    "name" TEXT NOT NULL,
    "is_active" BOOLEAN NOT NULL DEFAULT true,
    "metadata" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "clients_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "client_courts" (
    "client_id" TEXT NOT NULL,
    "court_id" TEXT NOT NULL,

    CONSTRAINT "client_courts_pkey" PRIMARY KEY ("client_id","court_id")
);

-- CreateTable
CREATE TABLE "client_secrets" (
    "client_id" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "client_secrets_pkey" PRIMARY KEY ("client_id","digest")
);

-- CreateTable
CREATE TABLE "sign_in_failures" (
    "subject" TEXT NOT NULL,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "locked_until" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sign_in_failures_pkey" PRIMARY KEY ("subject")
);

-- CreateTable
CREATE TABLE "rate_limits" (
    "key" TEXT NOT NULL,
    "points" INTEGER NOT NULL DEFAULT 0,
    "expire" BIGINT,

    CONSTRAINT "rate_limits_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "sessions" (
    "id" TEXT NOT NULL,
    "uid" TEXT NOT NULL,
    "account_id" UUID,
    "payload" JSONB NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "replaced_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "sessions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "grants" (
    "id" TEXT NOT NULL,
    "account_id" UUID,
    "client_id" TEXT,
    "payload" JSONB,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "grants_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "refresh_tokens" (
    "id" TEXT NOT NULL,
    "account_id" UUID,
    "grant_id" TEXT,
    "session_uid" TEXT,
    "payload" JSONB NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "consumed_at" TIMESTAMPTZ(3),

    CONSTRAINT "refresh_tokens_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "short_lived" (
    "model" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "consumed_at" TIMESTAMPTZ(3),

    CONSTRAINT "short_lived_pkey" PRIMARY KEY ("model","id")
);

-- CreateIndex
CREATE INDEX "audit_events_account_id_id_idx" ON "audit_events"("account_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "audit_links_event_id_key" ON "audit_links"("event_id");

-- CreateIndex
CREATE INDEX "courts_cmecf_host_idx" ON "courts"("cmecf_host");

-- CreateIndex
CREATE UNIQUE INDEX "accounts_number_key" ON "accounts"("number");

-- CreateIndex
CREATE UNIQUE INDEX "accounts_username_canonical_key" ON "accounts"("username_canonical");

-- CreateIndex
CREATE UNIQUE INDEX "accounts_email_canonical_key" ON "accounts"("email_canonical");

-- CreateIndex
CREATE UNIQUE INDEX "standings_court_id_filer_id_key" ON "standings"("court_id", "filer_id");

-- CreateIndex
CREATE INDEX "sign_in_failures_updated_at_idx" ON "sign_in_failures"("updated_at");

-- CreateIndex
CREATE INDEX "sessions_uid_idx" ON "sessions"("uid");

-- CreateIndex
CREATE INDEX "sessions_account_id_idx" ON "sessions"("account_id");

-- CreateIndex
CREATE INDEX "sessions_expires_at_idx" ON "sessions"("expires_at");

-- CreateIndex
CREATE INDEX "grants_account_id_idx" ON "grants"("account_id");

-- CreateIndex
CREATE INDEX "grants_expires_at_idx" ON "grants"("expires_at");

-- CreateIndex
CREATE INDEX "refresh_tokens_expires_at_idx" ON "refresh_tokens"("expires_at");

-- CreateIndex
CREATE INDEX "short_lived_expires_at_idx" ON "short_lived"("expires_at");

-- AddForeignKey
ALTER TABLE "audit_links" ADD CONSTRAINT "audit_links_event_id_fkey" FOREIGN KEY ("event_id") REFERENCES "audit_events"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "standings" ADD CONSTRAINT "standings_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "standings" ADD CONSTRAINT "standings_court_id_fkey" FOREIGN KEY ("court_id") REFERENCES "courts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "client_courts" ADD CONSTRAINT "client_courts_client_id_fkey" FOREIGN KEY ("client_id") REFERENCES "clients"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "client_courts" ADD CONSTRAINT "client_courts_court_id_fkey" FOREIGN KEY ("court_id") REFERENCES "courts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "client_secrets" ADD CONSTRAINT "client_secrets_client_id_fkey" FOREIGN KEY ("client_id") REFERENCES "clients"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- The audit is append-only for every role, the owner included.
CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit is append-only: % on % refused', TG_OP, TG_TABLE_NAME;
END
$$;

CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_events"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

CREATE TRIGGER audit_links_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_links"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
