-- Where a registration stands: the application that it came from, the browser in which the address was
-- confirmed, until when its code counts, and the account that was made of it.
ALTER TABLE "registrations"
    ADD COLUMN "client_id" TEXT,
    ADD COLUMN "code_expires_at" TIMESTAMPTZ(3),
    ADD COLUMN "confirmed_mark" TEXT,
    ADD COLUMN "account_id" UUID;

CREATE INDEX "registrations_browser_mark_idx" ON "registrations"("browser_mark");
CREATE INDEX "registrations_confirmed_mark_idx" ON "registrations"("confirmed_mark");
