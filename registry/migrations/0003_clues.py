import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import accounts.models.fields
from accounts.walls import COUNTIES, TOWNS

WHO = "nullif(current_setting('app.user', true), '')::bigint"
TODAY = "(now() AT TIME ZONE 'Asia/Shanghai')::date"
DEFINER = "SECURITY DEFINER SET search_path = public, pg_temp"
LIVE = f"a.user_id = {WHO} AND a.starts_on <= {TODAY} AND (a.ends_on IS NULL OR a.ends_on >= {TODAY})"

# A clue is seen by the township it names and by its county. Who reported it looks through the view below.
POLICY = f"""
ALTER TABLE registry_clue ENABLE ROW LEVEL SECURITY;
CREATE POLICY see ON registry_clue FOR ALL TO app
  USING (township_id = ANY ({TOWNS}) OR county_id = ANY ({COUNTIES}))
  WITH CHECK (township_id = ANY ({TOWNS}) OR county_id = ANY ({COUNTIES}));
CREATE POLICY whole ON registry_clue FOR SELECT TO backup USING (true);
REVOKE DELETE ON registry_clue FROM app;
"""  # noqa: S608

# What an office has reported, and how far it is in three words: never the outcome.
OWN = f"""
CREATE VIEW registry_ownclue WITH (security_barrier=true) AS
  SELECT c.id, c.uuid, c.agency_id, c.entered_at, u.display_name AS entered_by_name, c.source, c.items, c.found_on,
         c.told, t.name || coalesce(v.name, '') AS area,
         CASE WHEN c.state = 'reported' THEN 'received'
              WHEN c.state IN ('confirmed', 'registered', 'other', 'excluded') THEN 'done' ELSE 'checking' END
           AS bare_state
  FROM registry_clue c JOIN accounts_user u ON u.id = c.entered_by_id JOIN accounts_division t ON t.id = c.township_id
  LEFT JOIN accounts_division v ON v.id = c.village_id
  WHERE c.agency_id IN (SELECT a.agency_id FROM accounts_assignment a WHERE {LIVE});
REVOKE ALL ON registry_ownclue FROM app;
GRANT SELECT ON registry_ownclue TO app, app_partner;
"""  # noqa: S608

# Everyone enters a clue by this one function: the office and the person come from the transaction, the place must lie
# in one of the person's own assignments. created: NULL outside the area, false when this form had come before.
ENTER = f"""
CREATE FUNCTION registry_enter_clue(new_uuid uuid, form uuid, town bigint, place bigint, kind varchar,
  ticked smallint[], day date, sealed bytea, moment timestamptz, OUT created boolean)
LANGUAGE plpgsql {DEFINER} AS $$
DECLARE above bigint; office bigint;
BEGIN
  SELECT parent_id INTO above FROM accounts_division WHERE id = town AND level = 'township';
  IF NOT FOUND THEN RETURN; END IF;
  IF place IS NOT NULL THEN
    PERFORM 1 FROM accounts_division WHERE id = place AND parent_id = town AND level = 'village';
    IF NOT FOUND THEN RETURN; END IF;
  END IF;
  SELECT a.agency_id INTO office FROM accounts_assignment a
    WHERE {LIVE} AND (a.division_id = town OR a.division_id = above OR a.division_id = place) ORDER BY a.id LIMIT 1;
  IF NOT FOUND THEN RETURN; END IF;
  INSERT INTO registry_clue (uuid, form_id, township_id, county_id, village_id, agency_id, entered_by_id, entered_at,
                             source, items, found_on, told, state)
  VALUES (new_uuid, form, town, above, place, office, {WHO}, moment, kind, ticked, day, sealed, 'reported')
  ON CONFLICT (form_id) DO NOTHING;
  created := FOUND;
END $$;
GRANT EXECUTE ON FUNCTION registry_enter_clue(uuid, uuid, bigint, bigint, varchar, smallint[], date, bytea, timestamptz)
  TO app, app_partner;
"""  # noqa: S608


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0002_walls"),
        ("accounts", "0002_walls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OwnClue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField()),
                ("agency_id", models.BigIntegerField()),
                ("entered_at", models.DateTimeField()),
                ("entered_by_name", models.CharField(max_length=40)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("village", "村（居）委会"),
                            ("police", "公安"),
                            ("judicial", "司法行政"),
                            ("civil_affairs", "民政"),
                            ("federation", "残联"),
                            ("hospital", "医疗机构"),
                            ("family", "家属"),
                            ("political_legal", "政法综治"),
                            ("other", "其他"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "items",
                    django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), size=None),
                ),
                ("found_on", models.DateField()),
                ("told", accounts.models.fields.SealedJSONField(editable=True, label="clue.told", null=True)),
                ("bare_state", models.CharField(max_length=8)),
                ("area", models.CharField(max_length=130)),
            ],
            options={
                "db_table": "registry_ownclue",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Clue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="编号")),
                ("form_id", models.UUIDField(unique=True, verbose_name="表单号")),
                ("entered_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="报告时间")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("village", "村（居）委会"),
                            ("police", "公安"),
                            ("judicial", "司法行政"),
                            ("civil_affairs", "民政"),
                            ("federation", "残联"),
                            ("hospital", "医疗机构"),
                            ("family", "家属"),
                            ("political_legal", "政法综治"),
                            ("other", "其他"),
                        ],
                        max_length=16,
                        verbose_name="线索来源",
                    ),
                ),
                (
                    "items",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(),
                        default=list,
                        size=None,
                        verbose_name="符合清单条目",
                    ),
                ),
                ("found_on", models.DateField(verbose_name="发现日期")),
                (
                    "told",
                    accounts.models.fields.SealedJSONField(
                        editable=True, label="clue.told", null=True, verbose_name="报告内容"
                    ),
                ),
                (
                    "learned",
                    accounts.models.fields.SealedJSONField(
                        editable=True, label="clue.learned", null=True, verbose_name="核实与诊断"
                    ),
                ),
                (
                    "state",
                    models.CharField(
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
                        ],
                        default="reported",
                        max_length=10,
                        verbose_name="进展",
                    ),
                ),
                ("assigned_on", models.DateField(null=True, verbose_name="分派日期")),
                ("visited_on", models.DateField(null=True, verbose_name="核实日期")),
                ("again_on", models.DateField(null=True, verbose_name="再次核实日期")),
                ("settled_on", models.DateField(null=True, verbose_name="得出结果日期")),
                ("forgotten_at", models.DateTimeField(null=True, verbose_name="个人信息删去时间")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.agency",
                        verbose_name="报告单位",
                    ),
                ),
                (
                    "assigned_to",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="核实人",
                    ),
                ),
                (
                    "county",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.division",
                        verbose_name="县（市、区）",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="报告人",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clues",
                        to="registry.patient",
                        verbose_name="患者",
                    ),
                ),
                (
                    "township",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.division",
                        verbose_name="乡镇（街道）",
                    ),
                ),
                (
                    "village",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.division",
                        verbose_name="村（社区）",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["township", "state"], name="clue_by_township")],
                "constraints": [
                    models.CheckConstraint(
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
                                ],
                            )
                        ),
                        name="clue_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "registered"), _negated=True),
                            ("patient__isnull", False),
                            _connector="OR",
                        ),
                        name="clue_registered_has_patient",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("forgotten_at", None),
                            models.Q(("learned__isnull", True), ("told__isnull", True)),
                            _connector="OR",
                        ),
                        name="clue_forgets_whole",
                    ),
                ],
            },
        ),
        migrations.RunSQL(POLICY, migrations.RunSQL.noop),
        migrations.RunSQL(OWN, migrations.RunSQL.noop),
        migrations.RunSQL(ENTER, migrations.RunSQL.noop),
    ]
