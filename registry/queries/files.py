"""Uploads, parked changes and requests for lists, as their pages need them."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, cast
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from accounts.doors import can, where
from accounts.models import Division
from accounts.reach import reach_filter
from accounts.refusals import NotHere
from accounts.rules.work import Topic, Urgency, WorkItem
from accounts.terms import Permission
from registry.models import ExportRequest, ImportFile, ParkedChange, Patient
from registry.queries.person import facts_of
from registry.queries.places import names_by_code
from registry.rules.exporting import DECIDE_HOURS
from registry.rules.person import LABELS
from registry.rules.saying import PLACE_FIELDS, say_all
from registry.terms import ExportState, ParkedState

if TYPE_CHECKING:
    from accounts.models import User

AT_MOST = 50


@dataclass(frozen=True)
class ParkedLine:
    uuid: UUID
    label: str
    before: str
    after: str
    source: str


@dataclass(frozen=True)
class ParkedPerson:
    patient: Patient
    lines: list[ParkedLine]


def parked_people(user: "User") -> list[ParkedPerson]:
    """People with something parked, at most fifty, by name. A handful of queries whatever their number."""
    reach = where(user, Permission.EDIT_PATIENT)
    rows = list(
        ParkedChange.objects.filter(reach_filter(reach), state=ParkedState.WAITING)
        .select_related("patient__village", "patient__household_division")
        .order_by("patient__pinyin", "patient_id", "pk")[: AT_MOST * 10]
    )
    people = {row.patient_id: row.patient for row in rows}
    shown = dict(list(people.items())[:AT_MOST])
    facts = facts_of(shown.values())
    found: dict[int, list[ParkedLine]] = {key: [] for key in shown}
    said = [cast("dict[str, object]", row.value) for row in rows if row.patient_id in shown]
    codes = [str(values[name]) for values in said for name in PLACE_FIELDS if values.get(name)]
    codes += [code for one in facts.values() for code in (one.residence_code, one.household_code) if code]
    places = names_by_code(codes)
    for row in rows:
        if row.patient_id not in shown:
            continue
        values = cast("dict[str, object]", row.value)
        names = tuple(values)
        now = tuple(getattr(facts[row.patient_id], name) for name in names)
        label = LABELS[row.field] if len(names) == 1 else "、".join(LABELS[name] for name in names)
        found[row.patient_id].append(
            ParkedLine(
                row.uuid, label, say_all(names, now, places), say_all(names, tuple(values.values()), places), row.source
            )
        )
    return [ParkedPerson(shown[key], lines) for key, lines in found.items()]


def own_upload(user: "User", uuid: UUID, kind: str = "patients") -> ImportFile:
    """A file of the user's own that waits for its confirmation. Raises: NotHere."""
    found = ImportFile.objects.filter(user=user, uuid=uuid, kind=kind, done_at=None).first()
    if found is None:
        raise NotHere
    return found


def _exports(user: "User") -> QuerySet[ExportRequest]:
    reach = where(user, Permission.ALLOW_EXPORT)
    mine = Q(asked_by=user) | Q(county__in=reach.counties) | Q(township__in=reach.townships)
    return ExportRequest.objects.filter(mine).select_related("township", "county", "asked_by", "decided_by")


def exports_for(user: "User") -> list[ExportRequest]:
    """Requests of one's own, and those one may decide on; newest first."""
    return list(_exports(user).order_by("-asked_at")[:AT_MOST])


def parked_lines(user: "User", today: date) -> list[WorkItem]:
    """One line a township while imports left something to look at there."""
    if not can(user, Permission.IMPORT_REGISTER):
        return []
    reach = where(user, Permission.EDIT_PATIENT)
    rows = ParkedChange.objects.filter(reach_filter(reach), state=ParkedState.WAITING).order_by()
    people = dict(rows.values_list("duty_township").annotate(n=Count("patient", distinct=True)))
    towns = Division.objects.filter(pk__in=people).order_by("code")
    return [
        WorkItem(
            topic=Topic.FILES, verb="核对导入内容", href=reverse("registry:parked"), name=town.name, place="",
            why=f"{people[town.pk]} 人的导入内容与现有资料不同，等核对。", due_on=None, urgency=Urgency.LATER,
        )
        for town in towns
    ]  # fmt: skip


def work_lines(user: "User", today: date) -> list[WorkItem]:
    """今日工作: what imports parked, by township; for who may allow them, lists that another asked for."""
    return [*parked_lines(user, today), *export_lines(user, today)]


def export_lines(user: "User", today: date) -> list[WorkItem]:
    """今日工作 of who may allow: lists that another asked for."""
    if not can(user, Permission.ALLOW_EXPORT):
        return []
    last = today - timedelta(hours=DECIDE_HOURS)
    return [
        WorkItem(
            topic=Topic.REVIEWS, verb="答复导出申请", href=reverse("registry:exports"), name=row.asked_by.display_name,
            place=row.township.name if row.township else row.county.name, due_on=None, urgency=Urgency.SOON,
            why=f"申请导出{row.get_kind_display()}，{row.rows} 人，用途：{row.purpose}",
        )
        for row in exports_for(user)
        if row.state == ExportState.ASKED and row.asked_by_id != user.pk and row.asked_at.date() >= last
    ]  # fmt: skip


def export_of(user: "User", uuid: UUID) -> ExportRequest:
    """Raises: NotHere."""
    found = _exports(user).filter(uuid=uuid).first()
    if found is None:
        raise NotHere
    return found


def export_places(user: "User") -> list[tuple[str, str]]:
    """Counties and townships whose lists the user may ask for."""
    reach = where(user, Permission.EXPORT_ROSTER)
    rows = Division.objects.filter(
        Q(pk__in=reach.counties) | Q(pk__in=reach.townships) | Q(parent__in=reach.counties, level="township"),
        valid_to=None,
    )
    return [(row.code, f"{row.name}（全县）" if row.level == "county" else row.name) for row in rows.order_by("code")]
