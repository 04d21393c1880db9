"""What happened outside a visit: incidents and emergency disposals. Words about people are sealed."""

from typing import ClassVar, Self, TypeVar, cast
from uuid import UUID, uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.history import tracked
from accounts.models import Placed, SealedJSONField, User
from accounts.reach import in_reach
from accounts.terms import FieldGroup
from followup import terms
from registry.models import Clue, Patient

PLACE = ("duty_township", "duty_county", "at_township")
ENDED_BECAUSE = "ended_because"  # lies sealed with the rest of what was said
SEALED = ("place", "harm", "police_case", "handling", "hospital", "legal_text", "meeting_text")


M = TypeVar("M", bound=models.Model)


class PlacedQuerySet(models.QuerySet[M]):
    def visible_to(self, user: User) -> Self:
        return self.filter(in_reach(user))


class AboutSomebody(Placed):
    """About a registered patient or, before there is a file, about whom a clue means.

    The clue stays after the registration: it says that the record is older than the file.
    """

    patient = models.ForeignKey(Patient, models.PROTECT, null=True, related_name="+", verbose_name="患者")
    clue = models.ForeignKey(Clue, models.PROTECT, null=True, related_name="+", verbose_name="线索")

    class Meta:
        abstract = True

    @property
    def subject(self) -> Patient | Clue:
        """Who is meant. The database refuses a row about nobody."""
        return self.patient or cast("Clue", self.clue)

    @property
    def is_forgotten(self) -> bool:
        """Only the day, the kinds and the counts are left, and nothing is written into it any more."""
        return self.patient is None and self.clue is not None and self.clue.forgotten_at is not None

    @property
    def person(self) -> UUID | None:
        """The patient's number for the trail; nobody's as long as there is no file."""
        return self.patient.uuid if self.patient else None


def about_somebody(table: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(patient__isnull=False) | Q(clue__isnull=False), name=f"{table}_about_somebody"
    )


def _count(label: str) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(label, default=0)


@tracked()
class Incident(AboutSomebody):
    """事件记录: reported by the township, confirmed by the county's side, closed when it has been dealt with.

    `tells`: fixed at the confirmation; the open incident keeps the offices' case open (exchange reads it).
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    form_id = models.UUIDField("表单号", unique=True)
    state = models.CharField("状态", max_length=10, choices=terms.IncidentState, default=terms.IncidentState.REPORTED)
    version = models.PositiveSmallIntegerField("版本", default=1)

    happened_at = models.DateTimeField("发生时间")
    level = models.PositiveSmallIntegerField("这次行为的危险性等级")
    minor_trouble = _count("轻度滋事次数")
    trouble = _count("肇事次数")
    crime = _count("肇祸次数")
    other_harm = _count("其他危害行为次数")
    self_harm = _count("自伤次数")
    suicide_attempt = _count("自杀未遂次数")
    injured = _count("受伤人数")
    dead = _count("死亡人数")
    loss_yuan = models.PositiveIntegerField("财物损失（元）", default=0)
    sent_to_hospital = models.BooleanField("已送医", default=False)
    legal_result = models.CharField("法律处理", max_length=1, choices=terms.LegalResult, default="0")
    meeting_on = models.DateField("评估会日期", null=True)
    details = SealedJSONField("经过", label="incident.details", null=True)

    entered_at = models.DateTimeField("登记时间", default=timezone.now)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    confirmed_at = models.DateTimeField("确认时间", null=True)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="确认人")
    confirmed_from = models.CharField("确认依据", max_length=1, choices=terms.ConfirmedFrom, blank=True, default="")
    tells = models.BooleanField("已通报", default=False)
    ended_at = models.DateTimeField("了结时间", null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="了结人")

    objects = PlacedQuerySet.as_manager()

    privacy: ClassVar = {
        **dict.fromkeys(
            ("id", "uuid", "form_id", "version", "entered_at", "entered_by", "confirmed_at", "confirmed_by",
             "ended_at", "ended_by", *PLACE),
            FieldGroup.TECHNICAL,
        ),
        "patient": FieldGroup.IDENTITY,
        "clue": FieldGroup.TECHNICAL,
        "level": FieldGroup.RISK,
        **dict.fromkeys(
            ("state", "happened_at", "minor_trouble", "trouble", "crime", "other_harm", "self_harm",
             "suicide_attempt", "injured", "dead", "loss_yuan", "sent_to_hospital", "legal_result", "meeting_on",
             "details", "confirmed_from", "tells"),
            FieldGroup.INCIDENT,
        ),
    }  # fmt: skip

    class Meta:
        constraints = [
            about_somebody("incident"),
            models.CheckConstraint(condition=Q(state__in=terms.IncidentState.values), name="incident_state_known"),
            models.CheckConstraint(condition=Q(level__range=(0, 5)), name="incident_level_0_to_5"),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None, confirmed_from="", tells=False)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False, confirmed_from__gt=""),
                name="incident_confirmed_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["reported", "confirmed"], ended_at=None, ended_by=None)
                | Q(state__in=["closed", "dismissed"], ended_at__isnull=False, ended_by__isnull=False),
                name="incident_ended_by_someone",
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "-happened_at"], name="incident_of_patient"),
            models.Index(
                fields=["duty_county", "duty_township", "state"],
                condition=Q(state__in=["reported", "confirmed"]),
                name="incident_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.happened_at):%Y-%m-%d %H:%M} {self.get_state_display()}"


@tracked()
class Emergency(AboutSomebody):
    """应急处置记录单 表1-9. Opened when the disposal becomes known, so that its 24 hours are seen; written once."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    form_id = models.UUIDField("表单号", unique=True)
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, related_name="emergencies", verbose_name="事件")
    state = models.CharField("状态", max_length=10, choices=terms.EmergencyState, default=terms.EmergencyState.OPENED)
    started_at = models.DateTimeField("处置开始时间")
    ended_at = models.DateTimeField("处置结束时间", null=True)
    content = SealedJSONField("记录单", label="emergency.content", null=True)
    opened_at = models.DateTimeField("登记时间", default=timezone.now)
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    settled_at = models.DateTimeField("填写时间", null=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="填写人")

    objects = PlacedQuerySet.as_manager()

    privacy: ClassVar = {
        **dict.fromkeys(
            ("id", "uuid", "form_id", "incident", "opened_at", "opened_by", "settled_at", "settled_by", *PLACE),
            FieldGroup.TECHNICAL,
        ),
        "patient": FieldGroup.IDENTITY,
        "clue": FieldGroup.TECHNICAL,
        **dict.fromkeys(("state", "started_at", "ended_at"), FieldGroup.INCIDENT),
        "content": FieldGroup.CLINICAL,
    }

    class Meta:
        constraints = [
            about_somebody("emergency"),
            models.CheckConstraint(condition=Q(state__in=terms.EmergencyState.values), name="emergency_state_known"),
            models.CheckConstraint(
                condition=Q(state="opened", settled_at=None, settled_by=None, ended_at=None)
                | Q(state="written", settled_at__isnull=False, settled_by__isnull=False, ended_at__isnull=False)
                | Q(state="cancelled", settled_at__isnull=False, settled_by__isnull=False),
                name="emergency_settled_by_someone",
            ),
            models.CheckConstraint(  # only the record of somebody who was never registered forgets what it said
                condition=~Q(state="written") | Q(content__isnull=False) | Q(patient=None),
                name="emergency_written_says_something",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["patient", "-started_at"], name="emergency_of_patient"),
            models.Index(
                fields=["duty_county", "duty_township"], condition=Q(state="opened"), name="emergency_unwritten"
            ),
        ]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.started_at):%Y-%m-%d %H:%M} {self.get_state_display()}"


class EmergencyCheck(AboutSomebody):
    """处置后复查: a look after a disposal. Written once."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    form_id = models.UUIDField("表单号", unique=True)
    emergency = models.ForeignKey(Emergency, models.PROTECT, related_name="checks", verbose_name="记录单")
    checked_at = models.DateTimeField("复查时间")
    stable = models.BooleanField("平稳")
    note = SealedJSONField("说明", label="emergencycheck.note", null=True)
    entered_at = models.DateTimeField(default=timezone.now)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = PlacedQuerySet.as_manager()

    privacy: ClassVar = {
        **dict.fromkeys(
            ("id", "uuid", "form_id", "emergency", "entered_at", "entered_by", *PLACE), FieldGroup.TECHNICAL
        ),
        "patient": FieldGroup.IDENTITY,
        "clue": FieldGroup.TECHNICAL,
        **dict.fromkeys(("checked_at", "stable", "note"), FieldGroup.CLINICAL),
    }

    class Meta:
        constraints = [about_somebody("emergencycheck")]
        indexes = [models.Index(fields=["emergency", "checked_at"], name="emergencycheck_in_order")]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.checked_at):%m-%d %H:%M}"
