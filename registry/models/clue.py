"""疑似患者线索 (表1-1, 表1-2). Everything about the person is sealed whole; after six months it can be dropped whole."""

from typing import Any, ClassVar, cast
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Agency, Division, SealedJSONField
from accounts.terms import FieldGroup
from registry.models.patient import Patient
from registry.terms import ClueSource, ClueState

# Keys of `told`, the report: what the reporter wrote and may see again. `learned` holds the survey and the diagnosis.
TOLD = ("name", "sex", "age", "id_number", "phone", "address", "contact", "contact_phone", "remark")
_WHOLE = ("id", "uuid", "form_id", "township", "county", "village", "agency", "entered_by", "entered_at")


class Clue(models.Model):
    """A clue lies with the township named in it. Who is meant stands in `told`; a forgotten clue keeps only its count."""

    uuid = models.UUIDField("编号", default=uuid4, unique=True, editable=False)
    form_id = models.UUIDField("表单号", unique=True)
    township = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="乡镇（街道）")
    county = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="县（市、区）")
    village = models.ForeignKey(Division, models.PROTECT, null=True, related_name="+", verbose_name="村（社区）")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name="报告单位")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="报告人")
    entered_at = models.DateTimeField("报告时间", default=timezone.now)
    source = models.CharField("线索来源", max_length=16, choices=ClueSource)
    items = ArrayField(models.PositiveSmallIntegerField(), verbose_name="符合清单条目", default=list)
    found_on = models.DateField("发现日期")
    told = SealedJSONField("报告内容", label="clue.told", null=True)
    learned = SealedJSONField("核实与诊断", label="clue.learned", null=True)
    state = models.CharField("进展", max_length=10, choices=ClueState, default=ClueState.REPORTED)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="核实人"
    )
    assigned_on = models.DateField("分派日期", null=True)
    visited_on = models.DateField("核实日期", null=True)
    again_on = models.DateField("再次核实日期", null=True)
    settled_on = models.DateField("得出结果日期", null=True)
    patient = models.ForeignKey(Patient, models.PROTECT, null=True, related_name="clues", verbose_name="患者")
    same_as = models.ForeignKey("self", models.PROTECT, null=True, related_name="repeats", verbose_name="合并到")
    forgotten_at = models.DateTimeField("个人信息删去时间", null=True)

    privacy: ClassVar = {
        **dict.fromkeys(_WHOLE, FieldGroup.TECHNICAL),
        **dict.fromkeys(("assigned_to", "forgotten_at", "patient", "same_as"), FieldGroup.TECHNICAL),
        **dict.fromkeys(("told",), FieldGroup.FULL_IDENTITY),
        **dict.fromkeys(("items", "learned"), FieldGroup.CLINICAL),
        **dict.fromkeys(
            ("source", "found_on", "state", "assigned_on", "visited_on", "again_on", "settled_on"),
            FieldGroup.MANAGEMENT,
        ),
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ClueState.values), name="clue_state_known"),
            models.CheckConstraint(
                condition=~Q(state=ClueState.REGISTERED) | Q(patient__isnull=False), name="clue_registered_has_patient"
            ),
            models.CheckConstraint(
                condition=Q(state=ClueState.DUPLICATE, same_as__isnull=False)
                | (~Q(state=ClueState.DUPLICATE) & Q(same_as=None)),
                name="clue_repeats_another",
            ),
            models.CheckConstraint(
                condition=Q(forgotten_at=None) | Q(told__isnull=True, learned__isnull=True), name="clue_forgets_whole"
            ),
        ]
        indexes = [models.Index(fields=["township", "state"], name="clue_by_township")]

    def __str__(self) -> str:
        return str(self.uuid)

    @property
    def duty_township(self) -> int:
        """Where the clue lies, in the words of every other row."""
        return self.township_id

    @property
    def duty_county(self) -> int:
        return self.county_id

    @property
    def report(self) -> dict[str, Any]:
        """What was told; nothing once the person is forgotten."""
        return cast("dict[str, Any]", self.told or {})

    @property
    def survey(self) -> dict[str, Any]:
        """What was found since."""
        return cast("dict[str, Any]", self.learned or {})


class OwnClue(models.Model):
    """What the reporting office sees of its own clues: what it wrote, and how far it is in three words.

    A view of the owner; whether the person turned out to be ill never stands in it.
    """

    uuid = models.UUIDField()
    agency_id = models.BigIntegerField()
    entered_at = models.DateTimeField()
    entered_by_name = models.CharField(max_length=40)
    source = models.CharField(max_length=16, choices=ClueSource)
    items = ArrayField(models.PositiveSmallIntegerField())
    found_on = models.DateField()
    told = SealedJSONField(label="clue.told", null=True)
    bare_state = models.CharField(max_length=8)
    area = models.CharField(max_length=130)

    privacy: ClassVar = {
        **dict.fromkeys(("id", "uuid", "agency_id", "entered_at", "entered_by_name", "area"), FieldGroup.TECHNICAL),
        **dict.fromkeys(("told",), FieldGroup.FULL_IDENTITY),
        **dict.fromkeys(("items",), FieldGroup.CLINICAL),
        **dict.fromkeys(("source", "found_on", "bare_state"), FieldGroup.MANAGEMENT),
    }

    class Meta:
        managed = False
        db_table = "registry_ownclue"

    def __str__(self) -> str:
        return str(self.uuid)

    @property
    def report(self) -> dict[str, Any]:
        """What was told; nothing once the person is forgotten."""
        return cast("dict[str, Any]", self.told or {})
