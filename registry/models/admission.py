from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone

from accounts.history import tracked
from accounts.models import Agency, Placed
from accounts.terms import FieldGroup
from registry.models.patient import PLACE, Patient
from registry.terms import AdmissionKind, AdmissionSource, DischargeKind


@tracked()
class Admission(Placed):
    """住院. One episode; the status 住院 begins and ends with it. Two episodes of a person never overlap."""

    uuid = models.UUIDField("编号", default=uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="admissions", verbose_name="患者")
    hospital = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+", verbose_name="医院")
    hospital_name = models.CharField("医院名称", max_length=100, blank=True)
    admitted_on = models.DateField("入院日期")
    discharged_on = models.DateField("出院日期", null=True)
    kind = models.CharField("入院方式", max_length=10, choices=AdmissionKind, blank=True)
    discharge_kind = models.CharField("出院方式", max_length=10, choices=DischargeKind, blank=True)
    source = models.CharField("来源", max_length=16, choices=AdmissionSource, default=AdmissionSource.ENTERED)
    source_uuid = models.UUIDField("来源记录", null=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )
    entered_at = models.DateTimeField("登记时间", default=timezone.now)

    privacy: ClassVar = {
        **dict.fromkeys(
            ("id", "uuid", "patient", "source_uuid", "entered_by", "entered_at", *PLACE), FieldGroup.TECHNICAL
        ),
        **dict.fromkeys(
            ("hospital", "hospital_name", "admitted_on", "discharged_on", "kind", "discharge_kind", "source"),
            FieldGroup.CLINICAL,
        ),
    }

    class Meta:
        verbose_name = "住院"
        constraints = [
            models.CheckConstraint(
                condition=Q(discharged_on=None) | Q(discharged_on__gte=F("admitted_on")),
                name="admission_ends_after_start",
            ),
            models.CheckConstraint(condition=Q(hospital__isnull=False) | ~Q(hospital_name=""), name="admission_where"),
            models.UniqueConstraint(
                fields=["patient"], condition=Q(discharged_on=None), name="admission_open_once", include=["admitted_on"]
            ),
            ExclusionConstraint(
                name="admission_no_overlap",
                expressions=[
                    (F("patient"), RangeOperators.EQUAL),
                    (
                        Func(F("admitted_on"), F("discharged_on"), Value("[)"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]
        indexes = [models.Index(fields=["patient", "-admitted_on"], name="admission_of_patient")]

    @property
    def place(self) -> str:
        return self.hospital.name if self.hospital is not None else self.hospital_name
