"""Where people live: notices, the way between townships, temporary files, and the walls around them."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import accounts.models.fields
from accounts.walls import COUNTIES, OFFICES, TOWNS

ME = "(SELECT nullif(current_setting('app.user', true), ''))::bigint"

# A notice is seen by its receiver and by who sent it; a sender may only sign with the own name and only tell of a
# person in the own reach; nothing but "read" is ever changed.
OWN_AGENCY = f"(SELECT agency_id FROM accounts_user WHERE id = {ME})"  # noqa: S608
RECEIVED = (
    f"to_township_id = ANY ({TOWNS}) OR to_county_id = ANY ({COUNTIES}) OR to_agency_id = ANY ({OFFICES}) "
    f"OR to_agency_id = {OWN_AGENCY}"
)
NOTICES = f"""
ALTER TABLE registry_notice ENABLE ROW LEVEL SECURITY;
CREATE POLICY received ON registry_notice FOR SELECT TO app USING ({RECEIVED} OR told_by_id = {ME});
CREATE POLICY told ON registry_notice FOR INSERT TO app WITH CHECK (
  told_by_id IS NOT DISTINCT FROM {ME}
  AND (patient_id IS NULL OR EXISTS (SELECT 1 FROM registry_patient p WHERE p.id = patient_id)));
CREATE POLICY read ON registry_notice FOR UPDATE TO app USING ({RECEIVED}) WITH CHECK ({RECEIVED});
CREATE POLICY whole ON registry_notice FOR SELECT TO backup USING (true);
REVOKE UPDATE, DELETE ON registry_notice FROM app;
GRANT UPDATE (read_at, read_by_id) ON registry_notice TO app;
"""  # noqa: S608

# A row between two townships is seen and answered by both, and by their counties; only the side that has the patient
# may begin one, in its own name; what was told and who it is about is never changed.
BETWEEN = (
    f"from_township_id = ANY ({TOWNS}) OR to_township_id = ANY ({TOWNS}) "
    f"OR from_county_id = ANY ({COUNTIES}) OR to_county_id = ANY ({COUNTIES})"
)


def between(table: str, who: str, written: str) -> str:
    return f"""
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY see ON {table} FOR SELECT TO app USING ({BETWEEN});
CREATE POLICY begin ON {table} FOR INSERT TO app WITH CHECK (
  (from_township_id = ANY ({TOWNS}) OR from_county_id = ANY ({COUNTIES})) AND {who} IS NOT DISTINCT FROM {ME}
  AND EXISTS (SELECT 1 FROM registry_patient p WHERE p.id = patient_id AND p.duty_township = from_township_id));
CREATE POLICY answer ON {table} FOR UPDATE TO app USING ({BETWEEN}) WITH CHECK ({BETWEEN});
CREATE POLICY whole ON {table} FOR SELECT TO backup USING (true);
REVOKE UPDATE, DELETE ON {table} FROM app;
GRANT UPDATE ({written}) ON {table} TO app;
"""  # noqa: S608


TRANSFERS = between(
    "registry_transfer",
    "proposed_by_id",
    "state, said, refusals, seen_at, seen_by_id, answer_due_on, answered_at, answered_by_id, accepted_on, "
    "visit_due_on, done_on",
)
TEMPORARY = between("registry_temporaryfile", "opened_by_id", "state, taken_at, taken_by_id, ended_on")

# Every person of the register has a township on every day: one period holds from the file's first day on (periods have
# a start only, and one start a day, so that later gaps and overlaps cannot exist). Asked at the end of a transaction.
ONE_TOWNSHIP = """
CREATE FUNCTION has_township() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE one bigint;
BEGIN
  IF TG_TABLE_NAME = 'registry_patient' THEN one := NEW.id;
  ELSIF TG_OP = 'DELETE' THEN one := OLD.patient_id;
  ELSE one := NEW.patient_id; END IF;
  IF EXISTS (SELECT 1 FROM registry_patient p WHERE p.id = one AND NOT EXISTS (
      SELECT 1 FROM registry_dutyperiod d WHERE d.patient_id = p.id AND d.starts_on <= p.opened_on)) THEN
    RAISE EXCEPTION 'a patient without a township' USING ERRCODE = '23514', CONSTRAINT = 'patient_has_township';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER has_township AFTER INSERT OR UPDATE OF opened_on ON registry_patient
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION has_township();
CREATE CONSTRAINT TRIGGER has_township AFTER UPDATE OF starts_on OR DELETE ON registry_dutyperiod
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION has_township();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0005_people"),
        ("accounts", "0002_walls"),
    ]
    operations = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="编号")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("transfer", "档案移交"),
                            ("away", "外出与临时档案"),
                            ("household", "告知户籍地"),
                            ("status", "状态变化"),
                            ("clue", "线索"),
                            ("card", "报告卡"),
                            ("discharge", "出院信息"),
                            ("referral", "转诊"),
                            ("escort", "协助入院出院"),
                            ("identity", "身份核对"),
                            ("care", "随访与管理"),
                            ("incident", "事件与应急"),
                            ("other", "其他"),
                        ],
                        max_length=12,
                        verbose_name="类别",
                    ),
                ),
                (
                    "words",
                    accounts.models.fields.EncryptedTextField(editable=True, label="notice.words", verbose_name="内容"),
                ),
                ("href", models.CharField(blank=True, max_length=200, verbose_name="办理页面")),
                ("verb", models.CharField(blank=True, max_length=20, verbose_name="按钮")),
                ("due_on", models.DateField(null=True, verbose_name="期限")),
                ("told_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="发出时间")),
                ("read_at", models.DateTimeField(null=True, verbose_name="看过时间")),
                (
                    "patient",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="registry.patient",
                        verbose_name="患者",
                    ),
                ),
                (
                    "read_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "to_agency",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.agency",
                        verbose_name="告知单位",
                    ),
                ),
                (
                    "to_county",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.division",
                        verbose_name="所在县区",
                    ),
                ),
                (
                    "to_township",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.division",
                        verbose_name="告知乡镇",
                    ),
                ),
                (
                    "told_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("read_at", None)), fields=["to_township"], name="notice_unread_township"
                    ),
                    models.Index(
                        condition=models.Q(("read_at", None)), fields=["to_county"], name="notice_unread_county"
                    ),
                    models.Index(
                        condition=models.Q(("read_at", None)), fields=["to_agency"], name="notice_unread_agency"
                    ),
                    models.Index(fields=["to_county", "told_at"], name="notice_newest"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "transfer",
                                    "away",
                                    "household",
                                    "status",
                                    "clue",
                                    "card",
                                    "discharge",
                                    "referral",
                                    "escort",
                                    "identity",
                                    "care",
                                    "incident",
                                    "other",
                                ],
                            )
                        ),
                        name="notice_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("read_at", None), ("read_by", None)), ("read_at__isnull", False), _connector="OR"
                        ),
                        name="notice_read_when",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TemporaryFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="编号")),
                ("person", models.UUIDField(editable=False, verbose_name="患者编号")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "已告知流入地"), ("taken", "流入地已建立"), ("ended", "已结束")],
                        default="open",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                (
                    "outside",
                    accounts.models.fields.EncryptedTextField(
                        editable=True, label="temporaryfile.outside", null=True, verbose_name="县外去向"
                    ),
                ),
                (
                    "told",
                    accounts.models.fields.SealedJSONField(
                        editable=True, label="temporaryfile.told", verbose_name="告知流入地的内容"
                    ),
                ),
                ("away_from", models.DateField(verbose_name="外出日期")),
                ("expected_until", models.DateField(null=True, verbose_name="预计返回")),
                ("opened_on", models.DateField(verbose_name="告知日期")),
                ("taken_at", models.DateTimeField(null=True, verbose_name="建立时间")),
                ("ended_on", models.DateField(null=True, verbose_name="结束日期")),
                (
                    "from_county",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.division",
                        verbose_name="经常居住地县区",
                    ),
                ),
                (
                    "from_township",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.division",
                        verbose_name="经常居住地乡镇",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="告知人",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="temporary_files",
                        to="registry.patient",
                        verbose_name="患者",
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="建立人",
                    ),
                ),
                (
                    "to_county",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.division",
                        verbose_name="流入地县区",
                    ),
                ),
                (
                    "to_township",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.division",
                        verbose_name="流入地乡镇",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["to_township", "state"], name="temporaryfile_here"),
                    models.Index(fields=["from_township", "state"], name="temporaryfile_sent"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "taken", "ended"])), name="temporaryfile_state_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_on__isnull", False), ("state", "ended")),
                            models.Q(models.Q(("state", "ended"), _negated=True), ("ended_on", None)),
                            _connector="OR",
                        ),
                        name="temporaryfile_ended_when",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "ended"), _negated=True),
                        fields=("patient",),
                        name="temporaryfile_one_open",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Transfer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="编号")),
                ("person", models.UUIDField(editable=False, verbose_name="患者编号")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "已提出"),
                            ("seen", "接收方已看到"),
                            ("refused", "已退回"),
                            ("county", "待县级决定"),
                            ("accepted", "已接收，待首次随访"),
                            ("done", "已完成首次随访"),
                            ("cancelled", "已撤回"),
                            ("left", "已迁出本县系统"),
                            ("closed", "档案结案，移交终止"),
                        ],
                        default="proposed",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "outside",
                    accounts.models.fields.EncryptedTextField(
                        editable=True, label="transfer.outside", null=True, verbose_name="迁往外地"
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("moved", "迁居"),
                            ("family", "投靠亲属"),
                            ("work", "长期务工或就学"),
                            ("institution", "入住康复或照料机构"),
                            ("boundary", "区划调整"),
                            ("other", "其他"),
                        ],
                        max_length=12,
                        verbose_name="原因",
                    ),
                ),
                (
                    "told",
                    accounts.models.fields.SealedJSONField(
                        editable=True, label="transfer.told", verbose_name="告知接收方的内容"
                    ),
                ),
                (
                    "said",
                    accounts.models.fields.SealedJSONField(
                        editable=True, label="transfer.said", null=True, verbose_name="往来的话"
                    ),
                ),
                ("refusals", models.PositiveSmallIntegerField(default=0, verbose_name="退回次数")),
                ("proposed_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="提出时间")),
                ("seen_at", models.DateTimeField(null=True, verbose_name="看到时间")),
                ("answer_due_on", models.DateField(verbose_name="答复期限")),
                ("answered_at", models.DateTimeField(null=True, verbose_name="办结时间")),
                ("accepted_on", models.DateField(null=True, verbose_name="接收日期")),
                ("visit_due_on", models.DateField(null=True, verbose_name="首次随访期限")),
                ("done_on", models.DateField(null=True, verbose_name="首次随访日期")),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="办结人",
                    ),
                ),
                (
                    "from_county",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.division",
                        verbose_name="移出县区",
                    ),
                ),
                (
                    "from_township",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.division",
                        verbose_name="移出乡镇",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transfers",
                        to="registry.patient",
                        verbose_name="患者",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="提出人",
                    ),
                ),
                (
                    "seen_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="看到的人",
                    ),
                ),
                (
                    "to_county",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.division",
                        verbose_name="接收县区",
                    ),
                ),
                (
                    "to_township",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.division",
                        verbose_name="接收乡镇",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["to_township", "state"], name="transfer_inbox"),
                    models.Index(fields=["from_township", "state"], name="transfer_sent"),
                    models.Index(fields=["from_county", "state"], name="transfer_in_county"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "proposed",
                                    "seen",
                                    "refused",
                                    "county",
                                    "accepted",
                                    "done",
                                    "cancelled",
                                    "left",
                                    "closed",
                                ],
                            )
                        ),
                        name="transfer_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("to_county", None), ("to_township", None)),
                            models.Q(("to_county__isnull", False), ("to_township__isnull", False)),
                            _connector="OR",
                        ),
                        name="transfer_to_whole_place",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["accepted", "done"]), _negated=True),
                            ("accepted_on__isnull", False),
                            _connector="OR",
                        ),
                        name="transfer_accepted_when",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["county", "proposed", "refused", "seen"])),
                        fields=("patient",),
                        name="transfer_one_open",
                    ),
                ],
            },
        ),
        migrations.RunSQL(NOTICES, migrations.RunSQL.noop),
        migrations.RunSQL(TRANSFERS, migrations.RunSQL.noop),
        migrations.RunSQL(TEMPORARY, migrations.RunSQL.noop),
        migrations.RunSQL(ONE_TOWNSHIP, migrations.RunSQL.noop),
    ]
