"""Where people live: notices, the way between townships, temporary files, and the walls around them."""

import uuid

import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import accounts.history
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
                ("person", models.UUIDField(editable=False, null=True, verbose_name="患者编号")),
                ("href", models.CharField(blank=True, max_length=200, verbose_name="办理页面")),
                ("verb", models.CharField(blank=True, max_length=20, verbose_name="按钮")),
                ("due_on", models.DateField(null=True, verbose_name="期限")),
                ("told_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="发出时间")),
                ("read_at", models.DateTimeField(null=True, verbose_name="看过时间")),
            ],
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
            ],
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
            ],
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="patientstatus",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="patientstatus",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="patientstatus",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="patientstatus",
            name="expected_until",
            field=models.DateField(null=True, verbose_name="预计结束"),
        ),
        migrations.AddField(
            model_name="patientstatus",
            name="place",
            field=models.CharField(blank=True, max_length=100, verbose_name="所在场所"),
        ),
        migrations.AddField(
            model_name="patientstatus",
            name="reason_code",
            field=models.CharField(
                blank=True,
                choices=[
                    ("lost_work", "外出打工"),
                    ("lost_moved", "迁居他处"),
                    ("lost_ran", "走失"),
                    ("lost_missed", "连续 3 次未访到"),
                    ("lost_other", "其他"),
                    ("ref_care", "不同意参加社区管理"),
                    ("ref_self", "患者拒绝访视"),
                    ("ref_kin", "家属拒绝访视或告知"),
                    ("held_pol", "拘留或逮捕羁押"),
                    ("held_pri", "服刑"),
                    ("held_ord", "强制医疗"),
                    ("held_oth", "其他监管场所"),
                ],
                max_length=11,
                verbose_name="原因类别",
            ),
        ),
        migrations.AddField(
            model_name="patientstatus",
            name="scan",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.scan",
                verbose_name="依据扫描件",
            ),
        ),
        migrations.AddField(
            model_name="patientstatus",
            name="unit",
            field=models.CharField(blank=True, max_length=100, verbose_name="治疗单位"),
        ),
        migrations.AddField(
            model_name="patientstatushistoryevent",
            name="expected_until",
            field=models.DateField(null=True, verbose_name="预计结束"),
        ),
        migrations.AddField(
            model_name="patientstatushistoryevent",
            name="place",
            field=models.CharField(blank=True, max_length=100, verbose_name="所在场所"),
        ),
        migrations.AddField(
            model_name="patientstatushistoryevent",
            name="reason_code",
            field=models.CharField(
                blank=True,
                choices=[
                    ("lost_work", "外出打工"),
                    ("lost_moved", "迁居他处"),
                    ("lost_ran", "走失"),
                    ("lost_missed", "连续 3 次未访到"),
                    ("lost_other", "其他"),
                    ("ref_care", "不同意参加社区管理"),
                    ("ref_self", "患者拒绝访视"),
                    ("ref_kin", "家属拒绝访视或告知"),
                    ("held_pol", "拘留或逮捕羁押"),
                    ("held_pri", "服刑"),
                    ("held_ord", "强制医疗"),
                    ("held_oth", "其他监管场所"),
                ],
                max_length=11,
                verbose_name="原因类别",
            ),
        ),
        migrations.AddField(
            model_name="patientstatushistoryevent",
            name="scan",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="registry.scan",
                verbose_name="依据扫描件",
            ),
        ),
        migrations.AddField(
            model_name="patientstatushistoryevent",
            name="unit",
            field=models.CharField(blank=True, max_length=100, verbose_name="治疗单位"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="patientstatus",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=accounts.history.DefinerSql(
                    func='INSERT INTO "registry_patientstatushistoryevent" ("at_township", "death_cause", "evidence", "expected_until", "id", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "reason", "reason_code", "scan_id", "starts_on", "unit", "value") SELECT new_values."at_township", new_values."death_cause", new_values."evidence", new_values."expected_until", new_values."id", new_values."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."place", new_values."reason", new_values."reason_code", new_values."scan_id", new_values."starts_on", new_values."unit", new_values."value" FROM ( SELECT new_values.* FROM new_values  ) AS new_values; RETURN NULL;',
                    hash="f1173f0c5cce4d860b9584f1e17e3b91d3f04e9d",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_dcde2",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="registry_patientstatus",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="patientstatus",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=accounts.history.DefinerSql(
                    func='INSERT INTO "registry_patientstatushistoryevent" ("at_township", "death_cause", "evidence", "expected_until", "id", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "reason", "reason_code", "scan_id", "starts_on", "unit", "value") SELECT new_values."at_township", new_values."death_cause", new_values."evidence", new_values."expected_until", new_values."id", new_values."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."place", new_values."reason", new_values."reason_code", new_values."scan_id", new_values."starts_on", new_values."unit", new_values."value" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."at_township" IS DISTINCT FROM (new_values."at_township") OR old_values."death_cause" IS DISTINCT FROM (new_values."death_cause") OR old_values."evidence" IS DISTINCT FROM (new_values."evidence") OR old_values."expected_until" IS DISTINCT FROM (new_values."expected_until") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."patient_id" IS DISTINCT FROM (new_values."patient_id") OR old_values."place" IS DISTINCT FROM (new_values."place") OR old_values."reason" IS DISTINCT FROM (new_values."reason") OR old_values."reason_code" IS DISTINCT FROM (new_values."reason_code") OR old_values."scan_id" IS DISTINCT FROM (new_values."scan_id") OR old_values."starts_on" IS DISTINCT FROM (new_values."starts_on") OR old_values."unit" IS DISTINCT FROM (new_values."unit") OR old_values."value" IS DISTINCT FROM (new_values."value")) ) AS new_values; RETURN NULL;',
                    hash="8a8547b1ef7be83fb9a0122b84602c4174e007cc",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_de2f1",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="registry_patientstatus",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="patientstatus",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=accounts.history.DefinerSql(
                    func='INSERT INTO "registry_patientstatushistoryevent" ("at_township", "death_cause", "evidence", "expected_until", "id", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "reason", "reason_code", "scan_id", "starts_on", "unit", "value") SELECT old_values."at_township", old_values."death_cause", old_values."evidence", old_values."expected_until", old_values."id", old_values."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."place", old_values."reason", old_values."reason_code", old_values."scan_id", old_values."starts_on", old_values."unit", old_values."value" FROM ( SELECT old_values.* FROM old_values  ) AS old_values; RETURN NULL;',
                    hash="34822285020a0d10fadc5467ec991e6998602d6f",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_8276d",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="registry_patientstatus",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="patient",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notices",
                to="registry.patient",
                verbose_name="患者",
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="read_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="to_agency",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.agency",
                verbose_name="告知单位",
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="to_county",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.division",
                verbose_name="所在县区",
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="to_township",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.division",
                verbose_name="告知乡镇",
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="told_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="temporaryfile",
            name="from_county",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.division",
                verbose_name="经常居住地县区",
            ),
        ),
        migrations.AddField(
            model_name="temporaryfile",
            name="from_township",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.division",
                verbose_name="经常居住地乡镇",
            ),
        ),
        migrations.AddField(
            model_name="temporaryfile",
            name="opened_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="告知人",
            ),
        ),
        migrations.AddField(
            model_name="temporaryfile",
            name="patient",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="temporary_files",
                to="registry.patient",
                verbose_name="患者",
            ),
        ),
        migrations.AddField(
            model_name="temporaryfile",
            name="taken_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="建立人",
            ),
        ),
        migrations.AddField(
            model_name="temporaryfile",
            name="to_county",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.division",
                verbose_name="流入地县区",
            ),
        ),
        migrations.AddField(
            model_name="temporaryfile",
            name="to_township",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.division",
                verbose_name="流入地乡镇",
            ),
        ),
        migrations.AddField(
            model_name="transfer",
            name="answered_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="办结人",
            ),
        ),
        migrations.AddField(
            model_name="transfer",
            name="from_county",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.division",
                verbose_name="移出县区",
            ),
        ),
        migrations.AddField(
            model_name="transfer",
            name="from_township",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.division",
                verbose_name="移出乡镇",
            ),
        ),
        migrations.AddField(
            model_name="transfer",
            name="patient",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="transfers",
                to="registry.patient",
                verbose_name="患者",
            ),
        ),
        migrations.AddField(
            model_name="transfer",
            name="proposed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="提出人",
            ),
        ),
        migrations.AddField(
            model_name="transfer",
            name="seen_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="看到的人",
            ),
        ),
        migrations.AddField(
            model_name="transfer",
            name="to_county",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.division",
                verbose_name="接收县区",
            ),
        ),
        migrations.AddField(
            model_name="transfer",
            name="to_township",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.division",
                verbose_name="接收乡镇",
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("read_at", None)), fields=["to_township"], name="notice_unread_township"
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("read_at", None)), fields=["to_county"], name="notice_unread_county"
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("read_at", None)), fields=["to_agency"], name="notice_unread_agency"
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(fields=["to_county", "told_at"], name="notice_newest"),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("read_at", None), ("read_by", None)), ("read_at__isnull", False), _connector="OR"
                ),
                name="notice_read_when",
            ),
        ),
        migrations.AddIndex(
            model_name="temporaryfile",
            index=models.Index(fields=["to_township", "state"], name="temporaryfile_here"),
        ),
        migrations.AddIndex(
            model_name="temporaryfile",
            index=models.Index(fields=["from_township", "state"], name="temporaryfile_sent"),
        ),
        migrations.AddConstraint(
            model_name="temporaryfile",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "taken", "ended"])), name="temporaryfile_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="temporaryfile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_on__isnull", False), ("state", "ended")),
                    models.Q(models.Q(("state", "ended"), _negated=True), ("ended_on", None)),
                    _connector="OR",
                ),
                name="temporaryfile_ended_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="temporaryfile",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "ended"), _negated=True),
                fields=("patient",),
                name="temporaryfile_one_open",
            ),
        ),
        migrations.AddIndex(
            model_name="transfer",
            index=models.Index(fields=["to_township", "state"], name="transfer_inbox"),
        ),
        migrations.AddIndex(
            model_name="transfer",
            index=models.Index(fields=["from_township", "state"], name="transfer_sent"),
        ),
        migrations.AddIndex(
            model_name="transfer",
            index=models.Index(fields=["from_county", "state"], name="transfer_in_county"),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        ["proposed", "seen", "refused", "county", "accepted", "done", "cancelled", "left", "closed"],
                    )
                ),
                name="transfer_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("to_county", None), ("to_township", None)),
                    models.Q(("to_county__isnull", False), ("to_township__isnull", False)),
                    _connector="OR",
                ),
                name="transfer_to_whole_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["accepted", "done"]), _negated=True),
                    ("accepted_on__isnull", False),
                    _connector="OR",
                ),
                name="transfer_accepted_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["county", "proposed", "refused", "seen"])),
                fields=("patient",),
                name="transfer_one_open",
            ),
        ),
        migrations.RunSQL(NOTICES, migrations.RunSQL.noop),
        migrations.RunSQL(TRANSFERS, migrations.RunSQL.noop),
        migrations.RunSQL(TEMPORARY, migrations.RunSQL.noop),
        migrations.RunSQL(ONE_TOWNSHIP, migrations.RunSQL.noop),
    ]
