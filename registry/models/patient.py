from typing import TYPE_CHECKING, ClassVar, Self
from uuid import uuid4

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.history import tracked
from accounts.models import Division, EncryptedTextField, Placed
from accounts.terms import FieldGroup
from registry.models import lookups  # noqa: F401  (registers the lookup `prefix`)
from registry.terms import CareStatus, Colour, Education, Employment, HouseholdKind, Locked, Marital, Sex

if TYPE_CHECKING:
    from accounts.models import User

PLACE = ("duty_township", "duty_county", "at_township")
CARRIED = ("next_due_on", "due_reason", "last_visit_on", "last_level", "last_class", "last_in_hospital", "colour")


class PatientQuerySet(models.QuerySet["Patient"]):
    def visible_to(self, user: "User") -> Self:
        """Rows in the reach of the user's live assignments and grants. The database checks the same once more."""
        from accounts.reach import in_reach  # reach asks the grants of this app

        return self.filter(in_reach(user, patient=""))

    def open(self) -> Self:
        return self.filter(closed_on=None)


@tracked(exclude=CARRIED, changed_by_index={"id_number": "id_index", "phone": "phone_index"})
class Patient(Placed):
    """患者. One file per person in the whole register; the ID number's blind index is the wall against a second one."""

    uuid = models.UUIDField("编号", default=uuid4, unique=True, editable=False)
    number = models.PositiveIntegerField("内部编号")
    temporary_number = models.CharField("临时编号", max_length=20, null=True, unique=True)
    name = models.CharField("姓名", max_length=50)
    pinyin = models.CharField("姓名拼音", max_length=200, blank=True)
    initials = models.CharField("拼音首字母", max_length=50, blank=True)
    sex = models.CharField("性别", max_length=1, choices=Sex, blank=True)
    birth_on = models.DateField("出生日期", null=True)
    id_number = EncryptedTextField("身份证号", label="patient.id_number", null=True)
    id_index = models.BinaryField("身份证号索引", max_length=32, null=True, unique=True)
    no_id_reason = models.CharField("无证件原因", max_length=100, blank=True)
    phone = EncryptedTextField("联系电话", label="patient.phone", null=True)
    phone_index = models.BinaryField("电话索引", max_length=32, null=True)
    ethnicity = models.CharField("民族", max_length=20, blank=True)
    household_kind = models.CharField("户别", max_length=1, choices=HouseholdKind, blank=True)
    education = models.CharField("文化程度", max_length=2, choices=Education, blank=True)
    marital = models.CharField("婚姻状况", max_length=2, choices=Marital, blank=True)
    employment = models.CharField("就业情况", max_length=1, choices=Employment, blank=True)
    village = models.ForeignKey(Division, models.PROTECT, null=True, related_name="+", verbose_name="现住村（社区）")
    residence_address = models.CharField("现住详址", max_length=200, blank=True)
    household_division = models.ForeignKey(
        Division, models.PROTECT, null=True, related_name="+", verbose_name="户籍地区划"
    )
    household_address = models.CharField("户籍详址", max_length=200, blank=True)
    onset_on = models.DateField("初次发病日期", null=True)
    diagnosed_on = models.DateField("确诊日期", null=True)
    diagnosing_hospital = models.CharField("确诊医院", max_length=100, blank=True)
    opened_on = models.DateField("建档日期")
    past_danger = models.PositiveSmallIntegerField("既往危险性", null=True)
    past_locked = models.PositiveSmallIntegerField("既往关锁", choices=Locked, null=True)
    past_admissions = models.PositiveSmallIntegerField("既往住院次数", null=True)
    disability_number = EncryptedTextField("残疾证号", label="patient.disability_number", null=True)
    version = models.PositiveIntegerField("版本", default=1)

    # The current state, so that lists need no join. The dated facts are the truth for any other day.
    status = models.CharField("管理状态", max_length=10, choices=CareStatus, default=CareStatus.MANAGED)
    closed_on = models.DateField("结案日期", null=True)

    # Carried for the worklist: written by followup's services only.
    next_due_on = models.DateField("下次随访日期", null=True)
    due_reason = models.CharField("到期原因", max_length=100, blank=True)
    last_visit_on = models.DateField("最近随访日期", null=True)
    last_level = models.PositiveSmallIntegerField("最近危险性", null=True)
    last_class = models.PositiveSmallIntegerField("最近分类", null=True)
    last_in_hospital = models.BooleanField("目前正在住院", default=False)
    colour = models.CharField("动态分色", max_length=6, choices=Colour, blank=True, default="", db_default="")

    objects = PatientQuerySet.as_manager()

    privacy: ClassVar = {
        **dict.fromkeys(
            ["id", "uuid", "version", "pinyin", "initials", "id_index", "phone_index"], FieldGroup.TECHNICAL
        ),
        **dict.fromkeys(PLACE, FieldGroup.TECHNICAL),
        **dict.fromkeys(["number", "temporary_number", "name", "sex", "birth_on", "village"], FieldGroup.IDENTITY),
        **dict.fromkeys(
            [
                "id_number",
                "no_id_reason",
                "phone",
                "ethnicity",
                "household_kind",
                "education",
                "marital",
                "employment",
                "residence_address",
                "household_division",
                "household_address",
            ],
            FieldGroup.FULL_IDENTITY,
        ),
        **dict.fromkeys(
            ["opened_on", "status", "closed_on", "next_due_on", "due_reason", "last_visit_on"], FieldGroup.MANAGEMENT
        ),
        **dict.fromkeys(("past_danger", "last_level", "colour"), FieldGroup.RISK),
        **dict.fromkeys(
            [
                "onset_on",
                "diagnosed_on",
                "diagnosing_hospital",
                "past_locked",
                "past_admissions",
                "last_class",
                "last_in_hospital",
            ],
            FieldGroup.CLINICAL,
        ),
        "disability_number": FieldGroup.DISABILITY,
    }

    class Meta:
        verbose_name = "患者"
        permissions = [("share_patient", "临时授权查看患者")]
        constraints = [
            models.UniqueConstraint(fields=["duty_county", "number"], name="patient_number_once"),
            models.CheckConstraint(condition=Q(sex__in=["", *Sex.values]), name="patient_sex_known"),
            models.CheckConstraint(condition=Q(status__in=CareStatus.values), name="patient_status_known"),
            models.CheckConstraint(condition=Q(past_danger=None) | Q(past_danger__lte=5), name="patient_danger_0_to_5"),
            models.CheckConstraint(condition=Q(last_level=None) | Q(last_level__lte=5), name="patient_level_0_to_5"),
            models.CheckConstraint(
                condition=Q(last_class=None) | Q(last_class__in=[1, 2, 3]), name="patient_class_1_to_3"
            ),
            models.CheckConstraint(condition=Q(colour__in=["", *Colour.values]), name="patient_colour_known"),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=models.F("opened_on")),
                name="patient_closed_after_opened",
            ),
            models.CheckConstraint(
                condition=Q(id_index__isnull=False) | Q(temporary_number__isnull=False), name="patient_has_a_number"
            ),
        ]
        indexes = [
            # Counts: the policy reads both duty columns, so they ride along.
            models.Index(fields=["duty_township"], include=["duty_county", "id"], name="patient_by_township"),
            models.Index(fields=["duty_county"], include=["duty_township", "id"], name="patient_by_county"),
            # Worklists.
            models.Index(
                fields=["duty_township", "next_due_on"], condition=Q(closed_on=None), name="patient_due_township"
            ),
            models.Index(fields=["duty_county", "next_due_on"], condition=Q(closed_on=None), name="patient_due_county"),
            models.Index(
                fields=["duty_county", "duty_township"],
                condition=Q(closed_on=None, last_level__gte=3),
                name="patient_dangerous",
            ),
            # The list of a township, and search.
            models.Index(fields=["duty_township", "pinyin", "id"], name="patient_list"),
            models.Index("duty_county", OpClass("name", name="text_pattern_ops"), name="patient_name_prefix"),
            models.Index("duty_county", OpClass("initials", name="text_pattern_ops"), name="patient_initials_prefix"),
            models.Index("duty_township", OpClass("name", name="text_pattern_ops"), name="patient_name_in_township"),
            models.Index(
                "duty_township", OpClass("initials", name="text_pattern_ops"), name="patient_init_in_township"
            ),
            models.Index(fields=["phone_index"], name="patient_phone"),
            models.Index(fields=["village"], name="patient_by_village"),
        ]

    def __str__(self) -> str:
        return f"{self.number:05d}"  # never the name: this text ends up in logs

    def get_absolute_url(self) -> str:
        return reverse("registry:patient", args=[self.uuid])
