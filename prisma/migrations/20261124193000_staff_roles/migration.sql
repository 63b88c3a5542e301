-- CreateTable
CREATE TABLE "staff_roles" (
    "id" BIGSERIAL NOT NULL,
    "account_id" UUID NOT NULL,
    "role" TEXT NOT NULL,
    "court_id" TEXT,

    CONSTRAINT "staff_roles_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "staff_roles_account_id_role_court_id_key" ON "staff_roles"("account_id", "role", "court_id");

-- AddForeignKey
ALTER TABLE "staff_roles" ADD CONSTRAINT "staff_roles_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "staff_roles" ADD CONSTRAINT "staff_roles_court_id_fkey" FOREIGN KEY ("court_id") REFERENCES "courts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- The index above takes two nulls for two courts: a role without a court is held once, too.
CREATE UNIQUE INDEX "staff_roles_without_court_key" ON "staff_roles"("account_id", "role") WHERE "court_id" IS NULL;

-- A clerk is the clerk of a court; nobody else is bound to one.
ALTER TABLE "staff_roles" ADD CONSTRAINT "staff_roles_court_belongs_to_role"
  CHECK (("role" IN ('clerk', 'court-admin')) = ("court_id" IS NOT NULL));
