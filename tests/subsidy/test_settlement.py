"""Money of one family for one period: the hand-worked table, changed schemes, and what holds whatever happened."""

import tomllib
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.rules.stays import Stay
from subsidy.queries.presets import preset
from subsidy.rules.life import Agreement, ClassFrom, DutyWord, Incident, Life, Payee, Stop
from subsidy.rules.offsets import difference
from subsidy.rules.schemes import DutyRule, IncidentRule, PayClass, StopRule, Version
from subsidy.rules.settlement import at_once, settle
from subsidy.rules.spans import Span, add_months
from subsidy.terms import (
    Assessor,
    DutyResult,
    FailedDuty,
    IncidentEffect,
    PartMonth,
    Per,
    Role,
    StopFrom,
    StopReason,
)
from tests.subsidy.lives import ALWAYS, GUARDIAN, life, lines_of, nothing_of, plain, scheme, scheme_of, span

D = Decimal
TABLE = Path(__file__).parents[1] / "cases" / "subsidy" / "settlements.toml"
CASES = [pytest.param(case, id=case["id"]) for case in tomllib.loads(TABLE.read_text(encoding="utf-8"))["case"]]
ALWAYS_GUARDED = Life(agreements=(Agreement(ALWAYS, None, (GUARDIAN,)),), classes=(ClassFrom(ALWAYS, "standard"),))
YEAR = Span(date(2025, 1, 1), date(2025, 12, 31))


@pytest.mark.parametrize("case", CASES)
def test_settled_to_the_fen_as_worked_out_by_hand(case):
    assert case["clause"]
    rules = scheme_of(case)
    found = settle(span(case["period"]), rules, life(case, rules.versions[0].classes[0].key))
    assert lines_of(found) == case["lines"]
    assert nothing_of(found) == case.get("nothing", [])
    assert [f"{one.hold.value} {one.on}" for one in found.waits] == case.get("waits", [])
    assert found.total == D(case["total"])


def test_a_line_says_in_words_how_it_was_reckoned():
    found = settle(YEAR, preset("beijing-2016"), life({"agreements": ["2025-03-15.. g1"]}, "standard"))
    assert found.lines[0].words == (
        "2025-03-15 至 2025-12-31，看护管理补贴每月 200.00 元，9 个月另 17 天（2025-03 按 17/31 个月折算），计 1,909.68 元。"
    )
    assert found.nothing[0].words == "没有生效的监护协议"


def test_the_assistants_line_says_its_share():
    found = settle(YEAR, preset("shixing"), life({"agreements": ["2025-01-01.. g1 a1"]}, "standard"))
    assert [line.words.partition("12 个月，")[2] for line in found.lines] == [
        "监护人占 2/3，计 1,600.00 元。", "协助监护人占 1/3，计 800.00 元。",
    ]  # fmt: skip


def test_a_scheme_changed_mid_period_pays_each_stretch_by_its_own_version():
    found = settle(YEAR, scheme(plain("200"), plain("250", date(2025, 7, 16))), ALWAYS_GUARDED)
    assert lines_of(found) == [
        "g1 2025-01-01..2025-07-15 6m15d 1296.77", "g1 2025-07-16..2025-12-31 5m16d 1379.03",
    ]  # fmt: skip
    assert found.total == D("2675.80")


def test_an_amount_of_nothing_is_explained_but_never_paid():
    found = settle(YEAR, scheme(plain("0")), ALWAYS_GUARDED)
    assert (lines_of(found), found.payable) == (["g1 2025-01-01..2025-12-31 12m0d 0.00"], {})


def test_what_waits_is_reckoned_but_not_payable():
    waiting = Life(
        agreements=ALWAYS_GUARDED.agreements, classes=ALWAYS_GUARDED.classes, incidents=(Incident(date(2025, 5, 1)),)
    )
    found = settle(YEAR, scheme(plain("200")), waiting)
    assert (found.total, found.payable) == (D("2400.00"), {})
    assert settle(YEAR, scheme(plain("200")), ALWAYS_GUARDED).payable == {"g1": D("2400.00")}


def test_settled_at_once_runs_from_the_periods_first_day():
    assert at_once(preset("beijing-2016"), date(2025, 5, 20)) == Span(date(2025, 1, 1), date(2025, 5, 20))
    assert at_once(preset("tongliang"), date(2026, 5, 20)) == Span(date(2025, 7, 1), date(2026, 5, 20))


# --- what holds whatever happened ---
def days(first: date = date(2023, 6, 1), last: date = date(2026, 6, 30)) -> st.SearchStrategy[date]:
    return st.dates(first, last)


def ending(strategy, build):
    """Something with a first and an open or closed end."""
    return st.builds(
        lambda first, length, rest: build(first, None if length is None else first + timedelta(days=length), rest),
        days(), st.none() | st.integers(0, 400), strategy,
    )  # fmt: skip


PAYEES = st.lists(
    st.sampled_from([Payee("g1"), Payee("g2"), Payee("a1", Role.ASSISTANT), Payee("a2", Role.ASSISTANT)]),
    min_size=1, max_size=3, unique=True,
)  # fmt: skip
LIVES = st.builds(
    Life,
    agreements=st.lists(ending(PAYEES, lambda a, b, who: Agreement(a, b, tuple(who))), max_size=4).map(tuple),
    classes=st.lists(st.builds(ClassFrom, days(), st.sampled_from(["high", "low", ""]), st.booleans()), max_size=4).map(
        tuple
    ),
    stops=st.lists(ending(st.sampled_from(list(StopReason)), lambda a, b, why: Stop(why, a, b)), max_size=2).map(tuple),
    stays=st.lists(ending(st.none(), lambda a, b, _: Stay(a, b)), max_size=2).map(tuple),
    duty=st.lists(
        ending(st.sampled_from(list(DutyResult)), lambda a, b, said: DutyWord(Span(a, b or a), said)), max_size=3
    ).map(tuple),
    incidents=st.lists(st.builds(Incident, days(), st.none() | st.booleans(), st.booleans()), max_size=2).map(tuple),
    at_once=st.lists(days(), max_size=1).map(tuple),
)
VERSIONS = st.builds(
    Version,
    st.just(ALWAYS),
    st.just("试验"),
    st.tuples(
        st.builds(PayClass, st.just("high"), st.just("高"), st.sampled_from([D("400.00"), D("333.33")]), st.just(Per.MONTH)),
        st.builds(PayClass, st.just("low"), st.just("低"), st.sampled_from([D("1000.00"), D("0.00")]), st.just(Per.YEAR)),
    ),
    year_starts=st.sampled_from([(1, 1), (7, 1), (10, 15)]),
    part_month=st.sampled_from(list(PartMonth)),
    class_from=st.sampled_from([StopFrom.THAT_DAY, StopFrom.NEXT_MONTH]),
    duty=st.builds(DutyRule, st.sampled_from(list(Assessor)), st.sampled_from([3, 6]), st.sampled_from(list(FailedDuty))),
    incident=st.builds(IncidentRule, st.booleans(), st.sampled_from(list(IncidentEffect)), st.sampled_from([0, 12])),
    stop=st.builds(StopRule, long_stay_days=st.sampled_from([None, 30]), whole_stay=st.booleans()),
    shares=st.sampled_from([{Role.GUARDIAN: 1, Role.ASSISTANT: 0}, {Role.GUARDIAN: 2, Role.ASSISTANT: 1}]),
)  # fmt: skip
PERIODS = st.builds(lambda first, length: Span(first, first + timedelta(days=length)), days(), st.integers(0, 500))


@given(PERIODS, VERSIONS, LIVES)
@settings(max_examples=120)
def test_every_day_stands_in_one_line_or_in_one_stretch_without_money(period, version, lived):
    found = settle(period, scheme(version), lived)
    spans = {Span(line.days_from, line.days_to) for line in found.lines} | {one.days for one in found.nothing}
    assert sum(one.days for one in spans) == period.days
    ordered = sorted(spans)
    assert ordered[0].first == period.first
    assert ordered[-1].last == period.last


@given(st.integers(0, 35), st.integers(1, 12), VERSIONS, LIVES)
@settings(max_examples=120)
def test_nobody_gets_more_than_an_undisturbed_life_in_the_highest_class(start, months, version, lived):
    first = add_months(date(2023, *version.year_starts), start)
    period = Span(first, add_months(first, months) - timedelta(days=1))
    best = Life(ALWAYS_GUARDED.agreements, (ClassFrom(ALWAYS, "high"),))
    found = settle(period, scheme(version), lived)
    assert found.total <= settle(period, scheme(version), best).total
    assert all(line.amount >= 0 for line in found.lines)


@given(st.integers(1, 11), VERSIONS, LIVES)
@settings(max_examples=120)
def test_a_year_is_the_sum_of_its_parts(months, version, lived):
    """Periods meet at the end of a month of the care year, and a stay that is still running looks the same in each part."""
    rested = version.stop.long_stay_days is not None
    lived = lived if not rested else Life(lived.agreements, lived.classes, lived.stops, (), lived.duty, lived.incidents)
    first = date(2024, *version.year_starts)
    middle, last = add_months(first, months), add_months(first, 12) - timedelta(days=1)
    whole = settle(Span(first, last), scheme(version), lived)
    parts = [settle(Span(first, middle - timedelta(days=1)), scheme(version), lived),
             settle(Span(middle, last), scheme(version), lived)]  # fmt: skip
    assert sum(one.total for one in parts) == whole.total


@given(st.lists(st.integers(2, 365), max_size=5, unique=True), st.sampled_from(["200", "333.33"]), st.sampled_from(Per))
def test_however_often_the_guardian_changes_a_year_of_duty_is_the_years_amount(turns, amount, per):
    starts = [YEAR.first, *sorted(YEAR.first + timedelta(days=n - 1) for n in turns)]
    agreements = tuple(Agreement(on, None, (Payee(f"g{n}"),)) for n, on in enumerate(starts))
    found = settle(YEAR, scheme(plain(amount, per=per)), Life(agreements, ALWAYS_GUARDED.classes))
    assert found.total == plain(amount, per=per).classes[0].of_year
    assert found.nothing == ()


@pytest.mark.nightly
@given(st.integers(0, 35), VERSIONS, LIVES, LIVES)
@settings(max_examples=10_000)
def test_ten_thousand_lives_settled_month_by_month_and_revised_end_at_what_is_due(start, version, lived, revised):
    """Paid month by month from one set of facts, revised by another: what was paid and what was put right is what is due."""
    rules = scheme(version)
    first = add_months(date(2023, *version.year_starts), start)
    months = [Span(add_months(first, n), add_months(first, n + 1) - timedelta(days=1)) for n in range(6)]
    paid = [settle(month, rules, lived) for month in months]
    due = [settle(month, rules, revised) for month in months]
    offsets = [one for before, now in zip(paid, due, strict=True) for one in difference(before, now)]
    assert sum(one.total for one in paid) + sum((one.amount for one in offsets), D(0)) == sum(one.total for one in due)
    best = Life(ALWAYS_GUARDED.agreements, (ClassFrom(ALWAYS, "high"),))
    for month, now in zip(months, due, strict=True):
        assert 0 <= now.total <= settle(month, rules, best).total
