"""Where the psychiatrist's word and the file differ: the case follows the word, the file its newest record (ADR 32)."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from accounts.doors import where
from accounts.models import User
from accounts.queries.policy import CountyRules
from accounts.reach import Reach
from accounts.rules.day_words import short_day
from accounts.rules.places import usual_name
from accounts.rules.work import Topic, Urgency, WorkItem
from accounts.terms import Permission
from exchange.models import Alert, AlertEntry
from exchange.queries.receipts import alerts_within
from exchange.rules.reviewed import Reviewed, differs, said
from exchange.terms import ClosedBecause, EntryKind
from registry.models import Patient

_SPEAKS = (EntryKind.RAISED, EntryKind.RAISED_AGAIN, EntryKind.CONFIRMED)  # of a level
_SPOKEN = {"spoken_kind": "kind", "spoken_on": "occurred_on", "spoken": "level"}


def gap_lines(user: User, today: date) -> list[WorkItem]:
    """今日工作 of who may correct records: one line per person. Source: ADR 32."""
    rules = CountyRules(today)
    rows = _rows(where(user, Permission.CORRECT_VISIT)).filter(patient__closed_on=None)
    return [_line(row, found, today) for row in rows if (found := _gap(row, rules)) is not None]


def gap_of(patient: Patient, today: date) -> str:
    """The same of one person, for the pages about what was told. Empty where both say the same."""
    rules = CountyRules(today)
    for row in _rows(None).filter(patient=patient):
        if (found := _gap(row, rules)) is not None:
            return said(found, row["patient__last_visit_on"], row["patient__last_level"], today)
    return ""


def _rows(reach: Reach | None) -> Any:
    """Of each person the newest case, where a psychiatrist spoke last."""
    found = Alert.objects.all() if reach is None else alerts_within(reach)
    newer = Alert.objects.filter(patient=OuterRef("patient"), pk__gt=OuterRef("pk"))
    speaks = AlertEntry.objects.filter(alert=OuterRef("pk"), kind__in=_SPEAKS, withdrawn_at=None).order_by("-pk")
    fell = Q(closed_because=ClosedBecause.CONFIRMED_FALL) | Q(fell_on__isnull=False)
    return (
        found.filter(~Exists(newer), patient__last_level__isnull=False)
        .annotate(**{name: Subquery(speaks.values(field)[:1]) for name, field in _SPOKEN.items()})
        .filter(fell | Q(spoken_kind=EntryKind.CONFIRMED))
        .order_by("patient_id")
        .values(
            *_SPOKEN, "duty_county", "fell_on", "closed_at", "closed_because", "patient__uuid", "patient__name",
            "patient__village__name", "patient__last_level", "patient__last_visit_on",
        )
    )  # fmt: skip


def _gap(row: dict[str, Any], rules: CountyRules) -> Reviewed | None:
    """What the psychiatrist said, where the file says otherwise."""
    from_level = int(rules[row["duty_county"]]["alert_from_level"])
    if row["fell_on"] is not None:
        found = Reviewed(row["fell_on"], None, from_level)
    elif row["closed_at"] is None:
        found = Reviewed(row["spoken_on"], row["spoken"], from_level)
    elif row["closed_because"] == ClosedBecause.CONFIRMED_FALL:
        found = Reviewed(row["closed_at"].astimezone(timezone.get_current_timezone()).date(), None, from_level)
    else:
        return None
    return found if differs(found, row["patient__last_visit_on"], row["patient__last_level"]) else None


def _line(row: dict[str, Any], reviewed: Reviewed, today: date) -> WorkItem:
    level = row["patient__last_level"]
    return WorkItem(
        topic=Topic.FILES,
        verb="看随访",
        href=reverse("followup:patient_tab", args=[row["patient__uuid"]]),
        name=str(row["patient__name"]),
        place=usual_name(str(row["patient__village__name"] or "")),
        why=f"精神科医师 {short_day(reviewed.on, today)} 复核为{reviewed.words}，档案仍为 {level} 级，请更正或再随访",
        due_on=None,
        urgency=Urgency.DANGER if level >= reviewed.from_level else Urgency.LATER,
        person=row["patient__uuid"],
    )
