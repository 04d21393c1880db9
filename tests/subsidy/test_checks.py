"""Checks before paying: a sound row passes, every audit finding is seen, said and has a remedy."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from registry.rules.id_number import check_digit
from subsidy.queries.presets import preset
from subsidy.rules.checks import ROW_CHECKS, BatchRow, Paying, blocked, check
from subsidy.rules.neutral import illness_words
from subsidy.rules.spans import Span
from subsidy.terms import Met, Severity, StopReason
from tests.subsidy.lives import plain, scheme

D = Decimal
ID = "99999919700101001" + check_digit("99999919700101001")
OTHER = "99999919800202002" + check_digit("99999919800202002")
YEAR = Span(date(2025, 1, 1), date(2025, 12, 31))
BEIJING = Paying(preset("beijing-2016"), YEAR, date(2026, 1, 20))
WEICHENG = Paying(preset("weicheng"), YEAR, date(2026, 1, 20))
SOUND = BatchRow(
    "r1", "p1", "g1", "冉启芳", ID, "6222000000000001", "冉启芳", D("2400.00"), D("2400.00"), paid_to=date(2025, 12, 31)
)


def found(*rows: BatchRow, paying: Paying = BEIJING) -> list[tuple[str, str]]:
    return [(one.check, one.row) for one in check(rows, paying)]


def test_a_sound_row_passes():
    assert found(SOUND) == []
    assert found(replace(SOUND, police_list=True), paying=WEICHENG) == []


@pytest.mark.parametrize(
    ("change", "name", "severity"),
    [
        ({"patient_died_on": date(2025, 12, 31)}, "patient_dead", "blocking"),
        ({"patient_died_on": date(2025, 12, 31), "paid_to": None}, "patient_dead", "blocking"),
        ({"payee_died_on": date(2025, 12, 31)}, "payee_dead", "blocking"),
        ({"is_payee_now": False}, "payee_replaced", "warning"),
        ({"account_name": "冉启方"}, "account_name", "blocking"),
        ({"account": ""}, "account_missing", "blocking"),
        ({"account": "6222-0000"}, "account_missing", "blocking"),
        ({"account": "６２２２００００００００"}, "account_missing", "blocking"),
        ({"id_number": ID[:-2] + "00"}, "id_digit", "blocking"),
        ({"amount": D("2400.01")}, "amount_off", "blocking"),
        ({"amount": D("0.00"), "settled": D("0.00")}, "amount_nothing", "blocking"),
        ({"amount": D("-5.00"), "settled": D("-5.00")}, "amount_nothing", "blocking"),
        ({"met": Met.NO}, "not_eligible", "blocking"),
        ({"met": Met.UNKNOWN}, "not_eligible", "blocking"),
        ({"rests_whole_period": StopReason.LOST}, "rests", "warning"),
        ({"undecided_incident_on": date(2025, 6, 1)}, "undecided_incident", "blocking"),
        ({"paid_before": "2026-01"}, "paid_before", "blocking"),
        ({"account_changed_on": date(2026, 1, 20)}, "account_changed", "blocking"),
        ({"account_changed_on": date(2026, 1, 19)}, "account_changed", "blocking"),
    ],
)
def test_what_auditors_have_found_is_found_before_paying(change: dict[str, Any], name, severity):
    findings = check([replace(SOUND, **change)], BEIJING)
    assert [(one.check, one.severity.value) for one in findings] == [(name, severity)]
    assert blocked(findings) == (frozenset({"r1"}) if severity == "blocking" else frozenset())


def test_a_death_after_the_days_that_are_paid_stops_nothing():
    assert found(replace(SOUND, patient_died_on=date(2026, 1, 1))) == []


def test_an_account_rests_for_a_day():
    assert found(replace(SOUND, account_changed_on=date(2026, 1, 18))) == []


@pytest.mark.parametrize(("listed", "said"), [(None, "没有和公安名册核对"), (False, "公安名册上没有这个人")])
def test_the_police_list_is_asked_only_where_the_scheme_asks_it(listed, said):
    row = replace(SOUND, police_list=listed)
    assert found(row) == []
    findings = check([row], WEICHENG)
    assert [one.check for one in findings] == ["not_on_police_list"]
    assert said in findings[0].seen


def test_a_standard_that_changed_mid_period_is_shown():
    changed = Paying(scheme(plain("200"), plain("250", date(2025, 7, 1))), YEAR, BEIJING.today)
    findings = check([SOUND], changed)
    assert [(one.check, one.severity) for one in findings] == [("standard_changed", Severity.WARNING)]
    assert "2025-07-01 起" in findings[0].seen


@pytest.mark.parametrize("own", [ID, "6222000000000001"])
def test_staff_who_pay_themselves_are_flagged(own):
    assert found(SOUND, paying=replace(BEIJING, staff=frozenset({own}))) == [("staff_paid", "r1")]


def second(**change: Any) -> BatchRow:
    two = replace(
        SOUND, key="r2", patient="p2", payee="g2", payee_name="冉启明", account_name="冉启明", id_number=OTHER,
        account="6222000000000002",
    )  # fmt: skip
    return replace(two, **change)


def test_two_sound_rows_pass():
    assert found(SOUND, second()) == []


def test_the_same_patient_twice_keeps_one_row():
    assert found(SOUND, replace(SOUND, key="r2")) == [("patient_twice", "r2")]


def test_a_guardian_and_an_assistant_of_one_patient_are_no_repetition():
    assert found(SOUND, second(patient="p1")) == []


def test_one_account_under_two_names_blocks_both():
    assert found(SOUND, second(account=SOUND.account)) == [("account_of_two", "r1"), ("account_of_two", "r2")]


def test_one_id_number_for_two_payees_blocks_both():
    assert found(SOUND, second(id_number=ID)) == [("id_of_two", "r1"), ("id_of_two", "r2")]


def test_a_payee_of_too_many_is_asked_about():
    rows = [replace(SOUND, key=f"r{n}", patient=f"p{n}") for n in range(3)]
    assert found(*rows[:2]) == []
    assert found(*rows) == [("payee_of_many", f"r{n}") for n in range(3)]


def test_every_check_says_what_to_do_and_no_sentence_names_an_illness():
    everything = replace(
        SOUND, patient_died_on=date(2025, 1, 1), payee_died_on=date(2025, 1, 1), is_payee_now=False, account_name="x",
        account="x", id_number="x", amount=D(-1), met=Met.NO, rests_whole_period=StopReason.CUSTODY, police_list=False,
        undecided_incident_on=date(2025, 1, 1), paid_before="1", account_changed_on=BEIJING.today,
    )  # fmt: skip
    findings = check([everything], replace(WEICHENG, staff=frozenset({"x"})))
    assert {one.check for one in findings} == {one.__name__ for one in ROW_CHECKS} - {"standard_changed"}
    assert all(one.seen.endswith("。") and one.remedy.endswith("。") for one in findings)
    assert [illness_words(one.seen + one.remedy) for one in findings] == [()] * len(findings)
