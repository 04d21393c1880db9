"""Lists of medication: the month of long-acting injections, who has to collect, and the lines of 今日工作."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from accounts.doors import where
from accounts.models import Division, User
from accounts.queries.policy import CountyRules
from accounts.reach import Reach, reach_filter
from accounts.rules.places import usual_name
from accounts.rules.work import Topic, WorkItem, urgency_of
from accounts.terms import Permission
from followup.models import Dispensing, Injection, Prescription
from followup.queries.prescriptions import policy_from
from followup.rules.injections import days_in, due_words, given_words, made_up_words, state_on
from followup.rules.supplies import collection_words
from followup.terms import DueState
from registry.queries.admitted import inside_q

MOST_LINES = 200
COUNTED_BACK = 60  # days after which nobody is reminded of a collection any more
WHO = ("patient__uuid", "patient__name", "patient__village__name", "duty_township", "duty_county")


@dataclass(frozen=True)
class Entry:
    """One line of the month."""

    on: date
    state: DueState
    person: UUID
    name: str
    place: str
    township: int
    drug: str
    words: str


def injection_month(user: User, first: date, last: date, today: date) -> list[Entry]:
    """Due, given and missed between two days, of whom the reader may see medicines; two statements.

    What is overdue today stands in the month of today, whenever it was due.
    """
    reach, rules = where(user, Permission.VIEW_VISIT), CountyRules(today)
    return sorted(
        [*_given(reach, first, last, today, rules), *_due(reach, first, last, today, rules)],
        key=lambda one: (one.on, one.name),
    )


def _due(reach: Reach, first: date, last: date, today: date, rules: CountyRules) -> Iterable[Entry]:
    found = (
        Prescription.objects.filter(reach_filter(reach), ends_on=None, due_on__lte=last, patient__closed_on=None)
        .exclude(inside_q())
        .values_list("due_on", "interval_days", "name", *WHO)
    )
    for due_on, interval, drug, *who in found:
        policy = policy_from(rules[who[-1]])
        if first <= due_on or first <= today <= last:  # the overdue stand in the month of today
            yield _entry(due_on, state_on(due_on, today, policy), drug, due_words(due_on, today, policy), who)
        # what follows depends on the day on which the next one is given: told ahead only while it is not late
        ahead = days_in(due_on, interval, max(first, due_on + timedelta(days=1)), last) if due_on >= today else ()
        for on in ahead:
            yield _entry(on, DueState.DUE, drug, "按间隔推算", who)


def given_elsewhere(user: User, last: date, township: int | None = None) -> int:
    """How many people with an injection due by that day are in hospital or held: where they are gives it."""
    found = Prescription.objects.filter(
        reach_filter(where(user, Permission.VIEW_VISIT)), inside_q(), ends_on=None, due_on__lte=last,
        patient__closed_on=None,
    )  # fmt: skip
    if township is not None:
        found = found.filter(duty_township=township)
    return found.values("patient").distinct().count()


def _given(reach: Reach, first: date, last: date, today: date, rules: CountyRules) -> Iterable[Entry]:
    inside = Q(given_on__range=(first, last)) | Q(was_due_on__range=(first, last))
    found = Injection.objects.filter(reach_filter(reach), inside, struck_at=None)
    for given_on, was_due_on, early, drug, *who in found.values_list("given_on", "was_due_on", "early", "name", *WHO):
        policy = policy_from(rules[who[-1]])
        if first <= given_on <= last:
            yield _entry(given_on, DueState.GIVEN, drug, given_words(was_due_on, given_on, policy, early=early), who)
        late = was_due_on is not None and (given_on - was_due_on).days > policy.missed_days
        if late and first <= was_due_on <= last:
            yield _entry(was_due_on, DueState.MISSED, drug, made_up_words(was_due_on, given_on, today), who)


def _entry(on: date, state: DueState, drug: str, words: str, who: list[Any]) -> Entry:
    uuid, name, village, township, _county = who
    return Entry(on, state, uuid, name, usual_name(village) if village else "", township, drug, words)


def _own_towns(user: User) -> Reach:
    """Only who does the work of a township gets a line for every person; a county's office reads the lists."""
    return Reach(townships=where(user, Permission.RECORD_MEDICINE).townships)


def injection_lines(user: User, today: date) -> list[WorkItem]:
    """今日工作: injections due today or in the next days, and overdue; not of who is in hospital or held."""
    reach = _own_towns(user)
    if not reach.townships:
        return []
    rules = CountyRules(today)
    furthest = today + timedelta(days=30)
    rows = (
        Prescription.objects.filter(reach_filter(reach), ends_on=None, due_on__lte=furthest, patient__closed_on=None)
        .exclude(inside_q())
        .order_by("due_on")
    )
    found = []
    for due_on, drug, *who in rows.values_list("due_on", "name", *WHO)[:MOST_LINES]:
        policy = policy_from(rules[who[-1]])
        if due_on <= today + timedelta(days=policy.ahead_days):
            why = f"{drug}，{due_words(due_on, today, policy)}"
            found.append(_line("登记注射", "followup:injection_new", why, due_on, who, today))
    return found


def supply_lines(user: User, today: date) -> list[WorkItem]:
    """今日工作: free drugs that run out in the next days or have run out; not of who is in hospital or held."""
    reach = _own_towns(user)
    if not reach.townships:
        return []
    rules = CountyRules(today)
    same = Q(patient=OuterRef("patient"), name=OuterRef("name"), struck_at=None)
    later = Dispensing.objects.filter(
        same, Q(handed_on__gt=OuterRef("handed_on")) | Q(pk__gt=OuterRef("pk"), handed_on=OuterRef("handed_on"))
    )
    running = Prescription.objects.filter(patient=OuterRef("patient"), ends_on=None)
    rows = (
        Dispensing.objects.filter(
            reach_filter(reach), struck_at=None, patient__closed_on=None,
            next_on__range=(today - timedelta(days=COUNTED_BACK), today + timedelta(days=30)),
        )
        .filter(~Exists(later), Exists(running.filter(name=OuterRef("name"))) | ~Exists(running))
        .exclude(inside_q())
        .order_by("next_on")
    )  # fmt: skip
    found = []
    for next_on, drug, *who in rows.values_list("next_on", "name", *WHO)[:MOST_LINES]:
        if next_on <= today + timedelta(days=int(rules[who[-1]]["supply_ahead_days"])):
            why = f"{drug}，{collection_words(next_on, today)}"
            found.append(_line("登记发药", "followup:dispensing_new", why, next_on, who, today))
    return found


def _line(verb: str, url: str, why: str, due_on: date, who: list[Any], today: date) -> WorkItem:
    uuid, name, village, _township, _county = who
    return WorkItem(
        topic=Topic.MEDICINE,
        verb=verb,
        href=reverse(url, args=[uuid]),
        name=name,
        place=usual_name(village) if village else "",
        why=why,
        due_on=due_on,
        urgency=urgency_of(due_on, today=today),
        person=uuid,
    )


def town_names(keys: Iterable[int]) -> dict[int, str]:
    return dict(Division.objects.filter(pk__in=set(keys)).values_list("pk", "name"))
