"""Where a patient lives and is registered, with dates; and who answered for a person without an identity number."""

from typing import Any, ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.history import tracked
from accounts.models import Division, Placed, SealedWordsField
from accounts.terms import FieldGroup
from registry.models.facts import DatedFact
from registry.models.patient import PLACE, Patient
from registry.terms import AddressKind, AddressSource, IdentityState


@tracked(bulk=True)
class Address(DatedFact):
    """现住地 or 户籍地 from a day on: it holds until the next of its kind begins. The patient's columns carry today's.

    A residence lies in a village, or in the township where the village is not known: its township has the duty.
    """

    uuid = models.UUIDField("编号", default=uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="addresses", verbose_name="患者")
    kind = models.CharField("类别", max_length=9, choices=AddressKind)
    division = models.ForeignKey(Division, models.PROTECT, null=True, related_name="+", verbose_name="区划")
    detail: Any = SealedWordsField("详址", label="address.detail")
    source = models.CharField("来源", max_length=9, choices=AddressSource)

    privacy: ClassVar = {
        **dict.fromkeys(("id", "uuid", "patient", *PLACE), FieldGroup.TECHNICAL),
        **dict.fromkeys(("starts_on", "kind", "division", "detail", "source"), FieldGroup.FULL_IDENTITY),
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patient", "kind", "starts_on"], include=["division"], name="address_once"),
            models.CheckConstraint(condition=Q(kind__in=AddressKind.values), name="address_kind_known"),
            models.CheckConstraint(condition=Q(source__in=AddressSource.values), name="address_source_known"),
            models.CheckConstraint(
                condition=~Q(kind=AddressKind.RESIDENCE) | Q(division__isnull=False), name="address_residence_somewhere"
            ),
        ]


class IdentityStep(Placed):
    """无证件人员的身份核实, step by step: nothing is taken back, the newest step holds; no step yet means waiting."""

    uuid = models.UUIDField("编号", default=uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="identity_steps", verbose_name="患者")
    state = models.CharField("进度", max_length=9, choices=IdentityState)
    words: Any = SealedWordsField("怎样核实的", label="identitystep.words")
    on = models.DateField("日期")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="办理人")
    at = models.DateTimeField("登记时间", default=timezone.now)

    privacy: ClassVar = {
        **dict.fromkeys(("id", "uuid", "patient", *PLACE), FieldGroup.TECHNICAL),
        "words": FieldGroup.FULL_IDENTITY,
        **dict.fromkeys(("state", "on", "by", "at"), FieldGroup.MANAGEMENT),
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=IdentityState.values), name="identity_state_known"),
            models.UniqueConstraint(
                fields=["patient"], condition=Q(state=IdentityState.CONFIRMED), name="identity_confirmed_once"
            ),
        ]
        indexes = [models.Index(fields=["patient", "-id"], name="identity_newest")]


class DutyCheck(models.Model):
    """What the nightly check of one county found: a number, nobody's name. Read by the probes and the county's page."""

    county = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="县（市、区）")
    checked_on = models.DateField("检查日期")
    breaches = models.PositiveIntegerField("管辖不正确的档案")

    privacy: ClassVar = dict.fromkeys(("id", "county", "checked_on", "breaches"), FieldGroup.TECHNICAL)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["county", "checked_on"], name="dutycheck_once")]

    def __str__(self) -> str:
        return f"{self.county} {self.checked_on}"
