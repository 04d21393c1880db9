"""What the foreign keys of a record asked for every row of an import, asked once a statement (docs/adr/0014).

Two links of the record lose their constraint and get the same promise by statement: the root stands and is of the same
patient (the constraint never asked that), whoever entered it has an account, and neither goes while a record names it.
The link to the patient is held by place_holds on the way in; it stays in the catalogue, where merging finds the tables
of a patient, and is not asked a second time where PostgreSQL can leave it unenforced (18 and later).
Four indexes that another index of the same table begins with go, too.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

LINKS = """
CREATE FUNCTION signed_holds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM (SELECT DISTINCT entered_by_id FROM made) m
    LEFT JOIN LATERAL (SELECT id FROM accounts_user WHERE id = m.entered_by_id FOR KEY SHARE) u ON true
    WHERE u.id IS NULL
  ) THEN
    RAISE EXCEPTION 'a record names an account that is not there' USING ERRCODE = '23503';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER signed_holds AFTER INSERT ON followup_visitroot REFERENCING NEW TABLE AS made
  FOR EACH STATEMENT EXECUTE FUNCTION signed_holds();
CREATE TRIGGER signed_holds AFTER INSERT ON followup_visit REFERENCING NEW TABLE AS made
  FOR EACH STATEMENT EXECUTE FUNCTION signed_holds();

CREATE FUNCTION root_holds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM made m LEFT JOIN followup_visitroot r ON r.id = m.root_id AND r.patient_id = m.patient_id
    WHERE r.id IS NULL
  ) THEN
    RAISE EXCEPTION 'a version belongs to a record of its patient' USING ERRCODE = '23503';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER root_holds AFTER INSERT ON followup_visit REFERENCING NEW TABLE AS made
  FOR EACH STATEMENT EXECUTE FUNCTION root_holds();

CREATE FUNCTION still_named() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE named boolean;
BEGIN
  IF TG_TABLE_NAME = 'followup_visitroot' THEN
    named := EXISTS (SELECT 1 FROM followup_visit WHERE root_id = OLD.id);
  ELSIF TG_TABLE_NAME = 'registry_patient' THEN
    named := EXISTS (SELECT 1 FROM followup_visitroot WHERE patient_id = OLD.id)
      OR EXISTS (SELECT 1 FROM followup_visit WHERE patient_id = OLD.id)
      OR EXISTS (SELECT 1 FROM followup_window WHERE patient_id = OLD.id);
  ELSE
    named := EXISTS (SELECT 1 FROM followup_visitroot WHERE entered_by_id = OLD.id)
      OR EXISTS (SELECT 1 FROM followup_visit WHERE entered_by_id = OLD.id);
  END IF;
  IF named THEN
    RAISE EXCEPTION 'a record still names the row of %', TG_TABLE_NAME USING ERRCODE = '23503';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER still_named BEFORE DELETE ON followup_visitroot FOR EACH ROW EXECUTE FUNCTION still_named();
CREATE TRIGGER still_named BEFORE DELETE ON accounts_user FOR EACH ROW EXECUTE FUNCTION still_named();
CREATE TRIGGER still_named BEFORE DELETE ON registry_patient FOR EACH ROW EXECUTE FUNCTION still_named();

-- Only merging, as the owner, gives a window to another patient.
CREATE TRIGGER keep_patient BEFORE UPDATE OF patient_id ON followup_window FOR EACH ROW
  WHEN (OLD.patient_id <> NEW.patient_id) EXECUTE FUNCTION keep_place();
"""

PATIENT = """
DO $$ DECLARE link record;
BEGIN
  IF current_setting('server_version_num')::int < 180000 THEN RETURN; END IF;
  FOR link IN SELECT conname, conrelid::regclass AS tab FROM pg_constraint
    WHERE contype = 'f' AND confrelid = 'registry_patient'::regclass AND conrelid IN (
      'followup_visitroot'::regclass, 'followup_visit'::regclass, 'followup_window'::regclass)
  LOOP
    EXECUTE format('ALTER TABLE %s ALTER CONSTRAINT %I NOT ENFORCED', link.tab, link.conname);
  END LOOP;
END $$
"""


def _link(model: str, name: str, to: str, *, constraint: bool = False, **more: str) -> migrations.AlterField:
    field = models.ForeignKey(
        db_constraint=constraint, db_index=False, on_delete=django.db.models.deletion.PROTECT, to=to, **more
    )
    return migrations.AlterField(model_name=model, name=name, field=field)


class Migration(migrations.Migration):
    dependencies = [
        ("followup", "0007_colour_walls"),
        ("registry", "0008_merge_walls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        _link("visit", "entered_by", settings.AUTH_USER_MODEL, related_name="+"),
        _link("visit", "root", "followup.visitroot", related_name="versions"),
        _link("visitroot", "entered_by", settings.AUTH_USER_MODEL, related_name="+"),
        _link(
            "patientyear", "patient", "registry.patient", constraint=True, related_name="years", verbose_name="患者"
        ),
        migrations.RunSQL(LINKS, migrations.RunSQL.noop),
        migrations.RunSQL(PATIENT, migrations.RunSQL.noop),
    ]
