"""The walls around persons: policies, place triggers, and the few functions that may look over them."""

from django.db import migrations

from accounts.walls import ChildPlace, KeepPlace, NoWrites, Protect, ProtectHistory

CHILDREN = (
    "registry_patientstatus",
    "registry_dutyperiod",
    "registry_diagnosis",
    "registry_consent",
    "registry_guardian",
    "registry_economicstatus",
)

# A child's place is the patient's, whatever Python says. FOR KEY SHARE: a hand-over at the same moment waits or wins.
TAKE_PLACE = """
CREATE FUNCTION take_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT duty_township, duty_county INTO STRICT NEW.duty_township, NEW.duty_county
  FROM registry_patient WHERE id = NEW.patient_id FOR KEY SHARE;
  IF coalesce(NEW.at_township, 0) = 0 THEN NEW.at_township := NEW.duty_township; END IF;
  RETURN NEW;
END $$;
"""

# Internal numbers of a county: they only grow, and nobody can set them back.
NUMBERS = """
CREATE FUNCTION next_case_numbers(county int, n int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE upto int;
BEGIN
  IF n < 1 OR n > 100000 THEN RAISE EXCEPTION 'between 1 and 100000 numbers at a time'; END IF;
  INSERT INTO registry_casenumber AS c (county_id, last)
    VALUES (county, n + coalesce((SELECT max(number) FROM registry_patient WHERE duty_county = county), 0))
    ON CONFLICT (county_id) DO UPDATE SET last = c.last + n RETURNING last INTO upto;
  RETURN upto - n + 1;
END $$;
GRANT EXECUTE ON FUNCTION next_case_numbers(int, int) TO app;
"""

# The one way a patient's rows change place. It demands the dated fact: the newest duty period must name the new town.
# Tables come from the catalog, so this floor need not know the floors above it.
HAND_OVER = """
CREATE FUNCTION hand_over(patient bigint, from_town int, to_town int, to_county int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE moved int := 0; n int; t text; was int; newest record;
BEGIN
  SELECT duty_county INTO was FROM registry_patient WHERE id = patient AND duty_township = from_town FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'no such patient in this township' USING ERRCODE = '42501'; END IF;
  PERFORM 1 FROM accounts_division WHERE id = to_town AND parent_id = to_county AND level = 'township';
  IF NOT FOUND THEN RAISE EXCEPTION 'no such township in this county' USING ERRCODE = '42501'; END IF;
  SELECT township_id, county_id, starts_on INTO newest FROM registry_dutyperiod
    WHERE patient_id = patient ORDER BY starts_on DESC LIMIT 1;
  IF newest.township_id IS DISTINCT FROM to_town OR newest.county_id IS DISTINCT FROM to_county
     OR newest.starts_on > (now() AT TIME ZONE 'Asia/Shanghai')::date THEN
    RAISE EXCEPTION 'no duty period names this township' USING ERRCODE = '42501';
  END IF;
  UPDATE registry_patient SET duty_township = to_town, duty_county = to_county,
    number = CASE WHEN was = to_county THEN number ELSE next_case_numbers(to_county, 1) END
    WHERE id = patient;
  FOR t IN SELECT c.oid::regclass::text FROM pg_class c
      WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace
        AND 2 = (SELECT count(*) FROM pg_attribute a WHERE a.attrelid = c.oid AND NOT a.attisdropped
                 AND a.attname IN ('duty_township', 'patient_id')) LOOP
    EXECUTE format('UPDATE %s SET duty_township = $1, duty_county = $2 WHERE patient_id = $3', t)
      USING to_town, to_county, patient;
    GET DIAGNOSTICS n = ROW_COUNT;
    moved := moved + n;
  END LOOP;
  RETURN moved;
END $$;
GRANT EXECUTE ON FUNCTION hand_over(bigint, int, int, int) TO app;
"""

# Uniqueness of the ID number reaches over every county; this function alone may answer "known", and it counts.
# Twenty numbers an hour and user: a busy registration desk stays below, somebody trying out a village does not.
KNOWN = """
CREATE FUNCTION id_is_known(idx bytea) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE who bigint := nullif(current_setting('app.user', true), '')::bigint; n int;
BEGIN
  IF who IS NULL THEN RAISE EXCEPTION 'id_is_known: nobody asks' USING ERRCODE = '42501'; END IF;
  INSERT INTO registry_idquestion AS q (user_id, hour, asked) VALUES (who, date_trunc('hour', now()), 1)
    ON CONFLICT (user_id, hour) DO UPDATE SET asked = q.asked + 1 RETURNING asked INTO n;
  IF n > 20 THEN RETURN NULL; END IF;
  RETURN EXISTS (SELECT 1 FROM registry_patient WHERE id_index = idx);
END $$;
GRANT EXECUTE ON FUNCTION id_is_known(bytea) TO app;
"""

# A grant is seen by the person it is for and by the one who gave it. Which grants hold now is asked before any reach
# exists (it is part of the reach), so this one question goes past the policy.
GRANTS = """
CREATE FUNCTION live_grants(who bigint) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT content_object_id FROM registry_patientgrant
  WHERE user_id = who AND revoked_at IS NULL AND expires_at > now()
$$;
GRANT EXECUTE ON FUNCTION live_grants(bigint) TO app;
ALTER TABLE registry_patientgrant ENABLE ROW LEVEL SECURITY;
CREATE POLICY mine ON registry_patientgrant FOR SELECT TO app USING (
  user_id = (SELECT nullif(current_setting('app.user', true), ''))::bigint
  OR granted_by_id = (SELECT nullif(current_setting('app.user', true), ''))::bigint);
CREATE POLICY given ON registry_patientgrant FOR INSERT TO app WITH CHECK (
  granted_by_id = (SELECT nullif(current_setting('app.user', true), ''))::bigint
  AND EXISTS (SELECT 1 FROM registry_patient p WHERE p.id = content_object_id));
CREATE POLICY taken_back ON registry_patientgrant FOR UPDATE TO app USING (
  granted_by_id = (SELECT nullif(current_setting('app.user', true), ''))::bigint) WITH CHECK (
  granted_by_id = (SELECT nullif(current_setting('app.user', true), ''))::bigint);
CREATE POLICY whole ON registry_patientgrant FOR SELECT TO backup USING (true);
REVOKE DELETE ON registry_patientgrant FROM app;
REVOKE ALL ON registry_casenumber, registry_idquestion FROM app;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial")]
    operations = [
        migrations.RunSQL(TAKE_PLACE, migrations.RunSQL.noop),
        Protect("registry_patient", patient="id"),
        KeepPlace("registry_patient"),
        ProtectHistory("registry_patienthistoryevent", patient="pgh_obj_id"),
        *(operation for table in CHILDREN for operation in (Protect(table), ChildPlace(table))),
        *(ProtectHistory(f"{table}historyevent") for table in CHILDREN),
        migrations.RunSQL(NUMBERS, migrations.RunSQL.noop),
        migrations.RunSQL(HAND_OVER, migrations.RunSQL.noop),
        migrations.RunSQL(KNOWN, migrations.RunSQL.noop),
        migrations.RunSQL(GRANTS, migrations.RunSQL.noop),
        NoWrites("guardian_userobjectpermission"),
        NoWrites("guardian_groupobjectpermission"),
    ]
