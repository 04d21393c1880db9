"""Due windows and what took people off the list; the register's changes mark windows for the next sweep.

Why triggers: a status, a hand-over or an opening date decides windows anew whatever wrote it (form, import, transfer),
and the register must not know the floors above it. A new file gets its first window here; everything else about a
window is decided by followup.rules.windows.
"""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import accounts.models.fields
from accounts.walls import ChildPlace, Protect

FACTS = ("registry_patientstatus", "registry_dutyperiod", "registry_admission")

FOLLOW_REGISTER = """
REVOKE DELETE ON followup_offlist FROM app;

CREATE FUNCTION followup_windows_stale(patients bigint[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE followup_window SET stale = true WHERE NOT stale AND id IN (
    SELECT DISTINCT ON (patient_id) id FROM followup_window WHERE patient_id = ANY (patients)
    ORDER BY patient_id, opened_on DESC)
$$;
REVOKE ALL ON FUNCTION followup_windows_stale(bigint[]) FROM PUBLIC;

-- The facts of the file's own first day say nothing new about its first window.
CREATE FUNCTION followup_window_fact() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM followup_windows_stale(ARRAY(
    SELECT DISTINCT c.patient_id FROM changed c JOIN registry_patient p ON p.id = c.patient_id
    WHERE TG_OP <> 'INSERT' OR to_jsonb(c) ->> 'starts_on' IS DISTINCT FROM p.opened_on::text
      OR (TG_TABLE_NAME = 'registry_patientstatus' AND to_jsonb(c) ->> 'value' <> 'managed')));
  RETURN NULL;
END $$;

CREATE FUNCTION followup_window_first() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO followup_window (duty_township, duty_county, at_township, patient_id, opened_on, opener, due_on,
    due_reason, outcome, excuse, stale)
  SELECT duty_township, duty_county, 0, id, opened_on, 'registered', opened_on + 14, '建档后两周内首次随访', '', '',
    opened_on + 14 < (now() AT TIME ZONE 'Asia/Shanghai')::date
  FROM changed;
  RETURN NULL;
END $$;
CREATE TRIGGER followup_window_first AFTER INSERT ON registry_patient REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION followup_window_first();

CREATE FUNCTION followup_window_opening() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM followup_windows_stale(ARRAY[NEW.id]);
  RETURN NULL;
END $$;
CREATE TRIGGER followup_window_opening AFTER UPDATE OF opened_on ON registry_patient
  FOR EACH ROW WHEN (OLD.opened_on IS DISTINCT FROM NEW.opened_on) EXECUTE FUNCTION followup_window_opening();
"""

# Files that stood before windows were kept: each gets its first one, and the next sweep decides the rest.
EXISTING = """
INSERT INTO followup_window (duty_township, duty_county, at_township, patient_id, opened_on, opener, due_on,
  due_reason, outcome, excuse, stale)
SELECT duty_township, duty_county, 0, id, opened_on, 'registered', opened_on + 14, '建档后两周内首次随访', '', '', true
FROM registry_patient
"""


def _on_fact(table: str) -> str:
    return "".join(
        f"CREATE TRIGGER followup_window_{event.lower()} AFTER {event} ON {table} "
        f"REFERENCING {'OLD' if event == 'DELETE' else 'NEW'} TABLE AS changed "
        "FOR EACH STATEMENT EXECUTE FUNCTION followup_window_fact();\n"
        for event in ("INSERT", "UPDATE", "DELETE")
    )


class Migration(migrations.Migration):
    dependencies = [
        ("followup", "0003_drafts"),
        ("registry", "0007_referrals"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OffList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("duty_township", models.IntegerField(default=0, editable=False, verbose_name="管理乡镇")),
                ("duty_county", models.IntegerField(default=0, editable=False, verbose_name="管理县区")),
                ("at_township", models.IntegerField(default=0, editable=False, verbose_name="办理乡镇")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("given_on", models.DateField(verbose_name="日期")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("admitted", "住院"),
                            ("away", "外出"),
                            ("detained", "羁押或强制医疗"),
                            ("refused", "拒访或不同意"),
                            ("lost", "失访"),
                            ("dead", "死亡"),
                            ("moved_out", "迁出"),
                            ("excluded", "排除"),
                            ("handed_on", "转给另一乡镇"),
                            ("other", "其他"),
                        ],
                        max_length=10,
                        verbose_name="原因",
                    ),
                ),
                (
                    "words",
                    accounts.models.fields.EncryptedTextField(
                        editable=True, label="offlist.words", null=True, verbose_name="说明"
                    ),
                ),
                ("again_on", models.DateField(verbose_name="再联系日期")),
                ("entered_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="off_list",
                        to="registry.patient",
                        verbose_name="患者",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("patient", "given_on"), name="off_list_once_a_day"),
                    models.CheckConstraint(
                        condition=models.Q(("again_on__gt", models.F("given_on"))), name="off_list_until_later"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Window",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("duty_township", models.IntegerField(default=0, editable=False, verbose_name="管理乡镇")),
                ("duty_county", models.IntegerField(default=0, editable=False, verbose_name="管理县区")),
                ("at_township", models.IntegerField(default=0, editable=False, verbose_name="办理乡镇")),
                ("opened_on", models.DateField(verbose_name="开始")),
                (
                    "opener",
                    models.CharField(
                        choices=[
                            ("registered", "建档"),
                            ("record", "随访"),
                            ("discharged", "出院"),
                            ("moved", "转入"),
                            ("returned", "恢复在管"),
                            ("reopened", "恢复档案"),
                            ("postponed", "移出后再约"),
                        ],
                        max_length=10,
                        verbose_name="由什么开始",
                    ),
                ),
                ("due_on", models.DateField(verbose_name="应随访日期")),
                ("due_reason", models.CharField(blank=True, max_length=100, verbose_name="理由")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("done", "按期完成"),
                            ("late", "两周内补上"),
                            ("missed", "未完成"),
                            ("excused", "有原因未访"),
                        ],
                        max_length=8,
                        verbose_name="结果",
                    ),
                ),
                (
                    "excuse",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("admitted", "住院"),
                            ("away", "外出"),
                            ("detained", "羁押或强制医疗"),
                            ("refused", "拒访或不同意"),
                            ("lost", "失访"),
                            ("dead", "死亡"),
                            ("moved_out", "迁出"),
                            ("excluded", "排除"),
                            ("handed_on", "转给另一乡镇"),
                            ("other", "其他"),
                        ],
                        max_length=10,
                        verbose_name="原因",
                    ),
                ),
                ("closed_on", models.DateField(null=True, verbose_name="结束")),
                ("stale", models.BooleanField(default=False, verbose_name="待重算")),
                (
                    "closed_root",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="followup.visitroot",
                    ),
                ),
                (
                    "opener_root",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="followup.visitroot",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="windows",
                        to="registry.patient",
                        verbose_name="患者",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("outcome", "done"), _negated=True),
                        fields=["duty_county", "due_on"],
                        name="window_not_done",
                    ),
                    models.Index(condition=models.Q(("outcome", "")), fields=["due_on"], name="window_open"),
                    models.Index(condition=models.Q(("stale", True)), fields=["patient"], name="window_stale"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("patient", "opened_on"), name="window_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_on", None), ("closed_on__gt", models.F("opened_on")), _connector="OR"
                        ),
                        name="window_has_length",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "excused"), models.Q(("excuse", ""), _negated=True)),
                            models.Q(models.Q(("outcome", "excused"), _negated=True), ("excuse", "")),
                            _connector="OR",
                        ),
                        name="window_excuse_is_coded",
                    ),
                ],
            },
        ),
        Protect("followup_window"),
        ChildPlace("followup_window"),
        Protect("followup_offlist"),
        ChildPlace("followup_offlist"),
        migrations.RunSQL(FOLLOW_REGISTER, migrations.RunSQL.noop),
        *(migrations.RunSQL(_on_fact(table), migrations.RunSQL.noop) for table in FACTS),
        migrations.RunSQL(EXISTING, migrations.RunSQL.noop),
    ]
