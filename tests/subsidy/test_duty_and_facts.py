"""Words on duty, schemes that a county adopts, and the facts of one person that a sheet is made from."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import ProgrammingError, transaction

from accounts.refusals import Denied, NotHere, Refused
from accounts.scope import scope
from followup.rules.facts import VisitFacts
from followup.services.visits import record_visit
from registry.services.around import record_social, set_guardianship
from registry.services.status import close_patient
from subsidy.models import CountyScheme, DutyRecord
from subsidy.queries.agreements import duty_of
from subsidy.queries.duty import periods_of
from subsidy.queries.facts import facts_on
from subsidy.queries.presets import FOLDER
from subsidy.queries.schemes import adopted_on
from subsidy.rules.agreements import duty_problems
from subsidy.rules.eligibility import judge
from subsidy.rules.spans import Span
from subsidy.services.agreements import end_agreement
from subsidy.services.duty import DutyFacts, record_duty
from subsidy.services.refusals import PaperRefused
from subsidy.services.schemes import adopt_scheme, stop_scheme
from subsidy.terms import AgreementEnd, DutyFailure, DutyResult, Met, Need
from tests.followup.conftest import GOOD
from tests.subsidy.conftest import day

F, R = DutyFailure, DutyResult


@pytest.mark.parametrize(
    ("result", "failures", "note", "signers", "fields"),
    [
        (R.PASSED, [], "", ["甲"], []),
        (R.FAILED, [F.MEDICINE], "", ["甲"], []),
        (R.FAILED, [], "", ["甲"], ["failures"]),
        (R.PASSED, [F.VISITS], "", ["甲"], ["failures"]),
        (R.FAILED, [F.OTHER], "", ["甲"], ["note"]),
        (R.FAILED, [F.OTHER], "外出务工", ["甲"], []),
        (R.PASSED, [], "", [], ["signers"]),
    ],
)
def test_what_a_word_on_duty_must_say(result, failures, note, signers, fields):
    assert [one.field for one in duty_problems(result, failures, note, signers)] == fields


pytestmark = pytest.mark.django_db


def word(days: Span, **more: Any) -> DutyFacts:
    return replace(DutyFacts(days=days, result=R.PASSED, said_on=day(0), signers=("村干部甲",)), **more)


def test_a_second_word_on_the_same_days_stands_first_and_the_first_stays_readable(world, sign):
    patient = world.patient()
    row = sign(patient)
    with scope(world.worker):
        days = periods_of(row, day(0))[0]
        record_duty(agreement=row, facts=word(days), by=world.worker)
        failed = word(days, result=R.FAILED, failures=(F.WATCHING,))
        record_duty(agreement=row, facts=failed, by=world.worker)
        assert [one.result for one in duty_of(patient)] == ["failed", "passed"]
        with pytest.raises(Refused, match="可能刚刚保存"):
            record_duty(agreement=row, facts=failed, by=world.worker)


def test_a_word_is_said_of_a_stretch_that_has_begun_by_who_may(world, sign):
    row = sign(world.patient())
    with scope(world.worker):
        days = periods_of(row, day(0))[0]
        for wrong in (
            word(Span(day(3), day(0))),
            word(days, said_on=day(-1)),
            word(days, said_on=days.first - timedelta(1)),
        ):
            with pytest.raises(Refused):
                record_duty(agreement=row, facts=wrong, by=world.worker)
        with pytest.raises(PaperRefused):
            record_duty(agreement=row, facts=word(days, signers=()), by=world.worker)
    with scope(world.leader), pytest.raises(Denied):
        record_duty(agreement=row, facts=word(days), by=world.leader)


def test_a_word_is_never_rewritten(world, sign):
    row = sign(world.patient())
    with scope(world.worker):
        record_duty(agreement=row, facts=word(periods_of(row, day(0))[0]), by=world.worker)
        for act in (lambda: DutyRecord.objects.update(result="failed"), lambda: DutyRecord.objects.all().delete()):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                act()


def test_an_agreement_that_ended_has_no_stretch_after_its_end(world, sign):
    row = sign(world.patient())
    with scope(world.worker):
        told = end_agreement(agreement=row, on=day(40), reason=AgreementEnd.WITHDRAWN, words="放弃", by=world.worker)
        assert periods_of(told, day(0))[0].last == day(41)


def test_a_scheme_cuts_the_stretches_by_its_own_care_year(world, sign, adopt):
    adopt("tongliang")
    row = sign(world.patient(), starts_on=day(300), ends_on=day(1))
    with scope(world.worker):
        found = periods_of(row, day(0))
    inner = [one.first for one in found][:-1]
    assert len(inner) > 0
    assert {one.day for one in inner} == {1}
    assert {one.month for one in inner} <= {1, 4, 7, 10}


# schemes


def test_a_scheme_holds_from_its_day_until_its_next_row_or_its_stop(world, adopt):
    first, second = adopt(starts_on=day(100)), adopt(starts_on=day(10))
    other = adopt("beijing-2016", starts_on=day(50))
    county = world.county.pk
    assert [one.row for one in adopted_on(county, day(101))] == []
    assert {one.row for one in adopted_on(county, day(20))} == {first, other}
    assert {one.row for one in adopted_on(county, day(10))} == {second, other}
    with scope(world.county_office):
        stop_scheme(row=other, because="并入新办法", by=world.county_office)
        with pytest.raises(Refused, match="已于"):
            stop_scheme(row=other, because="再停", by=world.county_office)
    assert [one.row for one in adopted_on(county, day(0))] == [second]
    assert {one.row for one in adopted_on(county, day(1))} == {second, other}


def test_a_faulty_file_an_early_day_and_a_taken_day_are_refused_in_words(world, adopt):
    text = (FOLDER / "zoucheng-2019.toml").read_text(encoding="utf-8")
    told = {"county": world.county, "text": text, "starts_on": day(10), "basis": "文", "by": world.county_office}
    adopt(starts_on=day(10))
    with scope(world.county_office):
        for wrong, field in (
            ({"basis": ""}, "basis"),
            ({"text": text.replace('cycle = "quarter"', 'cycle = "fortnight"')}, "file"),
            ({"text": "x" * 70_000}, "file"),
            ({"starts_on": date(2018, 12, 31)}, "starts_on"),
            ({}, "starts_on"),
        ):
            with pytest.raises(Refused) as refusal:
                adopt_scheme(**told | wrong)
            assert refusal.value.field == field
        with pytest.raises(NotHere):
            adopt_scheme(**told | {"county": world.places["990002"]})
    with scope(world.worker), pytest.raises(Denied):
        adopt_scheme(**told | {"by": world.worker})


def test_what_a_county_adopted_is_never_rewritten(adopt):
    adopt()
    for act in (lambda: CountyScheme.objects.update(text=""), lambda: CountyScheme.objects.all().delete()):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            act()


# facts


def visit(world: Any, patient: Any, ago: int, **more: Any) -> None:
    with scope(world.worker):
        said = VisitFacts(**{"visited_on": day(ago), **GOOD, **more})
        record_visit(patient=patient, facts=said, by=world.worker, form_id=uuid4())


def known(world: Any, patient: Any, ago: int = 0) -> Any:
    with scope(world.worker):
        return facts_on(patient, day(ago))


def test_a_file_without_a_record_leaves_unknown_what_nobody_found_out(world):
    found = known(world, world.patient())
    assert found.level.value is None
    assert found.incident_ever.value is None
    assert found.six_kinds.value is True
    assert found.need(Need.REGISTERED).value is True
    assert found.need(Need.AGREEMENT).value is False
    for need in (Need.POOR, Need.DISABLED, Need.INSURED, Need.NO_INCIDENT, Need.LIVES_TOGETHER, Need.POLICE_LIST):
        assert found.need(need).value is None, need


def test_facts_hold_as_of_their_day(world, sign, assistants):
    patient = world.patient()
    assistants(patient, "助一", "助二")
    visit(world, patient, 50, level=1)
    visit(world, patient, 20, level=3, adherence=2, crime=1)
    sign(patient, starts_on=day(30), lives_together=True)
    assert [known(world, patient, ago).level.value for ago in (51, 50, 21, 20)] == [None, 1, 1, 3]
    assert [known(world, patient, ago).incident_ever.value for ago in (51, 50, 20)] == [None, False, True]
    assert [known(world, patient, ago).need(Need.AGREEMENT).value for ago in (31, 30)] == [False, True]
    assert [known(world, patient, ago).need(Need.IRREGULAR).value for ago in (50, 20)] == [False, True]
    now = known(world, patient)
    assert (now.level.on, now.level.source) == (day(20), "随访记录")
    assert now.need(Need.LIVES_TOGETHER).value is True
    assert now.need(Need.GUARDIAN_ABLE).value is None
    assert now.need(Need.LIKELY_INCIDENT).value is True


def test_social_facts_and_the_state_of_guardianship_are_read_from_the_register(world):
    patient = world.patient()
    with scope(world.worker):
        for kind, holds, grade in (("dibao", False, None), ("tekun", True, None), ("disability", True, 2)):
            record_social(patient=patient, kind=kind, holds=holds, grade=grade, on=day(40), source="civil_affairs",
                          by=world.worker)  # fmt: skip
        set_guardianship(patient=patient, state="weak", on=day(40), by=world.worker)
    found = known(world, patient)
    for need in (Need.POOR, Need.DISABLED, Need.SEVERELY_DISABLED, Need.WEAK_GUARDIAN):
        assert found.need(need).value is True, need
    assert known(world, patient, 41).need(Need.POOR).value is None


def test_who_left_the_register_is_not_on_it_from_that_day(world):
    patient = world.patient()
    with scope(world.worker):
        close_patient(patient=patient, value="dead", on=day(5), by=world.worker, reason="家属告知", death_cause="1")
    assert [known(world, patient, ago).need(Need.REGISTERED).value for ago in (6, 5)] == [True, False]


def test_a_sheet_is_judged_by_what_the_county_adopted(world, sign, adopt, assistants):
    adopt("zoucheng-2019")
    patient = world.patient()
    visit(world, patient, 20, level=3)
    with scope(world.worker):
        scheme = adopted_on(patient.duty_county, day(0))[0].scheme
        assert judge(facts_on(patient, day(0)), scheme, day(0)).met is Met.NO
    assistants(patient, "助一", "助二")
    sign(patient)
    with scope(world.worker):
        verdict = judge(facts_on(patient, day(0)), scheme, day(0))
    assert (verdict.met, verdict.class_key) == (Met.YES, "standard")
