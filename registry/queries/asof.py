"""What was true of a patient on a day T. Dated rows only, never history tables (decisions A5).

Two forms of the same statement: ORM annotations for a list of people, LATERAL fragments for one straight statement.
A county or less: LATERAL or Subquery is the fastest way; above it DISTINCT ON (measured in the foundation notes).
"""

from datetime import date

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from registry.models import Diagnosis, DutyPeriod, Patient, PatientStatus
from registry.terms import ENDING

NOT_REGISTERED = tuple(sorted(value.value for value in ENDING))

# Parameters: day (date) and ending (tuple). `p` is the patient.
STATUS_LATERAL = (
    "LEFT JOIN LATERAL (SELECT value FROM registry_patientstatus WHERE patient_id = p.id AND starts_on <= %(day)s "
    "ORDER BY starts_on DESC LIMIT 1) status ON true"
)
AREA_LATERAL = (
    "LEFT JOIN LATERAL (SELECT township_id, county_id FROM registry_dutyperiod WHERE patient_id = p.id "
    "AND starts_on <= %(day)s ORDER BY starts_on DESC LIMIT 1) area ON true"
)
# The diagnosis that held on the day; when all begin later, the earliest one.
DIAGNOSIS_LATERAL = (
    "LEFT JOIN LATERAL (SELECT code FROM registry_diagnosis WHERE patient_id = p.id "
    "ORDER BY (starts_on <= %(day)s) DESC, CASE WHEN starts_on <= %(day)s THEN starts_on END DESC NULLS LAST, "
    "starts_on LIMIT 1) diagnosis ON true"
)
REGISTERED = "p.opened_on <= %(day)s AND status.value IS NOT NULL AND status.value <> ALL (%(ending)s)"


def parameters(day: date) -> dict[str, object]:
    return {"day": day, "ending": list(NOT_REGISTERED)}


def status_on(day: date) -> Subquery:
    rows = PatientStatus.objects.filter(patient=OuterRef("pk"), starts_on__lte=day).order_by("-starts_on")
    return Subquery(rows.values("value")[:1])


def township_on(day: date) -> Subquery:
    rows = DutyPeriod.objects.filter(patient=OuterRef("pk"), starts_on__lte=day).order_by("-starts_on")
    return Subquery(rows.values("township_id")[:1])


def county_on(day: date) -> Subquery:
    rows = DutyPeriod.objects.filter(patient=OuterRef("pk"), starts_on__lte=day).order_by("-starts_on")
    return Subquery(rows.values("county_id")[:1])


def diagnosis_on(day: date) -> Coalesce:
    rows = Diagnosis.objects.filter(patient=OuterRef("pk"))
    held = rows.filter(starts_on__lte=day).order_by("-starts_on").values("code")[:1]
    return Coalesce(Subquery(held), Subquery(rows.order_by("starts_on").values("code")[:1]))


def registered_on(patients: QuerySet[Patient], day: date) -> QuerySet[Patient]:
    """Those of `patients` on the register on `day`. Source: indicators, "Registered 在册(T)"."""
    return (
        patients.annotate(status_then=status_on(day))
        .filter(opened_on__lte=day, status_then__isnull=False)
        .exclude(status_then__in=NOT_REGISTERED)
    )


def in_area_on(patients: QuerySet[Patient], day: date, townships: list[int]) -> QuerySet[Patient]:
    """Those whose township of duty on `day` is one of these (not the one of today)."""
    return patients.annotate(township_then=township_on(day)).filter(township_then__in=townships)


def area_on(patients: QuerySet[Patient], day: date) -> QuerySet[Patient]:
    """Annotated with `township_then` and `county_then`."""
    return patients.annotate(township_then=township_on(day), county_then=county_on(day)).order_by(F("pk"))
