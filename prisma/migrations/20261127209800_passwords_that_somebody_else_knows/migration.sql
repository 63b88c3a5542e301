-- The stored form of a password that its holder disowned, until another one is chosen: that one is another.
ALTER TABLE "accounts" ADD COLUMN "disowned_password_hash" TEXT;
