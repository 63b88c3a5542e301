-- One list of roles: a court's second one is its manager, and the judiciary has a security officer.
ALTER TABLE "staff_roles" DROP CONSTRAINT "staff_roles_court_belongs_to_role";
UPDATE "staff_roles" SET "role" = 'court-manager' WHERE "role" = 'court-admin';
ALTER TABLE "staff_roles" ADD CONSTRAINT "staff_roles_court_belongs_to_role"
  CHECK (("role" IN ('clerk', 'court-manager')) = ("court_id" IS NOT NULL));

-- The release before, which may run beside this one for a while, still writes the old name.
CREATE FUNCTION staff_roles_present_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW."role" := 'court-manager';
  RETURN NEW;
END $$;
CREATE TRIGGER staff_roles_present_name BEFORE INSERT OR UPDATE ON "staff_roles"
  FOR EACH ROW WHEN (NEW."role" = 'court-admin') EXECUTE FUNCTION staff_roles_present_name();
