"""信息提供同意: whether a person agrees that one kind of office is told of the person where nothing but consent allows it."""

from typing import Any, ClassVar

from django.db import models

from accounts.history import tracked
from accounts.models import SealedWordsField
from accounts.terms import AgencyKind, FieldGroup
from registry.models.facts import TECHNICAL, DatedFact, row_uuid
from registry.models.patient import Patient
from registry.models.scan import Scan
from registry.terms import Relation, Signer


@tracked(bulk=True, exclude=["uuid"])
class SharingConsent(DatedFact):
    """One row per kind of office and start; a refusal or a withdrawal is a row too, the newest one holds. None: not asked."""

    uuid = row_uuid()
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="sharing_consents", verbose_name="患者")
    agency_kind = models.CharField("提供给", max_length=24, choices=AgencyKind)
    agreed = models.BooleanField("同意提供")
    signer = models.CharField("签字人", max_length=10, choices=Signer, blank=True)
    relation = models.CharField("签字人与患者关系", max_length=1, choices=Relation, blank=True)
    words: Any = SealedWordsField("说明", label="sharingconsent.words")
    scan = models.ForeignKey(Scan, models.PROTECT, null=True, related_name="+", verbose_name="扫描件")

    is_past = False  # set by sharing_of()

    privacy: ClassVar = {
        **TECHNICAL,
        "uuid": FieldGroup.TECHNICAL,
        **dict.fromkeys(
            ("starts_on", "agency_kind", "agreed", "signer", "relation", "words", "scan"), FieldGroup.CONSENT
        ),
    }

    class Meta:
        verbose_name = "信息提供同意"
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "agency_kind", "starts_on"], include=["agreed"], name="sharingconsent_once"
            ),
            models.CheckConstraint(condition=models.Q(agency_kind__in=AgencyKind.values), name="sharingconsent_known"),
        ]
