"""An incident may hang on a clue: the person has no file yet, so the records lie where the clue lies.

With the registration they go over to the patient; when an excluded clue forgets the person, so do they. Both are the
database's own acts: a check is written once, and no row changes its township by an UPDATE of the application.
"""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import accounts.history

DEFINER = "SECURITY DEFINER SET search_path = public, pg_temp"
TABLES = ("followup_incident", "followup_emergency", "followup_emergencycheck")
TRACKED = ("followup_incident", "followup_emergency")

# Place from the patient; of somebody without a file, from the clue. FOR KEY SHARE as in take_place().
PLACE = """
CREATE FUNCTION take_place_of_clue() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.patient_id IS NOT NULL THEN
    SELECT duty_township, duty_county INTO STRICT NEW.duty_township, NEW.duty_county
    FROM registry_patient WHERE id = NEW.patient_id FOR KEY SHARE;
  ELSE
    SELECT township_id, county_id INTO STRICT NEW.duty_township, NEW.duty_county
    FROM registry_clue WHERE id = NEW.clue_id FOR KEY SHARE;
  END IF;
  IF coalesce(NEW.at_township, 0) = 0 THEN NEW.at_township := NEW.duty_township; END IF;
  RETURN NEW;
END $$;
"""

CARRY = f"""
CREATE FUNCTION carry_clue_records(one bigint) RETURNS int LANGUAGE plpgsql {DEFINER} AS $$
DECLARE r record; t text; n int; moved int := 0;
BEGIN
  SELECT p.id, p.duty_township, p.duty_county INTO r FROM registry_clue c JOIN registry_patient p ON p.id = c.patient_id
    WHERE c.id = one AND c.state = 'registered' AND merge_in_reach(c.township_id::int, c.county_id::int)
      AND merge_in_reach(p.duty_township, p.duty_county) FOR KEY SHARE OF p;
  IF NOT FOUND THEN RAISE EXCEPTION 'no registered clue within reach' USING ERRCODE = '42501'; END IF;
  FOREACH t IN ARRAY ARRAY['followup_incident', 'followup_emergency', 'followup_emergencycheck'] LOOP
    EXECUTE format('UPDATE %I SET patient_id = $1, duty_township = $2, duty_county = $3
                    WHERE clue_id = $4 AND patient_id IS NULL', t) USING r.id, r.duty_township, r.duty_county, one;
    GET DIAGNOSTICS n = ROW_COUNT;
    moved := moved + n;
  END LOOP;
  RETURN moved;
END $$;
GRANT EXECUTE ON FUNCTION carry_clue_records(bigint) TO app;
"""  # noqa: S608

FORGET = f"""
CREATE FUNCTION forget_clue_records(one bigint) RETURNS int LANGUAGE plpgsql {DEFINER} AS $$
DECLARE n int; forgotten int := 0;
BEGIN
  PERFORM 1 FROM registry_clue WHERE id = one AND forgotten_at IS NOT NULL;
  IF NOT FOUND THEN RAISE EXCEPTION 'this clue has not been forgotten' USING ERRCODE = '42501'; END IF;
  UPDATE followup_incident SET details = NULL WHERE clue_id = one AND patient_id IS NULL;
  GET DIAGNOSTICS n = ROW_COUNT; forgotten := forgotten + n;
  UPDATE followup_emergency SET content = NULL WHERE clue_id = one AND patient_id IS NULL;
  GET DIAGNOSTICS n = ROW_COUNT; forgotten := forgotten + n;
  UPDATE followup_emergencycheck SET note = NULL WHERE clue_id = one AND patient_id IS NULL;
  RETURN forgotten;
END $$;
GRANT EXECUTE ON FUNCTION forget_clue_records(bigint) TO app;
"""  # noqa: S608


def places(table: str) -> list[str]:
    return [
        f"DROP TRIGGER take_place ON {table}",
        f"CREATE TRIGGER take_place BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION take_place_of_clue()",
    ]


def history(table: str) -> list[str]:
    """History is seen by whoever sees the patient now or, while there is none, the clue."""
    event = f"{table}historyevent"
    seen = (
        f"EXISTS (SELECT 1 FROM registry_patient p WHERE p.id = {event}.patient_id) OR ({event}.patient_id IS NULL "  # noqa: S608
        f"AND EXISTS (SELECT 1 FROM registry_clue c WHERE c.id = {event}.clue_id))"
    )
    return [f"DROP POLICY see ON {event}", f"CREATE POLICY see ON {event} FOR SELECT TO app USING ({seen})"]


class Migration(migrations.Migration):
    dependencies = [
        ("followup", "0006_medicine"),
        ("registry", "0008_duplicates"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="emergency",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="emergency",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="emergency",
            name="delete_delete",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="incident",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="incident",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="incident",
            name="delete_delete",
        ),
        migrations.RemoveConstraint(
            model_name="emergency",
            name="emergency_settled_by_someone",
        ),
        migrations.AddField(
            model_name="emergency",
            name="clue",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.clue",
                verbose_name="线索",
            ),
        ),
        migrations.AddField(
            model_name="emergencycheck",
            name="clue",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.clue",
                verbose_name="线索",
            ),
        ),
        migrations.AddField(
            model_name="emergencyhistoryevent",
            name="clue",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="registry.clue",
                verbose_name="线索",
            ),
        ),
        migrations.AddField(
            model_name="incident",
            name="clue",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.clue",
                verbose_name="线索",
            ),
        ),
        migrations.AddField(
            model_name="incidenthistoryevent",
            name="clue",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="registry.clue",
                verbose_name="线索",
            ),
        ),
        migrations.AlterField(
            model_name="emergency",
            name="patient",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.patient",
                verbose_name="患者",
            ),
        ),
        migrations.AlterField(
            model_name="emergencycheck",
            name="patient",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.patient",
                verbose_name="患者",
            ),
        ),
        migrations.AlterField(
            model_name="emergencyhistoryevent",
            name="patient",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="registry.patient",
                verbose_name="患者",
            ),
        ),
        migrations.AlterField(
            model_name="incident",
            name="patient",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.patient",
                verbose_name="患者",
            ),
        ),
        migrations.AlterField(
            model_name="incidenthistoryevent",
            name="patient",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="registry.patient",
                verbose_name="患者",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="emergency",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=accounts.history.DefinerSql(
                    func='INSERT INTO "followup_emergencyhistoryevent" ("at_township", "clue_id", "ended_at", "form_id", "id", "incident_id", "opened_at", "opened_by_id", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "settled_at", "settled_by_id", "started_at", "state", "uuid") VALUES (NEW."at_township", NEW."clue_id", NEW."ended_at", NEW."form_id", NEW."id", NEW."incident_id", NEW."opened_at", NEW."opened_by_id", NEW."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."settled_at", NEW."settled_by_id", NEW."started_at", NEW."state", NEW."uuid"); RETURN NULL;',
                    hash="72bbafe57740b30b56496f8af49d06d9d52a3523",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_432ae",
                    table="followup_emergency",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="emergency",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=accounts.history.DefinerSql(
                    condition='WHEN (OLD."at_township" IS DISTINCT FROM (NEW."at_township") OR OLD."clue_id" IS DISTINCT FROM (NEW."clue_id") OR OLD."ended_at" IS DISTINCT FROM (NEW."ended_at") OR OLD."form_id" IS DISTINCT FROM (NEW."form_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."incident_id" IS DISTINCT FROM (NEW."incident_id") OR OLD."opened_at" IS DISTINCT FROM (NEW."opened_at") OR OLD."opened_by_id" IS DISTINCT FROM (NEW."opened_by_id") OR OLD."patient_id" IS DISTINCT FROM (NEW."patient_id") OR OLD."settled_at" IS DISTINCT FROM (NEW."settled_at") OR OLD."settled_by_id" IS DISTINCT FROM (NEW."settled_by_id") OR OLD."started_at" IS DISTINCT FROM (NEW."started_at") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."uuid" IS DISTINCT FROM (NEW."uuid"))',
                    func='INSERT INTO "followup_emergencyhistoryevent" ("at_township", "clue_id", "ended_at", "form_id", "id", "incident_id", "opened_at", "opened_by_id", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "settled_at", "settled_by_id", "started_at", "state", "uuid") VALUES (NEW."at_township", NEW."clue_id", NEW."ended_at", NEW."form_id", NEW."id", NEW."incident_id", NEW."opened_at", NEW."opened_by_id", NEW."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."settled_at", NEW."settled_by_id", NEW."started_at", NEW."state", NEW."uuid"); RETURN NULL;',
                    hash="6791d5b91f57654b5bde3a4482bf392b638ae255",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_8c543",
                    table="followup_emergency",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="emergency",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=accounts.history.DefinerSql(
                    func='INSERT INTO "followup_emergencyhistoryevent" ("at_township", "clue_id", "ended_at", "form_id", "id", "incident_id", "opened_at", "opened_by_id", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "settled_at", "settled_by_id", "started_at", "state", "uuid") VALUES (OLD."at_township", OLD."clue_id", OLD."ended_at", OLD."form_id", OLD."id", OLD."incident_id", OLD."opened_at", OLD."opened_by_id", OLD."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."settled_at", OLD."settled_by_id", OLD."started_at", OLD."state", OLD."uuid"); RETURN NULL;',
                    hash="3bd0e76a5881e832728d0b73509e0bc3768e0242",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_38258",
                    table="followup_emergency",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="incident",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=accounts.history.DefinerSql(
                    func='INSERT INTO "followup_incidenthistoryevent" ("at_township", "clue_id", "confirmed_at", "confirmed_by_id", "confirmed_from", "crime", "dead", "ended_at", "ended_by_id", "entered_at", "entered_by_id", "form_id", "happened_at", "id", "injured", "legal_result", "level", "loss_yuan", "meeting_on", "minor_trouble", "other_harm", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "self_harm", "sent_to_hospital", "state", "suicide_attempt", "tells", "trouble", "uuid", "version") VALUES (NEW."at_township", NEW."clue_id", NEW."confirmed_at", NEW."confirmed_by_id", NEW."confirmed_from", NEW."crime", NEW."dead", NEW."ended_at", NEW."ended_by_id", NEW."entered_at", NEW."entered_by_id", NEW."form_id", NEW."happened_at", NEW."id", NEW."injured", NEW."legal_result", NEW."level", NEW."loss_yuan", NEW."meeting_on", NEW."minor_trouble", NEW."other_harm", NEW."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."self_harm", NEW."sent_to_hospital", NEW."state", NEW."suicide_attempt", NEW."tells", NEW."trouble", NEW."uuid", NEW."version"); RETURN NULL;',
                    hash="776d2eb2c7db0f0a2d26938807f721273f6d58ad",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_97338",
                    table="followup_incident",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="incident",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=accounts.history.DefinerSql(
                    condition='WHEN (OLD."at_township" IS DISTINCT FROM (NEW."at_township") OR OLD."clue_id" IS DISTINCT FROM (NEW."clue_id") OR OLD."confirmed_at" IS DISTINCT FROM (NEW."confirmed_at") OR OLD."confirmed_by_id" IS DISTINCT FROM (NEW."confirmed_by_id") OR OLD."confirmed_from" IS DISTINCT FROM (NEW."confirmed_from") OR OLD."crime" IS DISTINCT FROM (NEW."crime") OR OLD."dead" IS DISTINCT FROM (NEW."dead") OR OLD."ended_at" IS DISTINCT FROM (NEW."ended_at") OR OLD."ended_by_id" IS DISTINCT FROM (NEW."ended_by_id") OR OLD."entered_at" IS DISTINCT FROM (NEW."entered_at") OR OLD."entered_by_id" IS DISTINCT FROM (NEW."entered_by_id") OR OLD."form_id" IS DISTINCT FROM (NEW."form_id") OR OLD."happened_at" IS DISTINCT FROM (NEW."happened_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."injured" IS DISTINCT FROM (NEW."injured") OR OLD."legal_result" IS DISTINCT FROM (NEW."legal_result") OR OLD."level" IS DISTINCT FROM (NEW."level") OR OLD."loss_yuan" IS DISTINCT FROM (NEW."loss_yuan") OR OLD."meeting_on" IS DISTINCT FROM (NEW."meeting_on") OR OLD."minor_trouble" IS DISTINCT FROM (NEW."minor_trouble") OR OLD."other_harm" IS DISTINCT FROM (NEW."other_harm") OR OLD."patient_id" IS DISTINCT FROM (NEW."patient_id") OR OLD."self_harm" IS DISTINCT FROM (NEW."self_harm") OR OLD."sent_to_hospital" IS DISTINCT FROM (NEW."sent_to_hospital") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."suicide_attempt" IS DISTINCT FROM (NEW."suicide_attempt") OR OLD."tells" IS DISTINCT FROM (NEW."tells") OR OLD."trouble" IS DISTINCT FROM (NEW."trouble") OR OLD."uuid" IS DISTINCT FROM (NEW."uuid") OR OLD."version" IS DISTINCT FROM (NEW."version"))',
                    func='INSERT INTO "followup_incidenthistoryevent" ("at_township", "clue_id", "confirmed_at", "confirmed_by_id", "confirmed_from", "crime", "dead", "ended_at", "ended_by_id", "entered_at", "entered_by_id", "form_id", "happened_at", "id", "injured", "legal_result", "level", "loss_yuan", "meeting_on", "minor_trouble", "other_harm", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "self_harm", "sent_to_hospital", "state", "suicide_attempt", "tells", "trouble", "uuid", "version") VALUES (NEW."at_township", NEW."clue_id", NEW."confirmed_at", NEW."confirmed_by_id", NEW."confirmed_from", NEW."crime", NEW."dead", NEW."ended_at", NEW."ended_by_id", NEW."entered_at", NEW."entered_by_id", NEW."form_id", NEW."happened_at", NEW."id", NEW."injured", NEW."legal_result", NEW."level", NEW."loss_yuan", NEW."meeting_on", NEW."minor_trouble", NEW."other_harm", NEW."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."self_harm", NEW."sent_to_hospital", NEW."state", NEW."suicide_attempt", NEW."tells", NEW."trouble", NEW."uuid", NEW."version"); RETURN NULL;',
                    hash="6ce23ed3e35528c71cbf92170ad1999d8774b3cf",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_c7b31",
                    table="followup_incident",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="incident",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=accounts.history.DefinerSql(
                    func='INSERT INTO "followup_incidenthistoryevent" ("at_township", "clue_id", "confirmed_at", "confirmed_by_id", "confirmed_from", "crime", "dead", "ended_at", "ended_by_id", "entered_at", "entered_by_id", "form_id", "happened_at", "id", "injured", "legal_result", "level", "loss_yuan", "meeting_on", "minor_trouble", "other_harm", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "self_harm", "sent_to_hospital", "state", "suicide_attempt", "tells", "trouble", "uuid", "version") VALUES (OLD."at_township", OLD."clue_id", OLD."confirmed_at", OLD."confirmed_by_id", OLD."confirmed_from", OLD."crime", OLD."dead", OLD."ended_at", OLD."ended_by_id", OLD."entered_at", OLD."entered_by_id", OLD."form_id", OLD."happened_at", OLD."id", OLD."injured", OLD."legal_result", OLD."level", OLD."loss_yuan", OLD."meeting_on", OLD."minor_trouble", OLD."other_harm", OLD."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."self_harm", OLD."sent_to_hospital", OLD."state", OLD."suicide_attempt", OLD."tells", OLD."trouble", OLD."uuid", OLD."version"); RETURN NULL;',
                    hash="d53b86e596fe41e6c7a7957c2445e44c29ce6d0d",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_69581",
                    table="followup_incident",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="emergency",
            constraint=models.CheckConstraint(
                condition=models.Q(("patient__isnull", False), ("clue__isnull", False), _connector="OR"),
                name="emergency_about_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="emergency",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at", None), ("settled_at", None), ("settled_by", None), ("state", "opened")),
                    models.Q(
                        ("ended_at__isnull", False),
                        ("settled_at__isnull", False),
                        ("settled_by__isnull", False),
                        ("state", "written"),
                    ),
                    models.Q(("settled_at__isnull", False), ("settled_by__isnull", False), ("state", "cancelled")),
                    _connector="OR",
                ),
                name="emergency_settled_by_someone",
            ),
        ),
        migrations.AddConstraint(
            model_name="emergency",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "written"), _negated=True),
                    ("content__isnull", False),
                    ("patient", None),
                    _connector="OR",
                ),
                name="emergency_written_says_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="emergencycheck",
            constraint=models.CheckConstraint(
                condition=models.Q(("patient__isnull", False), ("clue__isnull", False), _connector="OR"),
                name="emergencycheck_about_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                condition=models.Q(("patient__isnull", False), ("clue__isnull", False), _connector="OR"),
                name="incident_about_somebody",
            ),
        ),
        migrations.RunSQL(PLACE, migrations.RunSQL.noop),
        *(migrations.RunSQL(places(table), migrations.RunSQL.noop) for table in TABLES),
        *(migrations.RunSQL(history(table), migrations.RunSQL.noop) for table in TRACKED),
        migrations.RunSQL(CARRY, migrations.RunSQL.noop),
        migrations.RunSQL(FORGET, migrations.RunSQL.noop),
    ]
