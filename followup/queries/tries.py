"""未访到 as work: whom to try again and by when, and who may have to be called lost.

Who is due anyway stands on the list of visits, with the day of the next try in the row; a line of its own is for the
others, so that nobody is counted twice.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import F, Q
from django.urls import reverse

from accounts.doors import where
from accounts.models import User
from accounts.queries.policy import CountyRules
from accounts.reach import reach_filter
from accounts.rules.day_words import long_day
from accounts.rules.places import usual_name
from accounts.rules.work import Topic, WorkItem, urgency_of
from accounts.terms import Permission
from followup.models import Attempt
from followup.rules.attempts import Prompt, loss_prompt, tries
from followup.rules.dates import day_after
from followup.rules.policy import CarePolicy
from registry.models import Patient
from registry.terms import CareStatus

MOST_LINES = 200
_SINCE = Q(patient__last_visit_on=None) | Q(attempted_on__gt=F("patient__last_visit_on"))


def tries_since(patient: Patient) -> list[tuple[date, str]]:
    """Every try after the last complete record, oldest first."""
    found = Attempt.objects.standing().filter(_SINCE, patient=patient).order_by("attempted_on", "pk")
    return list(found.values_list("attempted_on", "reason"))


def prompt_for(patient: Patient, policy: CarePolicy) -> Prompt | None:
    """Whether and why a person is asked to decide 失访."""
    return loss_prompt(tries_since(patient), policy)


def try_lines(user: User, today: date) -> list[WorkItem]:
    """今日工作: again within two weeks; and, for who keeps the file, the question whether somebody is lost."""
    rows = (
        Attempt.objects.standing()
        .filter(reach_filter(where(user, Permission.RECORD_VISIT)), _SINCE, patient__closed_on=None)
        .exclude(patient__status=CareStatus.LOST)
        .order_by("patient_id", "attempted_on")
        .values(
            "patient_id", "patient__uuid", "patient__name", "patient__village__name", "duty_county", "duty_township",
            "patient__next_due_on", "attempted_on", "reason",
        )
    )  # fmt: skip
    by_person: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        by_person[row["patient_id"]].append(dict(row))
    rules = CountyRules(today)
    decides = where(user, Permission.EDIT_PATIENT)
    found = []
    for one in by_person.values():
        county = one[0]["duty_county"]
        may_decide = county in decides.counties or one[0]["duty_township"] in decides.townships
        line = _line(one, CarePolicy.of(rules[county]), today, may_decide=may_decide)
        found += [line] if line else []
    return found[:MOST_LINES]


def _line(rows: Sequence[dict[str, Any]], policy: CarePolicy, today: date, *, may_decide: bool) -> WorkItem | None:
    first = rows[0]
    told = [(row["attempted_on"], row["reason"]) for row in rows]
    prompt = loss_prompt(told, policy) if may_decide else None
    again = tries([day for day, _reason in told], policy)
    due_on, ahead = first["patient__next_due_on"], day_after(today, policy.worklist_days_ahead)
    if prompt is None and due_on is not None and due_on <= ahead:
        return None
    topic = Topic.FILES if prompt else Topic.VISITS
    if prompt is not None:
        verb, why, due = "判定失访", f"{prompt.because}请判定是否失访", again.last_on
        href = reverse("followup:loss", args=[first["patient__uuid"]])
    else:
        verb, due = "再访", again.again_by
        why = f"{long_day(again.last_on)} 第 {again.number} 次未访到，{long_day(due)} 前再访"
        href = reverse("followup:visit_new", args=[first["patient__uuid"]])
    return WorkItem(
        topic=topic,
        verb=verb,
        href=href,
        name=str(first["patient__name"]),
        place=usual_name(str(first["patient__village__name"] or "")),
        why=why,
        due_on=due,
        urgency=urgency_of(due, today=today),
        person=first["patient__uuid"],
    )
