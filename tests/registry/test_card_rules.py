"""表1-3 and 表1-4: what must be said, which answers exclude each other, in which order dates lie; and their clocks."""

from datetime import date, timedelta

import pytest

from accounts.rules.calendar import WorkCalendar
from accounts.rules.machine import faults
from registry.rules.cards import CARDS, REQUIRED, check_card, check_draft
from registry.rules.clocks import clock
from registry.rules.discharges import DISCHARGES, check_discharge
from registry.rules.discharges import REQUIRED as DISCHARGE_REQUIRED

TODAY = date(2026, 11, 24)
DRUG = {"name": "奥氮平", "night": "5", "row": 1}
LONG = {"name": "帕利哌酮", "long": True, "every": "4", "dose": "100", "row": 1}
CARD = {
    "source": "2", "inpatient_no": "1", "report_type": "2", "name": "甲", "id_kind": "01", "id_number": "x", "sex": "1",
    "birth_on": date(1980, 5, 6), "ethnicity": "汉族", "household_kind": "2", "contact": "乙", "contact_phone": "1",
    "contact_relation": "2", "residence_code": "1", "residence_address": "村", "household_address_kind": "1",
    "education": "70", "marital": "10", "employment": "3", "family_history": "2", "onset_on": date(2015, 6, 1),
    "onset_precision": "3", "treated": "1", "treated_on": date(2015, 6, 1), "past_admissions": 0, "past_locked": "1",
    "past_acts": ["7"], "past_danger": "0", "senders": ["2"], "diagnosing_hospital": "院",
    "diagnosed_on": date(2026, 11, 20), "diagnosis": "01", "icd10": "F20", "consent": "1",
    "consent_on": date(2026, 11, 20), "no_drug": "0", "drugs": [DRUG], "doctor": "丙", "filled_on": TODAY,
    "department": "科", "department_phone": "1",
}  # fmt: skip
NOTICE = {
    "record_no": "1", "name": "甲", "id_kind": "01", "id_number": "x", "sex": "1", "birth_on": date(1980, 5, 6),
    "residence_code": "1", "admitted_on": date(2026, 10, 1), "discharged_on": date(2026, 11, 20), "past_admissions": 0,
    "diagnosis": "01", "icd10": "F20", "diagnosed_on": date(2018, 1, 1), "past_acts": ["7"], "past_danger": "0",
    "effect": "2", "rehab": ["1"], "no_drug": "0", "drugs": [DRUG], "no_advice": "1", "doctor": "丙",
    "doctor_phone": "1", "filled_on": TODAY,
}  # fmt: skip


def wrong(check, facts, more):
    return sorted({problem.field for problem in check({**facts, **more}, today=TODAY)})


def test_a_whole_card_and_a_whole_notice_can_be_sent():
    assert (check_card(CARD, today=TODAY), check_discharge(NOTICE, today=TODAY)) == ([], [])


@pytest.mark.parametrize("name", REQUIRED)
def test_every_required_answer_of_the_card_is_asked_for(name):
    assert name in wrong(check_card, CARD, {name: None})


@pytest.mark.parametrize("name", DISCHARGE_REQUIRED)
def test_every_required_answer_of_the_notice_is_asked_for(name):
    assert name in wrong(check_discharge, NOTICE, {name: None})


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        pytest.param({"source": "1"}, ["outpatient_no"], id="clinic-without-its-number"),
        pytest.param({"source": "1", "outpatient_no": "9", "inpatient_no": None}, [], id="clinic-with-its-number"),
        pytest.param({"id_number": None}, ["id_number"], id="identity-card-without-number"),
        pytest.param({"id_kind": "00", "id_number": None}, [], id="no-papers-at-all"),
        pytest.param({"id_kind": "03"}, ["nationality"], id="passport-asks-for-the-nationality"),
        pytest.param({"household_kind": "9"}, ["household_reason"], id="unknown-household-has-a-reason"),
        pytest.param({"senders": ["2", "6"]}, ["sender_other"], id="other-sender-is-named"),
        pytest.param({"treated_on": None}, ["treated_on"], id="treated-but-when"),
        pytest.param({"treated": "0"}, ["treated_on"], id="not-treated-but-a-date"),
        pytest.param({"treated": "0", "treated_on": None}, [], id="not-treated"),
        pytest.param({"past_acts": ["1", "7"], "past_danger": "3"}, ["past_acts"], id="none-and-one"),
        pytest.param({"past_acts": ["5"]}, ["past_danger"], id="a-past-act-is-never-level-0"),
        pytest.param({"past_acts": ["5"], "past_danger": "4"}, [], id="a-past-act-with-its-level"),
        pytest.param({"no_drug": "1"}, ["no_drug"], id="no-drug-but-a-drug"),
        pytest.param({"no_drug": "1", "drugs": []}, [], id="no-drug"),
        pytest.param({"drugs": []}, ["drug1_name"], id="drugs-needed-but-none"),
        pytest.param({"drugs": [LONG]}, [], id="long-acting"),
        pytest.param({"drugs": [{**LONG, "dose": None}]}, ["drug1_name"], id="long-acting-without-dose"),
        pytest.param({"drugs": [{"name": "奥氮平", "row": 2}]}, ["drug2_name"], id="a-drug-without-dose"),
        pytest.param({"drugs": [{"night": "5", "row": 1}]}, ["drug1_name"], id="a-dose-without-drug"),
        pytest.param({"diagnosis": "07"}, ["diagnosis"], id="type-2-is-one-of-six"),
        pytest.param({"diagnosis": "07", "report_type": "1"}, [], id="type-1-is-any"),
        pytest.param({"report_type": "1", "consent": None, "consent_on": None}, [], id="type-1-needs-no-consent"),
        pytest.param({"report_type": "1", "consent": "0"}, ["consent"], id="type-1-cannot-refuse"),
        pytest.param({"consent": None, "consent_on": None}, ["consent"], id="type-2-asks-for-consent"),
    ],
)
def test_answers_that_depend_on_or_exclude_each_other(more, fields):
    assert wrong(check_card, CARD, more) == fields


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        pytest.param({"onset_on": date(1980, 5, 6)}, [], id="ill-on-the-day-of-birth"),
        pytest.param({"onset_on": date(1980, 5, 5)}, ["onset_on"], id="ill-a-day-before-birth"),
        pytest.param({"onset_on": date(1980, 1, 1), "onset_precision": "1"}, [], id="ill-in-the-year-of-birth"),
        pytest.param(
            {"onset_on": date(1980, 4, 1), "onset_precision": "2"}, ["onset_on"], id="ill-the-month-before-birth"
        ),
        pytest.param({"treated_on": date(2015, 5, 31)}, ["treated_on"], id="treated-a-day-before-onset"),
        pytest.param({"paper_on": date(2000, 1, 1)}, ["paper_on"], id="paper-came-before-it-was-written"),
        pytest.param({"paper_on": date(2999, 1, 1)}, ["paper_on"], id="paper-comes-tomorrow"),
        pytest.param({"treated_on": date(2015, 1, 1), "treated_precision": "1"}, [], id="treated-in-the-year-of-onset"),
        pytest.param({"diagnosed_on": TODAY}, [], id="diagnosed-on-the-day-of-filling"),
        pytest.param(
            {"diagnosed_on": TODAY + timedelta(days=1)}, ["diagnosed_on", "filled_on"], id="diagnosed-tomorrow"
        ),
        pytest.param({"filled_on": date(2026, 11, 19)}, ["filled_on"], id="filled-before-the-diagnosis"),
        pytest.param({"consent_on": date(2015, 5, 31)}, ["consent_on"], id="consented-before-onset"),
        pytest.param({"consent_on": TODAY + timedelta(days=1)}, ["consent_on"], id="consents-tomorrow"),
    ],
)
def test_the_order_of_dates_on_the_card(more, fields):
    assert wrong(check_card, CARD, more) == fields


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        pytest.param({"admitted_on": date(2026, 11, 20)}, [], id="admitted-and-discharged-in-a-day"),
        pytest.param({"admitted_on": date(2026, 11, 21)}, ["discharged_on"], id="discharged-before-admission"),
        pytest.param({"discharged_on": TODAY + timedelta(days=1)}, ["discharged_on", "filled_on"], id="tomorrow"),
        pytest.param({"diagnosed_on": date(2026, 11, 21)}, ["discharged_on"], id="diagnosed-after-discharge"),
        pytest.param({"no_drug": "1"}, ["no_drug"], id="no-drug-but-a-drug"),
        pytest.param({"no_advice": "0"}, ["advice1_name"], id="advice-needed-but-none"),
        pytest.param({"rehab": ["5"]}, ["rehab_other"], id="other-rehab-is-named"),
        pytest.param({"id_kind": "00", "id_number": None}, [], id="no-papers"),
    ],
)
def test_the_notice(more, fields):
    assert wrong(check_discharge, NOTICE, more) == fields


def test_a_draft_needs_a_name_and_the_day_of_the_diagnosis():
    assert [problem.field for problem in check_draft({})] == ["name", "diagnosed_on"]
    assert check_draft({"name": "甲", "diagnosed_on": TODAY}) == []


def test_machines_have_no_dead_ends():
    assert (faults(CARDS), faults(DISCHARGES)) == (set(), set())


# ── clocks: 2026-11-20 is a Friday ──
PLAIN = WorkCalendar(announced_years=frozenset({2026}))


@pytest.mark.parametrize(
    ("today", "words", "late"),
    [
        (date(2026, 11, 20), "还剩 10 个工作日，12 月 4 日前", False),
        (date(2026, 12, 3), "还剩 1 个工作日，12 月 4 日前", False),
        (date(2026, 12, 4), "今天到期（12 月 4 日）", False),
        (date(2026, 12, 5), "已超期 1 个工作日，应在 12 月 4 日前办理", True),
        (date(2026, 12, 7), "已超期 1 个工作日，应在 12 月 4 日前办理", True),
        (date(2026, 12, 8), "已超期 2 个工作日，应在 12 月 4 日前办理", True),
    ],
)
def test_a_limit_is_visible_before_it_is_late(today, words, late):
    found = clock(date(2026, 11, 20), 10, PLAIN, today=today)
    assert (found.words, found.is_late, found.warning) == (words, late, "")


def test_a_county_holiday_moves_the_limit():
    closed = WorkCalendar(announced_years=frozenset({2026}), overrides={date(2026, 11, 24): False})
    assert clock(date(2026, 11, 20), 10, closed, today=date(2026, 11, 20)).due_on == date(2026, 12, 7)


@pytest.mark.parametrize(
    ("done", "words"),
    [(date(2026, 12, 4), "12 月 4 日办理，在期限内（期限 12 月 4 日）"),
     (date(2026, 12, 7), "12 月 7 日办理，超期 1 个工作日（期限 12 月 4 日）")],
)  # fmt: skip
def test_what_was_done_says_whether_in_time(done, words):
    assert clock(date(2026, 11, 20), 10, PLAIN, today=date(2027, 3, 1), done_on=done).words == words


def test_a_span_into_a_year_not_announced_warns_and_falls_back():
    found = clock(date(2026, 12, 25), 10, PLAIN, today=date(2026, 12, 25))
    assert found.due_on == date(2027, 1, 11)  # 1 January counts as a holiday, weekends as days off
    assert "2027 年的放假安排还没有公布" in found.warning


def test_the_warning_goes_when_the_county_has_settled_every_day_itself():
    days = {date(2027, 1, n): n not in (1, 2, 3) for n in range(1, 12)}
    settled = WorkCalendar(announced_years=frozenset({2026}), overrides=days)
    assert clock(date(2026, 12, 25), 10, settled, today=date(2026, 12, 25)).warning == ""
