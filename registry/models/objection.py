"""异议: a patient or guardian objects to what is told about the patient, dated; ended by two people of the office, dated."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Placed, SealedWordsField
from accounts.terms import FieldGroup
from registry.models.patient import PLACE, Patient
from registry.terms import ObjectionAbout, ObjectionBy


class Objection(Placed):
    """Holds until two people have ended it. While one holds, everything told of the person is marked as disputed."""

    uuid = models.UUIDField("编号", default=uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="objections", verbose_name="患者")
    made_on = models.DateField("提出日期")
    made_by = models.CharField("谁提出", max_length=8, choices=ObjectionBy)
    about = models.CharField("对什么有异议", max_length=8, choices=ObjectionAbout)
    words = SealedWordsField("怎样说的", label="objection.words")
    entered_at = models.DateTimeField("登记时间", default=timezone.now)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    # what one person proposes: who takes it back, on which day, in which words; another confirms it
    closing_on = models.DateField("提议的撤回日期", null=True)
    closing_by = models.CharField("谁要求撤回", max_length=8, choices=ObjectionBy, blank=True, default="")
    closing_words = SealedWordsField("为什么撤回", label="objection.closing_words")
    closing_at = models.DateTimeField("提议时间", null=True)
    closing_entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="提议人"
    )
    withdrawn_on = models.DateField("撤回日期", null=True)
    withdrawn_by = models.CharField("谁撤回", max_length=8, choices=ObjectionBy, blank=True, default="")
    withdrawn_at = models.DateTimeField("撤回登记时间", null=True)
    withdrawn_entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="核对人"
    )

    privacy: ClassVar = {
        **dict.fromkeys(
            ("id", "uuid", "patient", "entered_at", "entered_by", "closing_at", "closing_entered_by", "withdrawn_at",
             "withdrawn_entered_by", *PLACE),
            FieldGroup.TECHNICAL,
        ),
        **dict.fromkeys(
            ("made_on", "made_by", "about", "words", "closing_on", "closing_by", "closing_words", "withdrawn_on",
             "withdrawn_by"),
            FieldGroup.CONSENT,
        ),
    }  # fmt: skip

    class Meta:
        verbose_name = "异议"
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_on=None, withdrawn_at=None, withdrawn_by="")
                | Q(withdrawn_on__gte=F("made_on"), withdrawn_at__isnull=False, withdrawn_by__gt=""),
                name="objection_withdrawn_after_it_was_made",
            ),
            models.CheckConstraint(
                condition=Q(closing_at=None, closing_on=None, closing_by="", closing_entered_by=None)
                | Q(
                    closing_at__isnull=False,
                    closing_on__gte=F("made_on"),
                    closing_by__gt="",
                    closing_entered_by__isnull=False,
                ),
                name="objection_closing_whole",
            ),
            models.CheckConstraint(
                condition=Q(closing_entered_by=None)
                | Q(withdrawn_entered_by=None)
                | ~Q(closing_entered_by=F("withdrawn_entered_by")),
                name="objection_two_people",
            ),
        ]
        indexes = [models.Index(fields=["patient"], condition=Q(withdrawn_on=None), name="objection_open")]

    def __str__(self) -> str:
        return f"{self.made_on} {self.get_about_display()}"

    @property
    def waits(self) -> bool:
        """One person has proposed to end it, nobody has confirmed that yet."""
        return self.closing_at is not None and self.withdrawn_on is None
