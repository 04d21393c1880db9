from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accounts.models import Placed, User
from accounts.reach import in_reach
from accounts.terms import FieldGroup
from registry.models import Patient


class PatientYearQuerySet(models.QuerySet["PatientYear"]):
    def visible_to(self, user: User) -> "PatientYearQuerySet":
        return self.filter(in_reach(user))


def _slots(
    label: str, field: "type[models.Field[Any, Any]]" = models.PositiveSmallIntegerField, **options: Any
) -> ArrayField:
    return ArrayField(field(null=True, **options), size=4, verbose_name=label)


class PatientYear(Placed):
    """One patient in one year: what the indicators need, so that they read no visits.

    Four slots, one a quarter; slot i holds what is true from 1 January to the last day of quarter i, the running and
    coming quarters hold what is true so far. Two halves with two writers: the records' half (services.summaries, in
    the visit's transaction) and the register's half (database triggers on the register's dated facts, see walls), so
    that no route into the register can leave it behind. Source: indicators; design decisions A8.
    """

    # found by patient_year_once
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="years", verbose_name="患者", db_index=False)
    year = models.PositiveSmallIntegerField("年")

    # the records' half: complete records only
    complete_n = _slots("完整记录数")
    max_gap = _slots("相邻记录最大月距")  # months apart; 0 with fewer than two records
    first_on = _slots("首次", models.DateField)
    last_on = _slots("末次", models.DateField)
    last_level = _slots("末次级别")
    last_class = _slots("末次分类")
    last_adherence = _slots("末次依从性")
    last_hospital = _slots("末次正在住院", models.BooleanField)
    last_form = _slots("末次形式", models.CharField, max_length=1)
    any_taken = _slots("有规律或住院", models.BooleanField)
    any_not_taken = _slots("有间断或不用药", models.BooleanField)
    face_n = _slots("面访数")
    level_seen_q = _slots("本季度评过级", models.BooleanField)  # the quarter alone, not cumulative
    incident = _slots("肇事肇祸", models.BooleanField)
    high_n = _slots("三级及以上次数")
    prev_on = models.DateField("上年末次", null=True)  # last complete record before 1 January

    # the register's half: what held on each quarter's last day
    opened_on = models.DateField("建档日期", null=True)
    registered = _slots("在册", models.BooleanField)
    township = _slots("管理乡镇", models.IntegerField)
    county = _slots("管理县区", models.IntegerField)
    diagnosis = _slots("诊断", models.CharField, max_length=2)

    objects = PatientYearQuerySet.as_manager()

    privacy: ClassVar = {
        **dict.fromkeys(("id", "duty_township", "duty_county", "at_township"), FieldGroup.TECHNICAL),
        "patient": FieldGroup.IDENTITY,
        **dict.fromkeys(
            [
                "year",
                "complete_n",
                "max_gap",
                "first_on",
                "last_on",
                "last_form",
                "face_n",
                "level_seen_q",
                "prev_on",
                "opened_on",
                "registered",
                "township",
                "county",
            ],
            FieldGroup.MANAGEMENT,
        ),
        **dict.fromkeys(("last_level", "high_n"), FieldGroup.RISK),
        **dict.fromkeys(("last_class", "last_hospital", "diagnosis"), FieldGroup.CLINICAL),
        **dict.fromkeys(("last_adherence", "any_taken", "any_not_taken"), FieldGroup.MEDICINE),
        "incident": FieldGroup.INCIDENT,
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["patient", "year"], name="patient_year_once")]
        indexes = [
            models.Index(fields=["duty_county", "year"], name="patient_year_by_county"),
            models.Index(fields=["duty_township", "year"], name="patient_year_by_township"),
        ]

    def __str__(self) -> str:
        return f"{self.patient_id} {self.year}"
