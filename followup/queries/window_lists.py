"""Missed and late windows of a place, with the tally per township: what the supervisor sees."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q

from accounts.doors import where
from accounts.models import Division, User
from accounts.reach import reach_filter
from accounts.rules.places import usual_name
from accounts.terms import Permission
from followup.models import OffList, Window
from followup.models.window import WindowQuerySet
from followup.queries.windows import stories_of
from followup.rules.windows import Window as Decided
from followup.rules.windows import windows
from followup.terms import Excuse, Outcome
from registry.models import Patient

KINDS = (Outcome.MISSED, Outcome.LATE, Outcome.EXCUSED)


@dataclass(frozen=True)
class Tally:
    """One township: windows by outcome, and how often somebody was taken off the list, by reason."""

    key: int
    name: str
    done: int
    late: int
    missed: int
    excused: int
    taken_off: tuple[tuple[str, int], ...]

    @property
    def over(self) -> int:
        return self.done + self.late + self.missed + self.excused


def windows_for(user: User, since: date, until: date) -> WindowQuerySet:
    """Windows that were due in the period, of whom the reader may have on the list."""
    found: WindowQuerySet = Window.objects.filter(
        reach_filter(where(user, Permission.VIEW_WORKLIST)), due_on__gte=since, due_on__lte=until
    )
    return found


def tallies(user: User, since: date, until: date) -> list[Tally]:
    """Three statements for any number of townships."""
    outcomes: dict[int, dict[str, Any]] = {
        row["duty_township"]: dict(row)
        for row in windows_for(user, since, until)
        .order_by()
        .values("duty_township")
        .annotate(**{str(o): Count("pk", filter=Q(outcome=o)) for o in Outcome})
    }
    reasons: dict[int, list[tuple[str, int]]] = defaultdict(list)
    off = OffList.objects.filter(
        reach_filter(where(user, Permission.VIEW_WORKLIST)), given_on__gte=since, given_on__lte=until
    )
    counted = off.order_by().values("duty_township", "reason").annotate(n=Count("pk"))
    for row in sorted(counted, key=lambda row: -row["n"]):
        reasons[row["duty_township"]].append((str(Excuse(row["reason"]).label), row["n"]))
    keys = {*outcomes, *reasons}
    names = dict(Division.objects.filter(pk__in=keys).values_list("pk", "name"))
    zero = dict.fromkeys(map(str, Outcome), 0)
    found = [
        Tally(
            key,
            usual_name(names.get(key, "")),
            **{str(o): (outcomes.get(key) or zero)[str(o)] for o in Outcome},
            taken_off=tuple(reasons[key]),
        )
        for key in keys
    ]
    return sorted(found, key=lambda tally: (-tally.missed, tally.name))


def listed(found: WindowQuerySet, kind: str, township: int | None) -> WindowQuerySet:
    """The rows of one kind, the longest past first."""
    rows = found.filter(outcome=kind).select_related("patient__village").order_by("due_on", "pk")
    return rows.filter(duty_township=township) if township else rows


def decided(patient: Patient, today: date) -> list[Decided]:
    """Every window of one patient as the rule has it today, newest first: right even before the next sweep."""
    return list(reversed(windows(stories_of([patient.pk])[patient.pk], today)))
