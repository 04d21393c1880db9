from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import EncryptedTextField, Placed, User
from accounts.reach import in_reach
from accounts.terms import FieldGroup
from followup.models.visit import PLACE, VisitRoot
from followup.terms import Excuse, Opener, Outcome
from registry.models import Patient


class WindowQuerySet(models.QuerySet["Window"]):
    def visible_to(self, user: User) -> "WindowQuerySet":
        return self.filter(in_reach(user))


class Window(Placed):
    """随访窗口: one due date and what became of it. Never written by hand: services.windows keeps the rows equal to
    rules.windows, in the record's transaction and by the sweeps; `stale` waits for the next sweep."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="windows", verbose_name="患者", db_index=False)
    opened_on = models.DateField("开始")
    opener = models.CharField("由什么开始", max_length=10, choices=Opener)
    # No constraints for the two roots: nobody can delete one, and windows are decided anew from what stands.
    opener_root = models.ForeignKey(
        VisitRoot, models.PROTECT, related_name="+", null=True, db_index=False, db_constraint=False
    )
    due_on = models.DateField("应随访日期")
    due_reason = models.CharField("理由", max_length=100, blank=True)
    outcome = models.CharField("结果", max_length=8, choices=Outcome, blank=True)
    excuse = models.CharField("原因", max_length=10, choices=Excuse, blank=True)
    closed_on = models.DateField("结束", null=True)
    closed_root = models.ForeignKey(
        VisitRoot, models.PROTECT, related_name="+", null=True, db_index=False, db_constraint=False
    )
    stale = models.BooleanField("待重算", default=False)

    objects = WindowQuerySet.as_manager()

    privacy: ClassVar = {
        **dict.fromkeys(("id", "opener_root", "closed_root", "stale", *PLACE), FieldGroup.TECHNICAL),
        "patient": FieldGroup.IDENTITY,
        **dict.fromkeys(
            ("opened_on", "opener", "due_on", "due_reason", "outcome", "excuse", "closed_on"), FieldGroup.MANAGEMENT
        ),
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patient", "opened_on"], name="window_once"),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gt=models.F("opened_on")), name="window_has_length"
            ),
            models.CheckConstraint(
                condition=(Q(outcome=Outcome.EXCUSED) & ~Q(excuse="")) | (~Q(outcome=Outcome.EXCUSED) & Q(excuse="")),
                name="window_excuse_is_coded",
            ),
        ]
        indexes = [
            models.Index(fields=["duty_county", "due_on"], condition=~Q(outcome="done"), name="window_not_done"),
            models.Index(fields=["due_on"], condition=Q(outcome=""), name="window_open"),
            models.Index(fields=["patient"], condition=Q(stale=True), name="window_stale"),
        ]

    def __str__(self) -> str:
        return f"{self.opened_on} – {self.due_on} {self.outcome}"


class OffListQuerySet(models.QuerySet["OffList"]):
    def visible_to(self, user: User) -> "OffListQuerySet":
        return self.filter(in_reach(user))


class OffList(Placed):
    """移出名单: a person says with a coded reason why nobody is visited until a day. A fact, counted per township."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="off_list", verbose_name="患者")
    given_on = models.DateField("日期")
    reason = models.CharField("原因", max_length=10, choices=Excuse)
    words = EncryptedTextField("说明", label="offlist.words", null=True)
    again_on = models.DateField("再联系日期")
    entered_at = models.DateTimeField(default=timezone.now)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = OffListQuerySet.as_manager()

    privacy: ClassVar = {
        **dict.fromkeys(("id", "uuid", "entered_at", "entered_by", *PLACE), FieldGroup.TECHNICAL),
        "patient": FieldGroup.IDENTITY,
        **dict.fromkeys(("given_on", "reason", "words", "again_on"), FieldGroup.MANAGEMENT),
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patient", "given_on"], name="off_list_once_a_day"),
            models.CheckConstraint(condition=Q(again_on__gt=models.F("given_on")), name="off_list_until_later"),
        ]

    def __str__(self) -> str:
        return f"{self.given_on} {self.get_reason_display()}"
