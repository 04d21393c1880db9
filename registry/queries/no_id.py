"""People without an identity number: who they are, how far their confirmation is, and who opened the file."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.apps import apps
from django.db.models import QuerySet
from django.urls import reverse

from accounts.doors import can, where
from accounts.reach import reach_filter
from accounts.rules.work import Topic, Urgency, WorkItem
from accounts.terms import Permission
from registry.models import IdentityStep, Patient
from registry.terms import IdentityState

if TYPE_CHECKING:
    from accounts.models import User

S = IdentityState
AT_MOST = 20


@dataclass(frozen=True)
class NoId:
    """One person. `last` None: nobody has looked yet."""

    patient: Patient
    state: IdentityState
    last: IdentityStep | None


@dataclass(frozen=True)
class NoIdPage:
    people: list[NoId]
    waiting: int
    returned: int
    confirmed: int

    @property
    def total(self) -> int:
        return self.waiting + self.returned + self.confirmed


def without_id(patients: QuerySet[Patient]) -> QuerySet[Patient]:
    """Open files with a temporary number only."""
    return patients.filter(id_index=None, closed_on=None)


def newest_steps(patients: Iterable[int]) -> dict[int, IdentityStep]:
    rows = IdentityStep.objects.filter(patient__in=list(patients)).select_related("by")
    return {row.patient_id: row for row in rows.order_by("patient_id", "-pk").distinct("patient_id")}


def identity_state(patient: Patient) -> IdentityState:
    """What holds now; a file without a step waits."""
    row = IdentityStep.objects.filter(patient=patient).order_by("-pk").only("state").first()
    return S(row.state) if row else S.WAITING


def _people(patients: Iterable[Patient]) -> list[NoId]:
    rows = list(patients)
    steps = newest_steps(row.pk for row in rows)
    return [NoId(row, S(steps[row.pk].state) if row.pk in steps else S.WAITING, steps.get(row.pk)) for row in rows]


def no_id_page(patients: QuerySet[Patient]) -> NoIdPage:
    """All of the reach, waiting ones first. Few people live without papers: two queries, no pages."""
    people = _people(without_id(patients).select_related("village").order_by("opened_on", "pk"))
    order = [S.WAITING, S.RETURNED, S.CONFIRMED]
    people.sort(key=lambda one: order.index(one.state))
    counts = [sum(one.state == state for one in people) for state in order]
    return NoIdPage(people, *counts)


def steps_of(patient: Patient) -> list[IdentityStep]:
    """Newest first."""
    return list(IdentityStep.objects.filter(patient=patient).select_related("by").order_by("-pk"))


def opener_of(patient: Patient) -> str:
    """Account number of who opened the file, as the database noted it; "" where it was the system."""
    events = apps.get_model("registry", "PatientHistoryevent").objects
    first = events.filter(pgh_obj_id=patient.pk, pgh_label="insert").order_by("pgh_id").first()
    return str(((first.pgh_context if first else None) or {}).get("actor") or "")


def reporter_of(patient: Patient) -> str:
    """Account number of who reported last after an own inquiry; "" when nobody did."""
    row = IdentityStep.objects.filter(patient=patient, state=S.WAITING).select_related("by").order_by("-pk").first()
    return str(row.by.uuid) if row else ""


def work_lines(user: "User", today: date) -> list[WorkItem]:
    """The county: whom to confirm. The township: whom the county gave back."""
    found = []
    for permission, state, verb in (
        (Permission.SETTLE_ID_CHECK, S.WAITING, "核实身份"),
        (Permission.EDIT_PATIENT, S.RETURNED, "补查身份"),
    ):
        if not can(user, permission) or (state == S.RETURNED and can(user, Permission.SETTLE_ID_CHECK)):
            continue
        rows = without_id(Patient.objects.filter(reach_filter(where(user, permission), patient="")))
        people = [
            one for one in _people(rows.select_related("village").order_by("opened_on", "pk")) if one.state == state
        ]
        found += [_line(one, verb) for one in people[:AT_MOST]]
    return found


def _line(one: NoId, verb: str) -> WorkItem:
    why = f"{one.patient.opened_on} 建档，没有身份证：{one.patient.no_id_reason}"
    if one.state == S.RETURNED and one.last is not None:
        why = f"县级退回：{one.last.words}"
    return WorkItem(
        topic=Topic.REVIEWS, verb=verb, href=reverse("registry:identity", args=[one.patient.uuid]),
        name=one.patient.name, place=one.patient.village.usual_name if one.patient.village else "", why=why,
        due_on=None, urgency=Urgency.SOON, person=one.patient.uuid,
    )  # fmt: skip
