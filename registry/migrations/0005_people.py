"""People around the patient and their papers, with their walls."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import accounts.history
import accounts.models.fields
from accounts.walls import COUNTIES, TOWNS, ChildPlace, Protect, ProtectHistory

CHILDREN = (
    "registry_scan",
    "registry_companion",
    "registry_guardianship",
    "registry_socialfact",
    "registry_formsheet",
    "registry_guardiantraining",
)
TRACKED = ("registry_companion", "registry_guardianship", "registry_socialfact")

# A kept paper and a used text are never taken away; a paper's place still moves with the patient.
KEEP = """
REVOKE DELETE ON registry_scan FROM app;
REVOKE UPDATE, DELETE ON registry_consenttext FROM app;
"""

# Teams and staff hold names and phones of people who serve: whoever works in the place sees them, nobody else.
DIVISIONS = f"""(SELECT d.id FROM accounts_division d LEFT JOIN accounts_division up ON up.id = d.parent_id
  WHERE d.id = ANY ({TOWNS}) OR d.parent_id = ANY ({TOWNS})
     OR d.id = ANY ({COUNTIES}) OR d.parent_id = ANY ({COUNTIES}) OR up.parent_id = ANY ({COUNTIES}))"""
TEAM_WALLS = {
    "registry_caregroup": f"division_id IN {DIVISIONS}",
    "registry_groupmember": "group_id IN (SELECT g.id FROM registry_caregroup g)",
    "registry_staffmember": f"township_id IN {DIVISIONS}",
    "registry_staffyear": f"township_id IN {DIVISIONS}",
}


def team_wall(table: str) -> str:
    """Row-level security of one table without a patient."""
    inside = TEAM_WALLS[table]
    return f"""
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY see ON {table} FOR ALL TO app USING ({inside}) WITH CHECK ({inside});
CREATE POLICY whole ON {table} FOR SELECT TO backup USING (true);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0004_cards"),
        ("accounts", "0002_walls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CareGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="编号")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("township", "精神卫生综合管理小组"),
                            ("village", "患者关爱帮扶小组"),
                            ("treatment", "收治小组"),
                        ],
                        max_length=10,
                        verbose_name="类别",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="成立日期")),
            ],
        ),
        migrations.CreateModel(
            name="Companion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("duty_township", models.IntegerField(default=0, editable=False, verbose_name="管理乡镇")),
                ("duty_county", models.IntegerField(default=0, editable=False, verbose_name="管理县区")),
                ("at_township", models.IntegerField(default=0, editable=False, verbose_name="办理乡镇")),
                ("starts_on", models.DateField(verbose_name="开始日期")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="编号")),
                ("slot", models.CharField(max_length=36, verbose_name="位置")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("assistant", "协助监护人"),
                            ("cadre", "村（居）干部"),
                            ("police", "社区民警"),
                            ("doctor", "精防医生"),
                            ("grid", "网格员"),
                            ("civil", "民政或残联人员"),
                        ],
                        max_length=10,
                        verbose_name="身份",
                    ),
                ),
                ("ended", models.BooleanField(default=False, verbose_name="不再担任")),
                (
                    "name",
                    accounts.models.fields.EncryptedTextField(
                        editable=True, label="companion.name", null=True, verbose_name="姓名"
                    ),
                ),
                (
                    "phone",
                    accounts.models.fields.EncryptedTextField(
                        editable=True, label="companion.phone", null=True, verbose_name="电话"
                    ),
                ),
                (
                    "relation",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("1", "配偶"),
                            ("2", "父母"),
                            ("3", "子女"),
                            ("4", "兄弟姐妹"),
                            ("5", "其他近亲属"),
                            ("6", "村居或单位"),
                            ("9", "其他"),
                        ],
                        max_length=1,
                        verbose_name="与患者关系",
                    ),
                ),
                ("duty", models.CharField(blank=True, max_length=100, verbose_name="职责")),
                ("payee", models.BooleanField(default=False, verbose_name="补助领取人")),
            ],
        ),
        migrations.CreateModel(
            name="CompanionHistoryevent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                ("at_township", models.IntegerField(default=0, editable=False, verbose_name="办理乡镇")),
                ("starts_on", models.DateField(verbose_name="开始日期")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, verbose_name="编号")),
                ("slot", models.CharField(max_length=36, verbose_name="位置")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("assistant", "协助监护人"),
                            ("cadre", "村（居）干部"),
                            ("police", "社区民警"),
                            ("doctor", "精防医生"),
                            ("grid", "网格员"),
                            ("civil", "民政或残联人员"),
                        ],
                        max_length=10,
                        verbose_name="身份",
                    ),
                ),
                ("ended", models.BooleanField(default=False, verbose_name="不再担任")),
                (
                    "relation",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("1", "配偶"),
                            ("2", "父母"),
                            ("3", "子女"),
                            ("4", "兄弟姐妹"),
                            ("5", "其他近亲属"),
                            ("6", "村居或单位"),
                            ("9", "其他"),
                        ],
                        max_length=1,
                        verbose_name="与患者关系",
                    ),
                ),
                ("duty", models.CharField(blank=True, max_length=100, verbose_name="职责")),
                ("payee", models.BooleanField(default=False, verbose_name="补助领取人")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ConsentText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="编号")),
                ("version", models.CharField(max_length=20, verbose_name="版本")),
                ("starts_on", models.DateField(verbose_name="启用日期")),
                ("body", models.TextField(max_length=4000, verbose_name="正文")),
            ],
        ),
        migrations.CreateModel(
            name="FormSheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("duty_township", models.IntegerField(default=0, editable=False, verbose_name="管理乡镇")),
                ("duty_county", models.IntegerField(default=0, editable=False, verbose_name="管理县区")),
                ("at_township", models.IntegerField(default=0, editable=False, verbose_name="办理乡镇")),
                ("starts_on", models.DateField(verbose_name="开始日期")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="编号")),
                (
                    "form",
                    models.CharField(
                        choices=[("basics", "个人基本信息表"), ("supplement", "个人信息补充表")],
                        max_length=10,
                        verbose_name="表",
                    ),
                ),
                (
                    "answers",
                    accounts.models.fields.SealedJSONField(
                        editable=True, label="formsheet.answers", verbose_name="内容"
                    ),
                ),
                (
                    "open_keys",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), default=list, size=None, verbose_name="还缺"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="GroupMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="编号")),
                ("slot", models.UUIDField(default=uuid.uuid4, verbose_name="位置")),
                ("starts_on", models.DateField(verbose_name="开始日期")),
                ("ended", models.BooleanField(default=False, verbose_name="不再担任")),
                (
                    "name",
                    accounts.models.fields.EncryptedTextField(
                        editable=True, label="groupmember.name", verbose_name="姓名"
                    ),
                ),
                (
                    "phone",
                    accounts.models.fields.EncryptedTextField(
                        editable=True, label="groupmember.phone", null=True, verbose_name="电话"
                    ),
                ),
                (
                    "agency_kind",
                    models.CharField(
                        choices=[
                            ("health_commission", "卫生健康委"),
                            ("prevention_office", "精神卫生防治机构"),
                            ("hospital", "精神专科或综合医院"),
                            ("health_centre", "乡镇卫生院（社区卫生服务中心）"),
                            ("village_clinic", "村卫生室（服务站）"),
                            ("police", "公安局（派出所）"),
                            ("political_legal", "政法委（综治中心）"),
                            ("civil_affairs", "民政部门"),
                            ("disabled_federation", "残疾人联合会"),
                            ("insurance", "医疗保障部门"),
                            ("human_resources", "人力资源和社会保障部门"),
                            ("judicial", "司法行政部门"),
                            ("finance", "财政部门"),
                            ("education", "教育部门"),
                            ("government", "乡镇政府（街道办事处）"),
                            ("village_committee", "村（居）民委员会"),
                            ("rehab_site", "社区康复机构"),
                            ("department", "其他部门"),
                        ],
                        max_length=24,
                        verbose_name="所属部门",
                    ),
                ),
                ("post", models.CharField(blank=True, max_length=40, verbose_name="职务")),
                ("leads", models.BooleanField(default=False, verbose_name="组长")),
            ],
        ),
        migrations.CreateModel(
            name="Guardianship",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("duty_township", models.IntegerField(default=0, editable=False, verbose_name="管理乡镇")),
                ("duty_county", models.IntegerField(default=0, editable=False, verbose_name="管理县区")),
                ("at_township", models.IntegerField(default=0, editable=False, verbose_name="办理乡镇")),
                ("starts_on", models.DateField(verbose_name="开始日期")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("effective", "有效监护"),
                            ("weak", "弱监护"),
                            ("none", "无监护"),
                            ("away", "监护人外出"),
                            ("committee", "村居临时监护"),
                            ("institution", "机构监护"),
                        ],
                        max_length=12,
                        verbose_name="监护状态",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
            ],
        ),
        migrations.CreateModel(
            name="GuardianshipHistoryevent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                ("at_township", models.IntegerField(default=0, editable=False, verbose_name="办理乡镇")),
                ("starts_on", models.DateField(verbose_name="开始日期")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("effective", "有效监护"),
                            ("weak", "弱监护"),
                            ("none", "无监护"),
                            ("away", "监护人外出"),
                            ("committee", "村居临时监护"),
                            ("institution", "机构监护"),
                        ],
                        max_length=12,
                        verbose_name="监护状态",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="GuardianTraining",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("duty_township", models.IntegerField(default=0, editable=False, verbose_name="管理乡镇")),
                ("duty_county", models.IntegerField(default=0, editable=False, verbose_name="管理县区")),
                ("at_township", models.IntegerField(default=0, editable=False, verbose_name="办理乡镇")),
                ("starts_on", models.DateField(verbose_name="开始日期")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="编号")),
                ("topic", models.CharField(max_length=100, verbose_name="内容")),
                ("hours", models.DecimalField(decimal_places=1, max_digits=4, verbose_name="学时")),
                (
                    "attended",
                    accounts.models.fields.EncryptedTextField(
                        editable=True, label="guardiantraining.attended", verbose_name="参加人"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PsychiatristLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="编号")),
                ("starts_on", models.DateField(verbose_name="开始日期")),
            ],
        ),
        migrations.CreateModel(
            name="Scan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("duty_township", models.IntegerField(default=0, editable=False, verbose_name="管理乡镇")),
                ("duty_county", models.IntegerField(default=0, editable=False, verbose_name="管理县区")),
                ("at_township", models.IntegerField(default=0, editable=False, verbose_name="办理乡镇")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="编号")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("consent", "知情同意书"),
                            ("withdrawal", "撤回或拒绝的书面意见"),
                            ("identity", "证件"),
                            ("diagnosis", "诊断证明"),
                            ("referral", "转诊单"),
                            ("discharge", "出院材料"),
                            ("incident", "应急或事件材料"),
                            ("status", "状态依据"),
                            ("transfer", "迁移材料"),
                            ("certificate", "证书或认定材料"),
                            ("other", "其他"),
                        ],
                        max_length=12,
                        verbose_name="类别",
                    ),
                ),
                ("form", models.CharField(max_length=4, verbose_name="格式")),
                ("size", models.PositiveIntegerField(verbose_name="大小")),
                ("digest", models.CharField(max_length=64, verbose_name="摘要")),
                (
                    "content",
                    accounts.models.fields.SealedBytesField(editable=True, label="scan.content", verbose_name="内容"),
                ),
                ("kept_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="保存时间")),
            ],
        ),
        migrations.CreateModel(
            name="SocialFact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("duty_township", models.IntegerField(default=0, editable=False, verbose_name="管理乡镇")),
                ("duty_county", models.IntegerField(default=0, editable=False, verbose_name="管理县区")),
                ("at_township", models.IntegerField(default=0, editable=False, verbose_name="办理乡镇")),
                ("starts_on", models.DateField(verbose_name="开始日期")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="编号")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("poor", "贫困（当地贫困线以下）"),
                            ("dibao", "低保"),
                            ("tekun", "特困供养"),
                            ("targeted", "脱贫户或监测户"),
                            ("disability", "残疾人证"),
                            ("insured", "参加基本医疗保险"),
                            ("chronic", "门诊慢特病"),
                            ("family_doctor", "家庭医生签约"),
                            ("subsidy", "监护补助对象"),
                            ("care_group", "关爱帮扶小组服务对象"),
                            ("rehab", "参加社区康复"),
                            ("veteran", "退役军人"),
                            ("vagrant", "流浪乞讨救助对象"),
                        ],
                        max_length=14,
                        verbose_name="项目",
                    ),
                ),
                ("holds", models.BooleanField(verbose_name="享受或符合")),
                ("grade", models.PositiveSmallIntegerField(null=True, verbose_name="残疾等级")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("health_commission", "卫生健康委"),
                            ("prevention_office", "精神卫生防治机构"),
                            ("hospital", "精神专科或综合医院"),
                            ("health_centre", "乡镇卫生院（社区卫生服务中心）"),
                            ("village_clinic", "村卫生室（服务站）"),
                            ("police", "公安局（派出所）"),
                            ("political_legal", "政法委（综治中心）"),
                            ("civil_affairs", "民政部门"),
                            ("disabled_federation", "残疾人联合会"),
                            ("insurance", "医疗保障部门"),
                            ("human_resources", "人力资源和社会保障部门"),
                            ("judicial", "司法行政部门"),
                            ("finance", "财政部门"),
                            ("education", "教育部门"),
                            ("government", "乡镇政府（街道办事处）"),
                            ("village_committee", "村（居）民委员会"),
                            ("rehab_site", "社区康复机构"),
                            ("department", "其他部门"),
                        ],
                        max_length=24,
                        verbose_name="来源单位",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=100, verbose_name="说明")),
            ],
        ),
        migrations.CreateModel(
            name="SocialFactHistoryevent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                ("at_township", models.IntegerField(default=0, editable=False, verbose_name="办理乡镇")),
                ("starts_on", models.DateField(verbose_name="开始日期")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, verbose_name="编号")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("poor", "贫困（当地贫困线以下）"),
                            ("dibao", "低保"),
                            ("tekun", "特困供养"),
                            ("targeted", "脱贫户或监测户"),
                            ("disability", "残疾人证"),
                            ("insured", "参加基本医疗保险"),
                            ("chronic", "门诊慢特病"),
                            ("family_doctor", "家庭医生签约"),
                            ("subsidy", "监护补助对象"),
                            ("care_group", "关爱帮扶小组服务对象"),
                            ("rehab", "参加社区康复"),
                            ("veteran", "退役军人"),
                            ("vagrant", "流浪乞讨救助对象"),
                        ],
                        max_length=14,
                        verbose_name="项目",
                    ),
                ),
                ("holds", models.BooleanField(verbose_name="享受或符合")),
                ("grade", models.PositiveSmallIntegerField(null=True, verbose_name="残疾等级")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("health_commission", "卫生健康委"),
                            ("prevention_office", "精神卫生防治机构"),
                            ("hospital", "精神专科或综合医院"),
                            ("health_centre", "乡镇卫生院（社区卫生服务中心）"),
                            ("village_clinic", "村卫生室（服务站）"),
                            ("police", "公安局（派出所）"),
                            ("political_legal", "政法委（综治中心）"),
                            ("civil_affairs", "民政部门"),
                            ("disabled_federation", "残疾人联合会"),
                            ("insurance", "医疗保障部门"),
                            ("human_resources", "人力资源和社会保障部门"),
                            ("judicial", "司法行政部门"),
                            ("finance", "财政部门"),
                            ("education", "教育部门"),
                            ("government", "乡镇政府（街道办事处）"),
                            ("village_committee", "村（居）民委员会"),
                            ("rehab_site", "社区康复机构"),
                            ("department", "其他部门"),
                        ],
                        max_length=24,
                        verbose_name="来源单位",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=100, verbose_name="说明")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="StaffMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="编号")),
                ("slot", models.UUIDField(default=uuid.uuid4, verbose_name="位置")),
                ("starts_on", models.DateField(verbose_name="开始日期")),
                ("ended", models.BooleanField(default=False, verbose_name="离岗")),
                (
                    "name",
                    accounts.models.fields.EncryptedTextField(
                        editable=True, label="staffmember.name", verbose_name="姓名"
                    ),
                ),
                (
                    "phone",
                    accounts.models.fields.EncryptedTextField(
                        editable=True, label="staffmember.phone", null=True, verbose_name="电话"
                    ),
                ),
                ("post", models.CharField(blank=True, max_length=40, verbose_name="岗位或资质")),
                ("share", models.PositiveSmallIntegerField(verbose_name="折合全职（%）")),
            ],
        ),
        migrations.CreateModel(
            name="StaffYear",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slot", models.UUIDField(verbose_name="位置")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年份")),
                ("hours", models.DecimalField(decimal_places=1, max_digits=5, verbose_name="培训学时")),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[("excellent", "优秀"), ("passed", "合格"), ("failed", "不合格")],
                        max_length=10,
                        verbose_name="考核",
                    ),
                ),
            ],
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="consent",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="consent",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="consent",
            name="delete_delete",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="guardian",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="guardian",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="guardian",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="consent",
            name="doctor",
            field=models.CharField(blank=True, max_length=40, verbose_name="谈话医生"),
        ),
        migrations.AddField(
            model_name="consent",
            name="path",
            field=models.CharField(
                blank=True,
                choices=[
                    ("agreed", "同意参加管理"),
                    ("refused", "不同意参加管理"),
                    ("withdrawn", "撤回同意"),
                    ("informed", "已告知，依法纳入管理"),
                ],
                max_length=10,
                verbose_name="办理方式",
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="reason",
            field=models.CharField(blank=True, max_length=200, verbose_name="原因或告知内容"),
        ),
        migrations.AddField(
            model_name="consent",
            name="relation",
            field=models.CharField(
                blank=True,
                choices=[
                    ("1", "配偶"),
                    ("2", "父母"),
                    ("3", "子女"),
                    ("4", "兄弟姐妹"),
                    ("5", "其他近亲属"),
                    ("6", "村居或单位"),
                    ("9", "其他"),
                ],
                max_length=1,
                verbose_name="签字人与患者关系",
            ),
        ),
        migrations.AddField(
            model_name="consenthistoryevent",
            name="doctor",
            field=models.CharField(blank=True, max_length=40, verbose_name="谈话医生"),
        ),
        migrations.AddField(
            model_name="consenthistoryevent",
            name="path",
            field=models.CharField(
                blank=True,
                choices=[
                    ("agreed", "同意参加管理"),
                    ("refused", "不同意参加管理"),
                    ("withdrawn", "撤回同意"),
                    ("informed", "已告知，依法纳入管理"),
                ],
                max_length=10,
                verbose_name="办理方式",
            ),
        ),
        migrations.AddField(
            model_name="consenthistoryevent",
            name="reason",
            field=models.CharField(blank=True, max_length=200, verbose_name="原因或告知内容"),
        ),
        migrations.AddField(
            model_name="consenthistoryevent",
            name="relation",
            field=models.CharField(
                blank=True,
                choices=[
                    ("1", "配偶"),
                    ("2", "父母"),
                    ("3", "子女"),
                    ("4", "兄弟姐妹"),
                    ("5", "其他近亲属"),
                    ("6", "村居或单位"),
                    ("9", "其他"),
                ],
                max_length=1,
                verbose_name="签字人与患者关系",
            ),
        ),
        migrations.AddField(
            model_name="guardian",
            name="address",
            field=accounts.models.fields.EncryptedTextField(
                editable=True, label="guardian.address", null=True, verbose_name="监护人住址"
            ),
        ),
        migrations.AddField(
            model_name="guardian",
            name="duty",
            field=models.CharField(blank=True, max_length=100, verbose_name="监护职责"),
        ),
        migrations.AddField(
            model_name="guardian",
            name="ended",
            field=models.BooleanField(default=False, verbose_name="不再担任"),
        ),
        migrations.AddField(
            model_name="guardian",
            name="payee",
            field=models.BooleanField(default=False, verbose_name="补助领取人"),
        ),
        migrations.AddField(
            model_name="guardianhistoryevent",
            name="duty",
            field=models.CharField(blank=True, max_length=100, verbose_name="监护职责"),
        ),
        migrations.AddField(
            model_name="guardianhistoryevent",
            name="ended",
            field=models.BooleanField(default=False, verbose_name="不再担任"),
        ),
        migrations.AddField(
            model_name="guardianhistoryevent",
            name="payee",
            field=models.BooleanField(default=False, verbose_name="补助领取人"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="consent",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=accounts.history.DefinerSql(
                    func='INSERT INTO "registry_consenthistoryevent" ("agreed", "at_township", "doctor", "id", "path", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "relation", "scan_id", "signer", "starts_on", "text_version") SELECT new_values."agreed", new_values."at_township", new_values."doctor", new_values."id", new_values."path", new_values."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."reason", new_values."relation", new_values."scan_id", new_values."signer", new_values."starts_on", new_values."text_version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values; RETURN NULL;',
                    hash="926b63d287a07f68209f81ec56c5f0948f116f9e",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_21079",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="registry_consent",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="consent",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=accounts.history.DefinerSql(
                    func='INSERT INTO "registry_consenthistoryevent" ("agreed", "at_township", "doctor", "id", "path", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "relation", "scan_id", "signer", "starts_on", "text_version") SELECT new_values."agreed", new_values."at_township", new_values."doctor", new_values."id", new_values."path", new_values."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."reason", new_values."relation", new_values."scan_id", new_values."signer", new_values."starts_on", new_values."text_version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."agreed" IS DISTINCT FROM (new_values."agreed") OR old_values."at_township" IS DISTINCT FROM (new_values."at_township") OR old_values."doctor" IS DISTINCT FROM (new_values."doctor") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."path" IS DISTINCT FROM (new_values."path") OR old_values."patient_id" IS DISTINCT FROM (new_values."patient_id") OR old_values."reason" IS DISTINCT FROM (new_values."reason") OR old_values."relation" IS DISTINCT FROM (new_values."relation") OR old_values."scan_id" IS DISTINCT FROM (new_values."scan_id") OR old_values."signer" IS DISTINCT FROM (new_values."signer") OR old_values."starts_on" IS DISTINCT FROM (new_values."starts_on") OR old_values."text_version" IS DISTINCT FROM (new_values."text_version")) ) AS new_values; RETURN NULL;',
                    hash="818c0727025a781d15aabc22ed9ed5434cd2bbf2",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_939d6",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="registry_consent",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="consent",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=accounts.history.DefinerSql(
                    func='INSERT INTO "registry_consenthistoryevent" ("agreed", "at_township", "doctor", "id", "path", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "relation", "scan_id", "signer", "starts_on", "text_version") SELECT old_values."agreed", old_values."at_township", old_values."doctor", old_values."id", old_values."path", old_values."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."reason", old_values."relation", old_values."scan_id", old_values."signer", old_values."starts_on", old_values."text_version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values; RETURN NULL;',
                    hash="0cce526e8da2bd11881cf14f56e88c4ceea95e6c",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_d4d8c",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="registry_consent",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="guardian",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=accounts.history.DefinerSql(
                    func='INSERT INTO "registry_guardianhistoryevent" ("at_township", "duty", "ended", "id", "name", "patient_id", "payee", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "relation", "starts_on", "uuid") SELECT new_values."at_township", new_values."duty", new_values."ended", new_values."id", new_values."name", new_values."patient_id", new_values."payee", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."relation", new_values."starts_on", new_values."uuid" FROM ( SELECT new_values.* FROM new_values  ) AS new_values; RETURN NULL;',
                    hash="eb73f1a8b0fce653dc655a54c9a38a4e4a041379",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_90bf8",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="registry_guardian",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="guardian",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=accounts.history.DefinerSql(
                    func='INSERT INTO "registry_guardianhistoryevent" ("at_township", "duty", "ended", "id", "name", "patient_id", "payee", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "relation", "starts_on", "uuid") SELECT new_values."at_township", new_values."duty", new_values."ended", new_values."id", new_values."name", new_values."patient_id", new_values."payee", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."relation", new_values."starts_on", new_values."uuid" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."at_township" IS DISTINCT FROM (new_values."at_township") OR old_values."duty" IS DISTINCT FROM (new_values."duty") OR old_values."ended" IS DISTINCT FROM (new_values."ended") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."name" IS DISTINCT FROM (new_values."name") OR old_values."patient_id" IS DISTINCT FROM (new_values."patient_id") OR old_values."payee" IS DISTINCT FROM (new_values."payee") OR old_values."relation" IS DISTINCT FROM (new_values."relation") OR old_values."starts_on" IS DISTINCT FROM (new_values."starts_on") OR old_values."uuid" IS DISTINCT FROM (new_values."uuid")) ) AS new_values; RETURN NULL;',
                    hash="235255f56f8162d0383cbdb919fd6635e9502925",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_c7307",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="registry_guardian",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="guardian",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=accounts.history.DefinerSql(
                    func='INSERT INTO "registry_guardianhistoryevent" ("at_township", "duty", "ended", "id", "name", "patient_id", "payee", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "relation", "starts_on", "uuid") SELECT old_values."at_township", old_values."duty", old_values."ended", old_values."id", old_values."name", old_values."patient_id", old_values."payee", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."relation", old_values."starts_on", old_values."uuid" FROM ( SELECT old_values.* FROM old_values  ) AS old_values; RETURN NULL;',
                    hash="fcb575a21d222b93bee0b047a5be778690027b71",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_37274",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="registry_guardian",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="caregroup",
            name="division",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.division",
                verbose_name="所在区划",
            ),
        ),
        migrations.AddField(
            model_name="companion",
            name="patient",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="companions",
                to="registry.patient",
                verbose_name="患者",
            ),
        ),
        migrations.AddField(
            model_name="companionhistoryevent",
            name="patient",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="registry.patient",
                verbose_name="患者",
            ),
        ),
        migrations.AddField(
            model_name="companionhistoryevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="history_events",
                to="registry.companion",
            ),
        ),
        migrations.AddField(
            model_name="consenttext",
            name="county",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.division",
                verbose_name="县（市、区）",
            ),
        ),
        migrations.AddField(
            model_name="consenttext",
            name="made_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="发布人",
            ),
        ),
        migrations.AddField(
            model_name="formsheet",
            name="filled_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="填表人",
            ),
        ),
        migrations.AddField(
            model_name="formsheet",
            name="patient",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sheets",
                to="registry.patient",
                verbose_name="患者",
            ),
        ),
        migrations.AddField(
            model_name="groupmember",
            name="group",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="members",
                to="registry.caregroup",
                verbose_name="小组",
            ),
        ),
        migrations.AddField(
            model_name="guardianship",
            name="patient",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="guardianships",
                to="registry.patient",
                verbose_name="患者",
            ),
        ),
        migrations.AddField(
            model_name="guardianshiphistoryevent",
            name="patient",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="registry.patient",
                verbose_name="患者",
            ),
        ),
        migrations.AddField(
            model_name="guardianshiphistoryevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="history_events",
                to="registry.guardianship",
            ),
        ),
        migrations.AddField(
            model_name="guardiantraining",
            name="patient",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="trainings",
                to="registry.patient",
                verbose_name="患者",
            ),
        ),
        migrations.AddField(
            model_name="psychiatristlink",
            name="division",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.division",
                verbose_name="村（社区）或乡镇",
            ),
        ),
        migrations.AddField(
            model_name="psychiatristlink",
            name="psychiatrist",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="精神科医师",
            ),
        ),
        migrations.AddField(
            model_name="scan",
            name="kept_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="保存人",
            ),
        ),
        migrations.AddField(
            model_name="scan",
            name="patient",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="scans",
                to="registry.patient",
                verbose_name="患者",
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="scan",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.scan",
                verbose_name="扫描件",
            ),
        ),
        migrations.AddField(
            model_name="consenthistoryevent",
            name="scan",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="registry.scan",
                verbose_name="扫描件",
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("path", ""),
                    models.Q(("agreed", True), ("path__in", ["agreed", "informed"])),
                    models.Q(("agreed", False), ("path__in", ["refused", "withdrawn"])),
                    _connector="OR",
                ),
                name="consent_path_says_agreed",
            ),
        ),
        migrations.AddField(
            model_name="socialfact",
            name="patient",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="social_facts",
                to="registry.patient",
                verbose_name="患者",
            ),
        ),
        migrations.AddField(
            model_name="socialfacthistoryevent",
            name="patient",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="registry.patient",
                verbose_name="患者",
            ),
        ),
        migrations.AddField(
            model_name="socialfacthistoryevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="history_events",
                to="registry.socialfact",
            ),
        ),
        migrations.AddField(
            model_name="staffmember",
            name="township",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.division",
                verbose_name="乡镇（街道）",
            ),
        ),
        migrations.AddField(
            model_name="staffyear",
            name="township",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.division",
                verbose_name="乡镇（街道）",
            ),
        ),
        migrations.AddConstraint(
            model_name="caregroup",
            constraint=models.UniqueConstraint(fields=("kind", "division"), name="caregroup_once"),
        ),
        migrations.AddConstraint(
            model_name="companion",
            constraint=models.UniqueConstraint(fields=("patient", "slot", "starts_on"), name="companion_once"),
        ),
        migrations.AddConstraint(
            model_name="companion",
            constraint=models.CheckConstraint(
                condition=models.Q(("role", "assistant"), ("slot", models.F("role")), _connector="OR"),
                name="companion_helper_slot",
            ),
        ),
        migrations.AddConstraint(
            model_name="companion",
            constraint=models.CheckConstraint(
                condition=models.Q(("ended", True), ("name__isnull", False), _connector="OR"), name="companion_has_name"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="companion",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=accounts.history.DefinerSql(
                    func='INSERT INTO "registry_companionhistoryevent" ("at_township", "duty", "ended", "id", "patient_id", "payee", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "relation", "role", "slot", "starts_on", "uuid") VALUES (NEW."at_township", NEW."duty", NEW."ended", NEW."id", NEW."patient_id", NEW."payee", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."relation", NEW."role", NEW."slot", NEW."starts_on", NEW."uuid"); RETURN NULL;',
                    hash="df0c8b2c70ce80a828011bda2edd617ce3c2e644",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_09939",
                    table="registry_companion",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="companion",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=accounts.history.DefinerSql(
                    condition='WHEN (OLD."at_township" IS DISTINCT FROM (NEW."at_township") OR OLD."duty" IS DISTINCT FROM (NEW."duty") OR OLD."ended" IS DISTINCT FROM (NEW."ended") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."patient_id" IS DISTINCT FROM (NEW."patient_id") OR OLD."payee" IS DISTINCT FROM (NEW."payee") OR OLD."relation" IS DISTINCT FROM (NEW."relation") OR OLD."role" IS DISTINCT FROM (NEW."role") OR OLD."slot" IS DISTINCT FROM (NEW."slot") OR OLD."starts_on" IS DISTINCT FROM (NEW."starts_on") OR OLD."uuid" IS DISTINCT FROM (NEW."uuid"))',
                    func='INSERT INTO "registry_companionhistoryevent" ("at_township", "duty", "ended", "id", "patient_id", "payee", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "relation", "role", "slot", "starts_on", "uuid") VALUES (NEW."at_township", NEW."duty", NEW."ended", NEW."id", NEW."patient_id", NEW."payee", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."relation", NEW."role", NEW."slot", NEW."starts_on", NEW."uuid"); RETURN NULL;',
                    hash="3ab624bc8221cccfe03e39405c719e9d04e1517f",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_46bf0",
                    table="registry_companion",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="companion",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=accounts.history.DefinerSql(
                    func='INSERT INTO "registry_companionhistoryevent" ("at_township", "duty", "ended", "id", "patient_id", "payee", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "relation", "role", "slot", "starts_on", "uuid") VALUES (OLD."at_township", OLD."duty", OLD."ended", OLD."id", OLD."patient_id", OLD."payee", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."relation", OLD."role", OLD."slot", OLD."starts_on", OLD."uuid"); RETURN NULL;',
                    hash="af81bf43d5ad6023408b6455ddd4a226a6c147b7",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_12b86",
                    table="registry_companion",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="consenttext",
            constraint=models.UniqueConstraint(fields=("county", "version"), name="consenttext_version_once"),
        ),
        migrations.AddConstraint(
            model_name="consenttext",
            constraint=models.UniqueConstraint(fields=("county", "starts_on"), name="consenttext_day_once"),
        ),
        migrations.AddConstraint(
            model_name="formsheet",
            constraint=models.UniqueConstraint(fields=("patient", "form", "starts_on"), name="formsheet_once"),
        ),
        migrations.AddConstraint(
            model_name="groupmember",
            constraint=models.UniqueConstraint(fields=("group", "slot", "starts_on"), name="groupmember_once"),
        ),
        migrations.AddConstraint(
            model_name="guardianship",
            constraint=models.UniqueConstraint(
                fields=("patient", "starts_on"), include=("state",), name="guardianship_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="guardianship",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["effective", "weak", "none", "away", "committee", "institution"])),
                name="guardianship_known",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="guardianship",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=accounts.history.DefinerSql(
                    func='INSERT INTO "registry_guardianshiphistoryevent" ("at_township", "id", "note", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on", "state") VALUES (NEW."at_township", NEW."id", NEW."note", NEW."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."starts_on", NEW."state"); RETURN NULL;',
                    hash="d30c862db1a20824d934d8a7b0a7d9c01e7ea1ad",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_5ef65",
                    table="registry_guardianship",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="guardianship",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=accounts.history.DefinerSql(
                    condition='WHEN (OLD."at_township" IS DISTINCT FROM (NEW."at_township") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."note" IS DISTINCT FROM (NEW."note") OR OLD."patient_id" IS DISTINCT FROM (NEW."patient_id") OR OLD."starts_on" IS DISTINCT FROM (NEW."starts_on") OR OLD."state" IS DISTINCT FROM (NEW."state"))',
                    func='INSERT INTO "registry_guardianshiphistoryevent" ("at_township", "id", "note", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on", "state") VALUES (NEW."at_township", NEW."id", NEW."note", NEW."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."starts_on", NEW."state"); RETURN NULL;',
                    hash="6fa054668176c724c0e76cd31e0a5326e3689a38",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_5f0dc",
                    table="registry_guardianship",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="guardianship",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=accounts.history.DefinerSql(
                    func='INSERT INTO "registry_guardianshiphistoryevent" ("at_township", "id", "note", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on", "state") VALUES (OLD."at_township", OLD."id", OLD."note", OLD."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."starts_on", OLD."state"); RETURN NULL;',
                    hash="3b6db86faa3a07d33211a1da3fb6aad8f9f544a5",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_9ff8d",
                    table="registry_guardianship",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="guardiantraining",
            constraint=models.UniqueConstraint(fields=("patient", "starts_on", "topic"), name="guardiantraining_once"),
        ),
        migrations.AddConstraint(
            model_name="psychiatristlink",
            constraint=models.UniqueConstraint(fields=("division", "starts_on"), name="psychiatristlink_once"),
        ),
        migrations.AddConstraint(
            model_name="scan",
            constraint=models.UniqueConstraint(fields=("patient", "kind", "digest"), name="scan_kept_once"),
        ),
        migrations.AddConstraint(
            model_name="socialfact",
            constraint=models.UniqueConstraint(
                fields=("patient", "kind", "starts_on"), include=("holds", "grade"), name="socialfact_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="socialfact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "dibao",
                            "tekun",
                            "targeted",
                            "disability",
                            "insured",
                            "chronic",
                            "family_doctor",
                            "subsidy",
                            "care_group",
                            "rehab",
                            "veteran",
                            "vagrant",
                        ],
                    )
                ),
                name="socialfact_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="socialfact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("grade", None),
                    models.Q(("grade__range", (1, 4)), ("holds", True), ("kind", "disability")),
                    _connector="OR",
                ),
                name="socialfact_grade_1_to_4",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="socialfact",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=accounts.history.DefinerSql(
                    func='INSERT INTO "registry_socialfacthistoryevent" ("at_township", "grade", "holds", "id", "kind", "note", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "starts_on", "uuid") VALUES (NEW."at_township", NEW."grade", NEW."holds", NEW."id", NEW."kind", NEW."note", NEW."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."source", NEW."starts_on", NEW."uuid"); RETURN NULL;',
                    hash="0ecb0dbe950f5400695d70c5125c82484b7c825e",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_8500b",
                    table="registry_socialfact",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="socialfact",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=accounts.history.DefinerSql(
                    condition='WHEN (OLD."at_township" IS DISTINCT FROM (NEW."at_township") OR OLD."grade" IS DISTINCT FROM (NEW."grade") OR OLD."holds" IS DISTINCT FROM (NEW."holds") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."note" IS DISTINCT FROM (NEW."note") OR OLD."patient_id" IS DISTINCT FROM (NEW."patient_id") OR OLD."source" IS DISTINCT FROM (NEW."source") OR OLD."starts_on" IS DISTINCT FROM (NEW."starts_on") OR OLD."uuid" IS DISTINCT FROM (NEW."uuid"))',
                    func='INSERT INTO "registry_socialfacthistoryevent" ("at_township", "grade", "holds", "id", "kind", "note", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "starts_on", "uuid") VALUES (NEW."at_township", NEW."grade", NEW."holds", NEW."id", NEW."kind", NEW."note", NEW."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."source", NEW."starts_on", NEW."uuid"); RETURN NULL;',
                    hash="d3dd542ec680ecdafe7db62890056ea9fe96d3e2",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_91089",
                    table="registry_socialfact",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="socialfact",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=accounts.history.DefinerSql(
                    func='INSERT INTO "registry_socialfacthistoryevent" ("at_township", "grade", "holds", "id", "kind", "note", "patient_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "starts_on", "uuid") VALUES (OLD."at_township", OLD."grade", OLD."holds", OLD."id", OLD."kind", OLD."note", OLD."patient_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."source", OLD."starts_on", OLD."uuid"); RETURN NULL;',
                    hash="ee20b9b0ee9adc254bfec8d29b2ec428c93284c0",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_20647",
                    table="registry_socialfact",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="staffmember",
            index=models.Index(fields=["township"], name="staffmember_by_township"),
        ),
        migrations.AddConstraint(
            model_name="staffmember",
            constraint=models.UniqueConstraint(fields=("slot", "starts_on"), name="staffmember_once"),
        ),
        migrations.AddConstraint(
            model_name="staffmember",
            constraint=models.CheckConstraint(
                condition=models.Q(("share__range", (1, 100))), name="staffmember_share_1_to_100"
            ),
        ),
        migrations.AddConstraint(
            model_name="staffyear",
            constraint=models.UniqueConstraint(fields=("slot", "year"), name="staffyear_once"),
        ),
        *(operation for table in CHILDREN for operation in (Protect(table), ChildPlace(table))),
        *(ProtectHistory(f"{table}historyevent") for table in TRACKED),
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
        *(migrations.RunSQL(team_wall(table), migrations.RunSQL.noop) for table in TEAM_WALLS),
    ]
