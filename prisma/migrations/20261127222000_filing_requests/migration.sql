-- What somebody asks of a court, apart from the rights that courts have decided. The release before does
-- not know it.
CREATE TABLE "filing_requests" (
    "id" UUID NOT NULL,
    "number" CHAR(8) NOT NULL,
    "account_id" UUID NOT NULL,
    "court_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "waits_for" TEXT,
    "practice_version" INTEGER NOT NULL,
    "answers" JSONB NOT NULL DEFAULT '[]',
    "delivery_frequency" TEXT,
    "delivery_format" TEXT,
    "terms_version" INTEGER,
    "assigned_to" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,
    "submitted_at" TIMESTAMPTZ(3),
    "waits_since" TIMESTAMPTZ(3),
    "clerk_seconds" INTEGER NOT NULL DEFAULT 0,
    "ended_at" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "filing_requests_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "filing_requests_state_check" CHECK
        ("state" IN ('draft', 'open', 'approved', 'denied', 'withdrawn')),
    -- It waits for somebody while it is open, and only then.
    CONSTRAINT "filing_requests_waits_for_check" CHECK (CASE WHEN "state" = 'open'
        THEN "waits_for" IN ('clerk', 'you', 'fee', 'training', 'judge') AND "waits_since" IS NOT NULL
        ELSE "waits_for" IS NULL END),
    CONSTRAINT "filing_requests_submitted_check" CHECK (("state" = 'draft') = ("submitted_at" IS NULL)),
    CONSTRAINT "filing_requests_ended_check" CHECK
        (("state" IN ('draft', 'open')) = ("ended_at" IS NULL)),
    CONSTRAINT "filing_requests_clerk_seconds_check" CHECK ("clerk_seconds" >= 0)
);

CREATE UNIQUE INDEX "filing_requests_number_key" ON "filing_requests"("number");
CREATE INDEX "filing_requests_account_id_idx" ON "filing_requests"("account_id");
-- Of a person one is in work at a court at most: written, or under the court's eyes.
CREATE UNIQUE INDEX "filing_requests_in_work_key" ON "filing_requests"("account_id", "court_id")
    WHERE "state" IN ('draft', 'open');
-- A court's queue, the oldest first, without those that are over.
CREATE INDEX "filing_requests_queue_idx" ON "filing_requests"("court_id", "submitted_at", "id")
    WHERE "state" = 'open';
CREATE INDEX "filing_requests_drafts_idx" ON "filing_requests"("changed_at")
    WHERE "state" = 'draft';

ALTER TABLE "filing_requests" ADD CONSTRAINT "filing_requests_account_id_fkey"
    FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "filing_requests" ADD CONSTRAINT "filing_requests_court_id_fkey"
    FOREIGN KEY ("court_id") REFERENCES "courts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What became of a request, row by row; nothing of it is ever changed.
CREATE TABLE "filing_request_events" (
    "id" BIGSERIAL NOT NULL,
    "request_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "waits_for" TEXT,
    "reason" TEXT,
    "message" TEXT,
    "by_account" UUID,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "filing_request_events_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "filing_request_events_request_id_id_idx" ON "filing_request_events"("request_id", "id");

ALTER TABLE "filing_request_events" ADD CONSTRAINT "filing_request_events_request_id_fkey"
    FOREIGN KEY ("request_id") REFERENCES "filing_requests"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What was sent with a request.
CREATE TABLE "filing_documents" (
    "id" UUID NOT NULL,
    "request_id" UUID NOT NULL,
    "question" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "size" INTEGER NOT NULL,
    "sealing_key" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "filing_documents_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "filing_documents_type_check" CHECK
        ("type" IN ('application/pdf', 'image/jpeg', 'image/png'))
);

CREATE UNIQUE INDEX "filing_documents_request_id_question_key" ON "filing_documents"("request_id", "question");

ALTER TABLE "filing_documents" ADD CONSTRAINT "filing_documents_request_id_fkey"
    FOREIGN KEY ("request_id") REFERENCES "filing_requests"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- The bytes, sealed part by part (`src/signing/sealed-field.ts`): no statement carries more than one part.
CREATE TABLE "filing_document_parts" (
    "document_id" UUID NOT NULL,
    "part" INTEGER NOT NULL,
    "sealed" BYTEA NOT NULL,

    CONSTRAINT "filing_document_parts_pkey" PRIMARY KEY ("document_id", "part")
);

-- Sealed bytes do not become smaller.
ALTER TABLE "filing_document_parts" ALTER COLUMN "sealed" SET STORAGE EXTERNAL;

ALTER TABLE "filing_document_parts" ADD CONSTRAINT "filing_document_parts_document_id_fkey"
    FOREIGN KEY ("document_id") REFERENCES "filing_documents"("id") ON DELETE CASCADE ON UPDATE CASCADE;
