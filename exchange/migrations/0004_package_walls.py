"""The walls of packages."""

from django.db import migrations

from accounts.walls import COUNTIES

# The rows that left are read in the county's reach only; they are never changed, and dropped only before a release.
WALLS = f"""
ALTER TABLE exchange_packagepart ENABLE ROW LEVEL SECURITY;
CREATE POLICY see ON exchange_packagepart FOR ALL TO app
  USING (county_id = ANY ({COUNTIES})) WITH CHECK (county_id = ANY ({COUNTIES}));
CREATE POLICY whole ON exchange_packagepart FOR SELECT TO backup USING (true);
REVOKE UPDATE ON exchange_packagepart FROM app;
REVOKE DELETE ON exchange_package FROM app;
CREATE FUNCTION released_parts_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM exchange_package p WHERE p.id = OLD.package_id AND p.released_at IS NOT NULL) THEN
    RAISE EXCEPTION 'the rows of a released package stay' USING ERRCODE = '42501';
  END IF;
  RETURN OLD;
END $$;
REVOKE EXECUTE ON FUNCTION released_parts_stay() FROM PUBLIC;
CREATE TRIGGER released_parts_stay BEFORE DELETE ON exchange_packagepart
  FOR EACH ROW EXECUTE FUNCTION released_parts_stay();
"""  # noqa: S608


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0003_joint_walls"),
    ]
    operations = [
        migrations.RunSQL(WALLS, migrations.RunSQL.noop),
    ]
