"""Long-acting injections: due, given, missed; one before its interval is refused with the earliest day."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.refusals import Denied, Refused
from accounts.scope import scope
from followup.models import Injection, Prescription
from followup.rules.injections import (
    Given,
    InjectionFacts,
    InjectionPolicy,
    Plan,
    days_in,
    due_words,
    given_words,
    is_early,
    shape_problems,
    spacing_problem,
    state_on,
)
from followup.rules.prescriptions import DayLimits, PrescriptionFacts
from followup.services.injections import InjectionRefused, record_injection
from followup.services.prescriptions import prescribe, stop_prescription
from followup.services.refusals import FormUsed
from followup.services.striking import strike
from tests.followup.conftest import days_ago

DAY = date(2026, 3, 10)
POLICY = InjectionPolicy(early_days=3, missed_days=7)
NAME = "棕榈酸帕利哌酮注射液"
PLAN = Plan(NAME, 28, DAY - timedelta(days=100), None)
LIMITS = DayLimits(DAY, date(1980, 1, 1))


def given(**more: Any) -> InjectionFacts:
    known: dict[str, Any] = {"given_on": DAY, "dose": "100", "batch": "A1", "site": "3", "given_by": "王护士"}
    return InjectionFacts(**{**known, **more})


@pytest.mark.parametrize(
    ("more", "plan", "field", "sentence"),
    [
        ({}, None, "prescription", "请选择是哪张长效针剂处方。"),
        ({"given_on": DAY + timedelta(days=1)}, PLAN, "given_on", "注射日期不能晚于今天。"),
        ({"given_on": DAY - timedelta(days=101)}, PLAN, "given_on",
         "这张处方从 2025-11-30 开始，注射日期不在其中。"),
        ({}, Plan(NAME, 28, DAY - timedelta(days=9), DAY), "given_on",
         "这张处方从 2026-03-01 开始，2026-03-10 起停用，注射日期不在其中。"),
        ({"dose": ""}, PLAN, "dose", "请填剂量。"),
        ({"dose": "0"}, PLAN, "dose", "剂量：要大于 0、不超过 100000，最多三位小数。"),
        ({"dose": "1e9999999"}, PLAN, "dose", "剂量：要大于 0、不超过 100000，最多三位小数。"),
        ({"batch": ""}, PLAN, "batch", "请填批号，在药盒上。"),
        ({"site": "9"}, PLAN, "site", "请选择注射部位。"),
        ({"given_by": ""}, PLAN, "given_by", "请填注射人。"),
        ({"early_reason": "起始给药"}, PLAN, "early_doctor", "提前注射的，请写明是哪位医师的医嘱。"),
        ({"early_doctor": "周医师"}, PLAN, "early_reason", "提前注射的，请写明原因。"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field(more, plan, field, sentence):
    assert [(one.field, one.message) for one in shape_problems(given(**more), plan, LIMITS)] == [(field, sentence)]


@pytest.mark.parametrize(
    ("last", "early"),
    [(28, False), (25, False), (24, True), (1, True)],
    ids=["on-the-day", "last-day-of-grace", "the-day-before", "next-day"],
)
def test_before_its_interval_is_early(last, early):
    assert is_early(DAY, [Given(DAY - timedelta(days=last), 28)], PLAN, POLICY) is early


def test_the_refusal_names_the_earliest_day_and_the_way_out():
    problem = spacing_problem(DAY, [Given(date(2026, 2, 20), 28)], PLAN, POLICY, ordered=False)
    assert problem.field == "given_on"
    assert "最早 2026-03-17 可以注射" in problem.message
    assert "提前注射的医嘱" in problem.message
    assert spacing_problem(DAY, [Given(date(2026, 2, 20), 28)], PLAN, POLICY, ordered=True) is None


def test_a_second_one_on_one_day_is_refused_whatever_was_ordered():
    problem = spacing_problem(DAY, [Given(DAY, 28)], PLAN, POLICY, ordered=True)
    assert problem.message == f"3 月 10 日已经登记过{NAME}的注射，不能重复登记。"


def test_one_entered_late_is_judged_by_the_one_after_it_too():
    problem = spacing_problem(DAY, [Given(DAY + timedelta(days=10), 28)], PLAN, POLICY, ordered=False)
    assert "2026-03-20 已登记过一次注射" in problem.message
    assert spacing_problem(DAY, [Given(DAY + timedelta(days=25), 28)], PLAN, POLICY, ordered=False) is None


@pytest.mark.parametrize(
    ("days", "state", "words"),
    [
        (5, "due", "下次注射 3 月 15 日，还有 5 天"),
        (0, "due", "下次注射 3 月 10 日，就是今天"),
        (-7, "due", "应于 3 月 3 日注射，已过 7 天"),
        (-8, "missed", "应于 3 月 2 日注射，已过 8 天，漏打"),
    ],
)
def test_due_and_missed_in_words(days, state, words):
    due_on = DAY + timedelta(days=days)
    assert (state_on(due_on, DAY, POLICY), due_words(due_on, DAY, POLICY)) == (state, words)


@pytest.mark.parametrize(
    ("late", "words"), [(None, "首次"), (0, "按期"), (-2, "按期"), (7, "晚 7 天"), (8, "漏打后补打，晚 8 天")]
)
def test_how_it_was_given_in_words(late, words):
    was_due = None if late is None else DAY - timedelta(days=late)
    assert given_words(was_due, DAY, POLICY) == words


def test_a_month_holds_every_day_that_will_be_due():
    assert list(days_in(date(2026, 2, 25), 14, date(2026, 3, 1), date(2026, 3, 31))) == [
        date(2026, 3, 11), date(2026, 3, 25),
    ]  # fmt: skip


# with the database


def under(patient: Any, by: Any, **more: Any) -> Prescription:
    facts: dict[str, Any] = {
        "name": NAME, "every_weeks": "4", "each": "100", "prescriber": "周医师", "starts_on": days_ago(90),
    }  # fmt: skip
    with scope(by):
        return prescribe(patient=patient, facts=PrescriptionFacts(**{**facts, **more}), form_id=uuid4(), by=by)


def inject(row: Prescription, by: Any, day: date, **more: Any) -> Injection:
    form_id = more.pop("form_id", None) or uuid4()
    with scope(by):
        return record_injection(
            patient=row.patient, prescription=row.uuid, facts=given(given_on=day, **more), form_id=form_id, by=by
        )


def due(row: Prescription, by: Any) -> date | None:
    with scope(by):
        return Prescription.objects.get(pk=row.pk).due_on


@pytest.mark.django_db
def test_the_next_day_follows_every_injection_and_its_striking(world):
    row = under(world.patient(), world.worker)
    assert due(row, world.worker) == days_ago(90)
    first = inject(row, world.worker, days_ago(60))
    assert (first.was_due_on, due(row, world.worker)) == (days_ago(90), days_ago(32))
    second = inject(row, world.worker, days_ago(30))
    assert (second.was_due_on, due(row, world.worker)) == (days_ago(32), days_ago(2))
    with scope(world.worker):
        strike(second, because="录错了人", by=world.worker)
        with pytest.raises(Refused, match="已经作废"):
            strike(second, because="又一次", by=world.worker)
    assert due(row, world.worker) == days_ago(32)


@pytest.mark.django_db
def test_too_early_is_refused_and_an_order_lets_it_through_marked(world):
    row = under(world.patient(), world.worker)
    inject(row, world.worker, days_ago(20))
    with pytest.raises(InjectionRefused, match=f"最早 {days_ago(-5)} 可以注射"):
        inject(row, world.worker, timezone.localdate())
    early = inject(row, world.worker, timezone.localdate(), early_doctor="周医师", early_reason="起始给药第二针")
    assert (early.early, early.words["early_doctor"]) == (True, "周医师")


@pytest.mark.django_db
def test_a_form_sent_twice_counts_once(world):
    row, form_id = under(world.patient(), world.worker), uuid4()
    assert inject(row, world.worker, days_ago(9), form_id=form_id) == inject(
        row, world.worker, days_ago(9), form_id=form_id
    )
    other = under(world.patient(), world.worker)
    with pytest.raises(FormUsed):
        inject(other, world.worker, days_ago(9), form_id=form_id)


@pytest.mark.django_db
def test_the_prescription_of_somebody_else_is_no_prescription(world):
    row, other = under(world.patient(), world.worker), world.patient()
    with scope(world.worker), pytest.raises(InjectionRefused, match="请选择是哪张长效针剂处方"):
        record_injection(
            patient=other, prescription=row.uuid, facts=given(given_on=days_ago(1)), form_id=uuid4(), by=world.worker
        )


@pytest.mark.django_db
def test_only_who_may_writes_and_only_at_home(world):
    row = under(world.patient(), world.worker)
    for by in (world.village_doctor, world.leader, world.worker_b):
        with pytest.raises(Denied):
            inject(row, by, days_ago(1))


@pytest.mark.django_db
def test_a_stopped_drug_is_no_longer_due_and_an_injection_of_before_may_still_be_entered(world):
    row = under(world.patient(), world.worker)
    with scope(world.worker):
        stop_prescription(prescription=row, on=days_ago(5), reason="stopped", by=world.worker)
    assert inject(row, world.worker, days_ago(10)).given_on == days_ago(10)
    with pytest.raises(InjectionRefused, match="起停用"):
        inject(row, world.worker, days_ago(5))


@pytest.mark.django_db
def test_what_was_given_cannot_be_rewritten_or_removed(world):
    made = inject(under(world.patient(), world.worker), world.worker, days_ago(1))
    with scope(world.worker):
        for change in (
            lambda: Injection.objects.filter(pk=made.pk).update(batch="B2"),
            lambda: Injection.objects.filter(pk=made.pk)._raw_delete("default"),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()
