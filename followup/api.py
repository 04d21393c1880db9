"""visits/ and worklist/ of the HTTP API: the same doors, rules and services as the pages."""

import base64
import binascii
from typing import Any
from uuid import UUID, uuid4

from django.urls import path
from django.utils import timezone
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api_doors import PAGE_SIZE, DoorView, ShortPages, StrictSerializer
from accounts.audit import saw
from accounts.rules.text import TextRefused, clean_text
from accounts.terms import FieldGroup, Permission, Purpose
from followup import terms
from followup.doors import GROUPS, access_visit
from followup.models import Visit
from followup.queries import worklist
from followup.rules.checks import MOST_DRUGS, TEXT_LENGTHS
from followup.rules.facts import DANGERS, FACT_FIELDS, Choice, Drug, VisitFacts
from followup.rules.visit_columns import CHOICE_FIELDS
from followup.services.corrections import as_text, choice_of, correct_visit
from followup.services.refusals import VisitRefused
from followup.services.visits import Recorded, record_visit
from followup.terms import Source, Stability
from registry.doors import access_patient, patients_for
from registry.terms import DeathCause, Locked

CODED = {
    "insight": terms.Insight, "sleep": terms.State, "diet": terms.State, "self_care": terms.State,
    "housework": terms.State, "work": terms.SocialState, "learning": terms.State, "social": terms.State,
    "locked": Locked, "hospital": terms.Hospital, "lab": terms.Laboratory, "adherence": terms.Adherence,
    "side_effect": terms.SideEffect, "effect": terms.Effect, "referral": terms.Referral, "stability": Stability,
}  # fmt: skip
TEXT_CODED = {"lost_reason": terms.LostReason, "death_cause": DeathCause, "death_illness": terms.Illness}
TICKS = ("obvious_symptoms", "severe_side_effect", "severe_illness")
DAYS = ("died_on", "discharged_on", "next_due_on")


class TextField(serializers.CharField):
    def __init__(self, most: int) -> None:
        self.most = most
        super().__init__(required=False, allow_blank=True)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            raise serializers.ValidationError("应为文字。")
        try:
            return clean_text(data, max_length=self.most, lines=True)
        except TextRefused as refusal:
            raise serializers.ValidationError(str(refusal)) from None


class DrugSerializer(StrictSerializer):
    """One medicine: three doses a day in mg, or an injection every so many weeks."""

    name = TextField(60)
    morning, noon, evening, every_weeks, each = (
        serializers.DecimalField(max_digits=9, decimal_places=3, min_value=0, required=False, allow_null=True)
        for _part in range(5)
    )


class VisitSerializer(StrictSerializer):
    """表1-8 by the names of the record; what the record decides itself (place, version, who entered it) is refused."""

    form_id = serializers.UUIDField(required=False)
    visited_on = serializers.DateField()
    form = serializers.ChoiceField(choices=terms.Contact.choices)
    seen = serializers.ListField(child=serializers.ChoiceField(choices=terms.Seen.choices), max_length=3, default=list)
    level = serializers.IntegerField(min_value=0, max_value=5, required=False, allow_null=True)
    symptoms = serializers.ListField(
        child=serializers.ChoiceField(choices=terms.Symptom.choices), max_length=12, default=list
    )
    rehab = serializers.ListField(
        child=serializers.ChoiceField(choices=terms.Rehab.choices), max_length=5, default=list
    )
    drugs = serializers.ListField(child=DrugSerializer(), max_length=MOST_DRUGS, required=False)
    guidance = serializers.ListField(child=DrugSerializer(), max_length=MOST_DRUGS, required=False)
    deviation_reason = TextField(200)

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        for name, codes in {**CODED, **TEXT_CODED}.items():
            blank = {"allow_blank": True} if name in TEXT_CODED else {"allow_null": True}
            fields[name] = serializers.ChoiceField(choices=codes.choices, required=False, **blank)
        fields |= {name: TextField(most) for name, most in TEXT_LENGTHS.items()}
        fields |= {name: serializers.IntegerField(min_value=0, max_value=999, required=False) for name in DANGERS}
        fields |= {name: serializers.BooleanField(required=False) for name in TICKS}
        fields |= {name: serializers.DateField(required=False, allow_null=True) for name in DAYS}
        return fields

    def said(self) -> dict[str, Any]:
        """The facts that were sent, in the shape of VisitFacts."""
        said = {name: value for name, value in self.validated_data.items() if name in FACT_FIELDS}
        said |= {
            name: tuple(sorted(set(said[name]), key=int)) for name in ("seen", "symptoms", "rehab") if name in said
        }
        said |= {name: tuple(map(Drug.of, said[name])) for name in ("drugs", "guidance") if name in said}
        return said

    def facts(self) -> VisitFacts:
        return VisitFacts(**self.said())

    def choice(self) -> Choice:
        said = self.validated_data
        return Choice(said.get("stability"), said.get("next_due_on"), said.get("deviation_reason", ""))


class CorrectionSerializer(VisitSerializer):
    """The whole record as it should read, or only what changes: a field left out stays as it is."""

    version = serializers.IntegerField(min_value=1)
    visited_on = serializers.DateField(required=False)
    form = serializers.ChoiceField(choices=terms.Contact.choices, required=False)
    seen = serializers.ListField(child=serializers.ChoiceField(choices=terms.Seen.choices), required=False)
    symptoms = serializers.ListField(child=serializers.ChoiceField(choices=terms.Symptom.choices), required=False)
    rehab = serializers.ListField(child=serializers.ChoiceField(choices=terms.Rehab.choices), required=False)

    def unsaid(self) -> list[str]:
        """Of class, next date and reason, what was left out."""
        return [name for name in CHOICE_FIELDS if name not in self.validated_data]


def shown(visit: Visit) -> dict[str, Any]:
    """One record as the interface reads it."""
    return {
        "uuid": str(visit.root.uuid),
        "version": visit.version,
        **as_text(VisitFacts.of(visit), choice_of(visit)),
        **verdict(visit),
    }


def verdict(visit: Visit) -> dict[str, Any]:
    return {
        "classification": visit.stability,
        "classification_label": Stability(visit.stability).label if visit.stability else None,
        "next_due_on": visit.next_due_on,
        "reason": visit.due_reason,
        "complete": VisitFacts.of(visit).is_complete,
    }


def _answer(saved: Recorded) -> dict[str, Any]:
    visit = saved.visit
    return {
        "uuid": str(visit.root.uuid),
        "version": visit.version,
        **verdict(visit),
        "alert": str(saved.alert) if saved.alert else None,
    }


def _by_field(refusal: VisitRefused) -> serializers.ValidationError:
    found: dict[str, list[str]] = {}
    for problem in refusal.problems:
        found.setdefault(problem.field, []).append(problem.message)
    return serializers.ValidationError(found)


class ByDate(ShortPages):
    ordering = ("-visited_on", "-root_id")


class PatientVisits(DoorView):
    """GET: a patient's records, newest first. POST: records one; the same form_id again answers the first."""

    requires = {"GET": Permission.VIEW_VISIT, "POST": Permission.RECORD_VISIT}
    serializer_class = VisitSerializer

    def get(self, request: Request, uuid: UUID) -> Response:
        patient = access_patient(request.user, uuid, Permission.VIEW_VISIT, purpose=Purpose.FOLLOW_UP, groups=GROUPS)
        pages = ByDate()
        found = patient.visits.current().select_related("root")
        rows = pages.paginate_queryset(found, request, view=self) or []
        return pages.get_paginated_response([shown(row) for row in rows])

    def post(self, request: Request, uuid: UUID) -> Response:
        patient = access_patient(request.user, uuid, Permission.RECORD_VISIT, purpose=Purpose.FOLLOW_UP, groups=GROUPS)
        said = VisitSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        try:
            saved = record_visit(
                patient=patient,
                facts=said.facts(),
                choice=said.choice(),
                form_id=said.validated_data.get("form_id") or uuid4(),
                by=request.user,
                source=Source.API,
            )
        except VisitRefused as refusal:
            raise _by_field(refusal) from None
        return Response(_answer(saved), status=status.HTTP_201_CREATED if saved.created else status.HTTP_200_OK)


class OneVisit(DoorView):
    """GET: one record. PATCH: a correction; needs `version`, a stale one answers 409 with both texts."""

    requires = {"GET": Permission.VIEW_VISIT, "PATCH": Permission.CORRECT_VISIT}
    serializer_class = CorrectionSerializer

    def get(self, request: Request, uuid: UUID) -> Response:
        return Response(shown(access_visit(request.user, uuid, Permission.VIEW_VISIT, purpose=Purpose.FOLLOW_UP)))

    def patch(self, request: Request, uuid: UUID) -> Response:
        visit = access_visit(request.user, uuid, Permission.CORRECT_VISIT, purpose=Purpose.FOLLOW_UP)
        said = CorrectionSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        try:
            saved = correct_visit(
                root=visit.root,
                version=said.validated_data["version"],
                facts=VisitFacts.of(visit).changed(**said.said()),
                choice=said.choice(),
                keep=said.unsaid(),
                by=request.user,
                source=Source.API,
            )
        except VisitRefused as refusal:
            raise _by_field(refusal) from None
        return Response(_answer(saved))


class Worklist(DoorView):
    """Overdue and due, most dangerous first; at most 50 a page, `next` holds the address of the following one."""

    requires = Permission.VIEW_WORKLIST
    serializer_class = None

    def get(self, request: Request) -> Response:
        today = timezone.localdate()
        start = _start(request.query_params.get("cursor", ""))
        ahead = worklist.days_ahead(request.user, today)
        found = worklist.due(patients_for(request.user, Permission.VIEW_WORKLIST), today, ahead)
        lines = worklist.board(found, today, start=start, number=PAGE_SIZE + 1).lines
        page = lines[:PAGE_SIZE]
        saw((line.uuid for line in page), (FieldGroup.IDENTITY, FieldGroup.MANAGEMENT, FieldGroup.RISK), Purpose.LIST)
        following = request.build_absolute_uri(f"?cursor={_cursor(start + PAGE_SIZE)}")
        before = request.build_absolute_uri(f"?cursor={_cursor(max(0, start - PAGE_SIZE))}")
        return Response({
            "next": following if len(lines) > PAGE_SIZE else None,
            "previous": before if start else None,
            "results": [_due(line, today) for line in page],
        })  # fmt: skip


def _cursor(start: int) -> str:
    return base64.urlsafe_b64encode(f"w{start}".encode()).decode().rstrip("=")


def _start(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        if text[:1] == "w" and text[1:].isdecimal() and len(text) < 9:
            return int(text[1:])
    except (binascii.Error, ValueError):
        pass
    raise serializers.ValidationError({"cursor": ["这个翻页标记无效，请从第一页重新开始。"]})


def _due(line: worklist.Due, today: Any) -> dict[str, Any]:
    return {
        "patient": str(line.uuid),
        "name": line.name,
        "sex": line.sex,
        "village": line.village or "",
        "level": line.last_level,
        "classification": line.last_class,
        "in_hospital": line.last_in_hospital,
        "last_visit_on": line.last_visit_on,
        "next_due_on": line.next_due_on,
        "days_overdue": max(0, (today - line.next_due_on).days),
        "reason": line.due_reason,
    }


api_urlpatterns = [
    path("patients/<uuid:uuid>/visits/", PatientVisits.as_view(), name="patient_visits"),
    path("visits/<uuid:uuid>/", OneVisit.as_view(), name="visit"),
    path("worklist/", Worklist.as_view(), name="worklist"),
]
