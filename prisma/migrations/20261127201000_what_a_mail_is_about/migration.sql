-- What the link of a mail is about: kept until the mail is sent, when the link is made.
ALTER TABLE "mails" ADD COLUMN "about" JSONB NOT NULL DEFAULT '{}';
