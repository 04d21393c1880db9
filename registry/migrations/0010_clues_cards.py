"""A person told of twice: the one clue ends in the other, and what hangs on it goes over."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

WHO = "nullif(current_setting('app.user', true), '')::bigint"
TODAY = "(now() AT TIME ZONE 'Asia/Shanghai')::date"
DEFINER = "SECURITY DEFINER SET search_path = public, pg_temp"
LIVE = f"a.user_id = {WHO} AND a.starts_on <= {TODAY} AND (a.ends_on IS NULL OR a.ends_on >= {TODAY})"

# The reporting office is not told that somebody else had reported the same person.
OWN = f"""
CREATE OR REPLACE VIEW registry_ownclue WITH (security_barrier=true) AS
  SELECT c.id, c.uuid, c.agency_id, c.entered_at, u.display_name AS entered_by_name, c.source, c.items, c.found_on,
         c.told, t.name || coalesce(v.name, '') AS area,
         CASE WHEN c.state = 'reported' THEN 'received'
              WHEN c.state IN ('confirmed', 'registered', 'other', 'excluded', 'duplicate') THEN 'done'
              ELSE 'checking' END AS bare_state
  FROM registry_clue c JOIN accounts_user u ON u.id = c.entered_by_id JOIN accounts_division t ON t.id = c.township_id
  LEFT JOIN accounts_division v ON v.id = c.village_id
  WHERE c.agency_id IN (SELECT a.agency_id FROM accounts_assignment a WHERE {LIVE});
"""  # noqa: S608

# Whatever hangs on the clue that ended, of whichever floor: the tables come from the catalog, as in hand_over().
JOIN = f"""
CREATE FUNCTION join_clue_records(one bigint) RETURNS int LANGUAGE plpgsql {DEFINER} AS $$
DECLARE r record; t text; n int; moved int := 0;
BEGIN
  SELECT k.id, k.township_id, k.county_id INTO r FROM registry_clue c JOIN registry_clue k ON k.id = c.same_as_id
    WHERE c.id = one AND c.state = 'duplicate' AND merge_in_reach(c.township_id::int, c.county_id::int)
      AND merge_in_reach(k.township_id::int, k.county_id::int) FOR UPDATE OF k;
  IF NOT FOUND THEN RAISE EXCEPTION 'no merged clue within reach' USING ERRCODE = '42501'; END IF;
  FOR t IN SELECT c.oid::regclass::text FROM pg_class c
      WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
        AND 3 = (SELECT count(*) FROM pg_attribute a WHERE a.attrelid = c.oid AND NOT a.attisdropped
                 AND a.attname IN ('duty_township', 'patient_id', 'clue_id')) LOOP
    EXECUTE format('UPDATE %s SET clue_id = $1, duty_township = $2, duty_county = $3
                    WHERE clue_id = $4 AND patient_id IS NULL', t) USING r.id, r.township_id, r.county_id, one;
    GET DIAGNOSTICS n = ROW_COUNT;
    moved := moved + n;
  END LOOP;
  RETURN moved;
END $$;
GRANT EXECUTE ON FUNCTION join_clue_records(bigint) TO app;
"""  # noqa: S608


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_walls"),
        ("registry", "0009_colour"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="clue",
            name="clue_state_known",
        ),
        migrations.AddField(
            model_name="clue",
            name="same_as",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="repeats",
                to="registry.clue",
                verbose_name="合并到",
            ),
        ),
        migrations.AlterField(
            model_name="clue",
            name="state",
            field=models.CharField(
                choices=[
                    ("reported", "待分派"),
                    ("assigned", "待核实"),
                    ("visited", "已核实"),
                    ("sent", "已送诊"),
                    ("watched", "观察"),
                    ("declined", "拒绝诊断"),
                    ("confirmed", "确诊"),
                    ("registered", "已建档"),
                    ("other", "其他精神障碍"),
                    ("excluded", "排除"),
                    ("duplicate", "重复，已合并"),
                ],
                default="reported",
                max_length=10,
                verbose_name="进展",
            ),
        ),
        migrations.AddConstraint(
            model_name="clue",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "reported",
                            "assigned",
                            "visited",
                            "sent",
                            "watched",
                            "declined",
                            "confirmed",
                            "registered",
                            "other",
                            "excluded",
                            "duplicate",
                        ],
                    )
                ),
                name="clue_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="clue",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("same_as__isnull", False), ("state", "duplicate")),
                    models.Q(models.Q(("state", "duplicate"), _negated=True), ("same_as", None)),
                    _connector="OR",
                ),
                name="clue_repeats_another",
            ),
        ),
        migrations.RunSQL(OWN, migrations.RunSQL.noop),
        migrations.RunSQL(JOIN, migrations.RunSQL.noop),
    ]
