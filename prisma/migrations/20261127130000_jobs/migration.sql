-- What runs by itself. The release before does not know it, and goes on sealing and sweeping by itself
-- beside this one, which harms neither.
CREATE TABLE "jobs" (
    "id" BIGSERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "payload" JSONB NOT NULL DEFAULT '{}',
    "every_seconds" DOUBLE PRECISION,
    "run_at" TIMESTAMPTZ(3) NOT NULL,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "lease" UUID,
    "leased_until" TIMESTAMPTZ(3),
    "problem" TEXT,
    "died_at" TIMESTAMPTZ(3),
    "done_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "jobs_pkey" PRIMARY KEY ("id")
);

-- A job that comes again stands there once, however many processes know it.
CREATE UNIQUE INDEX "jobs_recurring_key" ON "jobs"("name") WHERE "every_seconds" IS NOT NULL;
-- Dead ones are kept until somebody decides, and looked past.
CREATE INDEX "jobs_due_idx" ON "jobs"("run_at") WHERE "died_at" IS NULL;
