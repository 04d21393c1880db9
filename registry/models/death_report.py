"""死亡待核实: another office says that somebody on the register has died. Nobody's file is closed by it."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Agency, Placed
from accounts.terms import FieldGroup
from registry.models.patient import PLACE, Patient


class DeathReport(Placed):
    """While it is open nothing is paid for the person. Ends when the file is closed, or when somebody has met them."""

    uuid = models.UUIDField("编号", default=uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="death_reports", verbose_name="患者")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name="告知单位")
    died_on = models.DateField("告知的死亡日期")
    reported_at = models.DateTimeField("告知时间", default=timezone.now)
    settled_at = models.DateTimeField("核实时间", null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="核实人"
    )
    was_true = models.BooleanField("属实", null=True)

    privacy: ClassVar = {
        **dict.fromkeys(("id", "uuid", "patient", "agency", *PLACE, "reported_at"), FieldGroup.TECHNICAL),
        **dict.fromkeys(("settled_at", "settled_by"), FieldGroup.TRAIL),
        **dict.fromkeys(("died_on", "was_true"), FieldGroup.MANAGEMENT),
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patient"], condition=Q(settled_at=None), name="deathreport_one_open"),
            models.CheckConstraint(
                condition=Q(settled_at=None, was_true=None) | Q(settled_at__isnull=False, was_true__isnull=False),
                name="deathreport_settled_whole",
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)
