-- Which of its notices an account got last: clocks of two processes do not agree, this number does.
ALTER TABLE "go_live_notices" ADD COLUMN "id" BIGSERIAL NOT NULL;
