"""patients/ of the HTTP API: the same rules, doors and services as the pages."""

from typing import Any
from uuid import UUID

from django.urls import path
from django.utils import timezone
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api_doors import DoorView, ShortPages, StrictSerializer
from accounts.audit import saw
from accounts.rules.text import TextRefused, clean_name, clean_text
from accounts.terms import FieldGroup, Permission, Purpose
from registry.doors import access_patient, patients_for
from registry.models import Patient
from registry.queries.person import facts_of
from registry.rules.id_number import read_id_number
from registry.rules.masking import mask_id, mask_phone
from registry.rules.person import LABELS, PersonFacts
from registry.rules.phone import read_phone
from registry.services.changes import change_patient
from registry.services.refusals import FactsRefused
from registry.services.registration import register_patient
from registry.terms import (
    ETHNICITIES,
    DiagnosisCode,
    Education,
    Employment,
    HouseholdKind,
    Locked,
    Marital,
    Relation,
    Sex,
    Signer,
)

READ = (FieldGroup.IDENTITY, FieldGroup.FULL_IDENTITY, FieldGroup.GUARDIAN, FieldGroup.MANAGEMENT, FieldGroup.RISK,
        FieldGroup.CLINICAL, FieldGroup.CONSENT)  # fmt: skip
MASKED = {"id_number": mask_id, "guardian_id_number": mask_id, "phone": mask_phone, "guardian_phone": mask_phone}
HIDDEN = {"disability_number"}


def _read(how: Any, value: Any) -> Any:
    try:
        return how(value)
    except TextRefused as refusal:
        raise serializers.ValidationError(str(refusal)) from None


class TextField(serializers.CharField):
    """Text in the normal form of the house; control characters are refused in words."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            raise serializers.ValidationError("应为文字。")
        return str(_read(lambda raw: clean_text(raw, max_length=self.max_length or 200), data))


class NameField(serializers.CharField):
    def to_internal_value(self, data: Any) -> str:
        return str(_read(clean_name, data if isinstance(data, str) else ""))


class IdNumberField(serializers.CharField):
    """Answers the normal form. A JSON number is refused: its last digits may be gone."""

    def to_internal_value(self, data: Any) -> str:
        return str(_read(lambda raw: read_id_number(raw, today=timezone.localdate()).number, data))


class PhoneField(serializers.CharField):
    def to_internal_value(self, data: Any) -> str:
        return str(_read(read_phone, data if isinstance(data, str) else ""))


def _code(choices: Any) -> serializers.ChoiceField:
    return serializers.ChoiceField(choices=choices, required=False)


def _day(**more: Any) -> serializers.DateField:
    return serializers.DateField(required=False, **more)


class PatientSerializer(StrictSerializer):
    """What may be said of a patient; everything else (place of duty, status, carried columns) is refused by name."""

    name = NameField(required=False, max_length=50)
    id_number = IdNumberField(required=False)
    no_id_reason = TextField(required=False, max_length=100)
    sex = _code(Sex.choices)
    birth_on = _day()
    residence_code = TextField(required=False, max_length=12)
    household_code = TextField(required=False, max_length=12)
    residence_address = TextField(required=False, max_length=200)
    household_address = TextField(required=False, max_length=200)
    phone = PhoneField(required=False)
    ethnicity = _code([(name, name) for name in ETHNICITIES])
    household_kind = _code(HouseholdKind.choices)
    education = _code(Education.choices)
    marital = _code(Marital.choices)
    employment = _code(Employment.choices)
    guardian_name = NameField(required=False, max_length=50)
    guardian_relation = _code(Relation.choices)
    guardian_phone = PhoneField(required=False)
    guardian_id_number = IdNumberField(required=False)
    onset_on = _day()
    diagnosed_on = _day()
    diagnosing_hospital = TextField(required=False, max_length=100)
    diagnosis = _code(DiagnosisCode.choices)
    icd10 = TextField(required=False, max_length=60)
    consent = serializers.BooleanField(required=False)
    consent_on = _day()
    consent_signer = _code([choice for choice in Signer.choices if choice[0]])
    opened_on = _day()
    poor = serializers.BooleanField(required=False)
    past_danger = serializers.IntegerField(required=False, min_value=0, max_value=5)
    past_locked = _code(Locked.choices)
    past_admissions = serializers.IntegerField(required=False, min_value=0, max_value=999)
    disability_number = TextField(required=False, max_length=40)

    def facts(self) -> PersonFacts:
        said = {name: value for name, value in self.validated_data.items() if name in LABELS and value != ""}
        if number := said.get("id_number"):
            person = read_id_number(number, today=timezone.localdate())
            said |= {"sex": person.sex, "birth_on": person.birth_on}
        return PersonFacts(**said)


class PatientChangeSerializer(PatientSerializer):
    version = serializers.IntegerField(min_value=1)


def card(patient: Patient) -> dict[str, Any]:
    """One row of the list."""
    return {
        "uuid": str(patient.uuid),
        "number": f"{patient.number:05d}",
        "name": patient.name,
        "sex": patient.sex,
        "birth_on": patient.birth_on,
        "status": patient.status,
        "closed_on": patient.closed_on,
        "last_level": patient.last_level,
        "last_visit_on": patient.last_visit_on,
        "next_due_on": patient.next_due_on,
        "version": patient.version,
    }


def whole(patient: Patient) -> dict[str, Any]:
    """The file as PATCH may change it; numbers are masked, as on the page."""
    facts = facts_of([patient])[patient.pk]
    said = {name: getattr(facts, name) for name in map(str, PatientSerializer().fields) if name not in HIDDEN}
    for name, mask in MASKED.items():
        said[name] = mask(said[name])
    return {**card(patient), **said, "temporary_number": patient.temporary_number}


def _refused_by_field(refusal: FactsRefused) -> serializers.ValidationError:
    return serializers.ValidationError({problem.field: [problem.message] for problem in refusal.problems})


class Patients(DoorView):
    """GET: the files in reach, by cursor, newest first. POST: opens one."""

    requires = {"GET": Permission.VIEW_PATIENT, "POST": Permission.REGISTER_PATIENT}
    serializer_class = PatientSerializer

    def get(self, request: Request) -> Response:
        pages = ShortPages()
        rows = pages.paginate_queryset(patients_for(request.user), request, view=self) or []  # type: ignore[arg-type]
        saw((row.uuid for row in rows), (FieldGroup.IDENTITY, FieldGroup.MANAGEMENT, FieldGroup.RISK), Purpose.LIST)
        return pages.get_paginated_response([card(row) for row in rows])

    def post(self, request: Request) -> Response:
        said = PatientSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        try:
            patient = register_patient(facts=said.facts(), by=request.user)  # type: ignore[arg-type]
        except FactsRefused as refusal:
            raise _refused_by_field(refusal) from None
        saw([patient.uuid], READ, Purpose.REGISTER)
        return Response(whole(patient), status=status.HTTP_201_CREATED)


class OnePatient(DoorView):
    """GET: one file. PATCH: needs `version`; a stale one answers 409 with both texts."""

    requires = {"GET": Permission.VIEW_PATIENT, "PATCH": Permission.EDIT_PATIENT}
    serializer_class = PatientChangeSerializer

    def get(self, request: Request, uuid: UUID) -> Response:
        patient = access_patient(
            request.user, uuid, Permission.VIEW_PATIENT, purpose=Purpose.REGISTER, groups=READ  # type: ignore[arg-type]
        )  # fmt: skip
        return Response(whole(patient))

    def patch(self, request: Request, uuid: UUID) -> Response:
        patient = access_patient(
            request.user, uuid, Permission.EDIT_PATIENT, purpose=Purpose.REGISTER, groups=READ  # type: ignore[arg-type]
        )  # fmt: skip
        said = PatientChangeSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        try:
            change_patient(
                patient=patient, said=said.facts(), by=request.user, version=said.validated_data["version"]  # type: ignore[arg-type]
            )  # fmt: skip
        except FactsRefused as refusal:
            raise _refused_by_field(refusal) from None
        found = patients_for(request.user).filter(uuid=uuid).first()  # type: ignore[arg-type]
        return Response(whole(found) if found else {"uuid": str(uuid), "moved": True})


api_urlpatterns = [
    path("patients/", Patients.as_view(), name="patients"),
    path("patients/<uuid:uuid>/", OnePatient.as_view(), name="patient"),
]
