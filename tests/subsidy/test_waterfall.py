"""Who pays a bill; what a batch costs whom; emergency costs; bed-days that can be true."""

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.refusals import Refused
from registry.rules.stays import BedDayRule, Stay
from subsidy.queries.presets import preset
from subsidy.rules.bed_days import BedDayClaim, implausible
from subsidy.rules.emergency_fund import BEFORE_FUND, EmergencyDebt, gap_of, report_elsewhere
from subsidy.rules.funding import fund, unused
from subsidy.rules.money import yuan
from subsidy.rules.schemes import Source
from subsidy.rules.waterfall import BEFORE, Bill, BillRefused, pay
from subsidy.terms import BillChannel, EmergencyPayer, Met, Payer

D = Decimal
TABLE = tomllib.loads((Path(__file__).parents[1] / "cases" / "subsidy" / "bills.toml").read_text(encoding="utf-8"))
OWN = {"total", "unrelated", "out_of_scope"}


def bill(line: str, words: str = "") -> Bill:
    found = {name: D(amount) for name, amount in (part.split("=") for part in line.split())}
    paid = {Payer(name): amount for name, amount in found.items() if name not in OWN}
    own = {name: amount for name, amount in found.items() if name in OWN}
    return Bill(**own, paid=paid, **dict.fromkeys(words.split(), True))


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in TABLE["case"]])
def test_paid_as_worked_out_by_hand(case):
    assert case["clause"]
    found = pay(bill(case["bill"], case["is"]))
    expected = [(name, D(amount)) for name, amount in (part.split("=") for part in case["shares"].split())]
    assert [(one.payer.value, one.amount) for one in found.shares] == expected
    assert found.personal_in_scope == D(case["left"])


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in TABLE["refused"]])
def test_a_bill_that_cannot_be_true_is_refused_at_its_field(case):
    with pytest.raises(BillRefused) as refused:
        pay(bill(case["bill"], "registered designated"))
    assert refused.value.field == case["field"]
    assert case["said"] in refused.value.problems[0].message


def test_every_fault_of_a_bill_is_named_at_once():
    with pytest.raises(BillRefused) as refused:
        pay(bill("total=-1 basic=-2 treasury=3"))
    assert [one.field for one in refused.value.problems] == ["total", "basic", "treasury"]


def test_why_the_treasury_does_not_pay_is_said():
    assert pay(bill("total=1", "registered")).because == "不在定点医院就诊，按参保地政策报销，财政不兜底。"
    assert pay(bill("total=1", "vagrant")).channel is BillChannel.CIVIL_AFFAIRS


AMOUNTS = st.integers(0, 10**7).map(yuan)
FLAGS = ("registered", "designated", "vagrant", "destitute", "veteran")


@given(AMOUNTS, AMOUNTS, st.dictionaries(st.sampled_from(BEFORE), AMOUNTS), AMOUNTS, st.sets(st.sampled_from(FLAGS)))
def test_the_shares_make_up_the_bill_and_none_is_negative(unrelated, out, paid, rest, flags):
    whole = unrelated + out + sum(paid.values(), D(0)) + rest
    found = pay(Bill(whole, unrelated, out, paid, **dict.fromkeys(flags, True)))
    assert sum((one.amount for one in found.shares), D(0)) == whole
    assert all(one.amount > 0 for one in found.shares)
    if {"registered", "designated"} <= flags:
        assert found.personal_in_scope == 0
    if found.of(Payer.TREASURY):
        assert {"registered", "designated"} <= flags
        assert found.of(Payer.TREASURY) == rest


# --- whose money a batch is ---
KANGLE = preset("kangle").versions[0].sources
BY_PARTS = (Source("province", "省级", 5), Source("city", "市级", 3), Source("county", "县级", 2))


def test_kangle_is_19_times_1800_from_two_sources():
    found = fund(19 * D("1800.00"), KANGLE, {"province": D("33269.00")})
    assert [(one.source, one.amount) for one in found] == [("province", D("33269.00")), ("county", D("931.00"))]


def test_a_fixed_source_bears_no_more_than_the_batch():
    given_sums = {"province": D("40000.00")}
    found = fund(D("34200.00"), KANGLE, given_sums)
    assert [one.amount for one in found] == [D("34200.00"), D("0.00")]
    assert unused(found, given_sums) == {"province": D("5800.00")}


def test_parts_are_shared_by_the_largest_remainder():
    assert [one.amount for one in fund(D("100.01"), BY_PARTS)] == [D("50.01"), D("30.00"), D("20.00")]


def test_a_scheme_without_sources_names_none():
    assert fund(D("100.00"), ()) == ()


@pytest.mark.parametrize(
    ("total", "sources", "sums", "field", "said"),
    [
        ("100", KANGLE, {}, "given", "请填写省级补助资金本批给定的数额"),
        ("100", KANGLE, {"province": D(-1)}, "given", "不能是负数"),
        ("100", KANGLE, {"province": D(1), "county": D(1)}, "given", "“county”不是每批给定数额的来源"),
        ("-1", KANGLE, {"province": D(1)}, "total", "不能是负数"),
        ("100", (Source("a", "甲", fixed=True),), {"a": D(99)}, "given", "比本批少 1.00 元，这一部分没有人承担"),
    ],
)
def test_a_batch_that_nobody_would_bear_is_refused(total, sources, sums, field, said):
    with pytest.raises(Refused, match=said) as refused:
        fund(D(total), sources, sums)
    assert refused.value.field == field


@given(
    st.integers(0, 10**9).map(yuan),
    st.integers(0, 10**9).map(yuan),
    st.sampled_from([KANGLE, BY_PARTS, (*KANGLE[:1], *BY_PARTS[1:])]),
)
def test_every_fen_of_a_batch_has_one_source(total, sum_given, sources):
    sums = {one.key: sum_given for one in sources if one.fixed}
    found = fund(total, sources, sums)
    assert sum(one.amount for one in found) == total
    assert all(one.amount >= 0 for one in found)
    assert all(amount <= sum_given for amount in unused(found, sums).values())


# --- 疾病应急救助: the fund comes last ---
ALL = dict.fromkeys(BEFORE_FUND, D(0))
E = EmergencyPayer


@pytest.mark.parametrize(
    ("debt", "met", "gap", "said"),
    [
        pytest.param(EmergencyDebt(D(5000), True, None, {**ALL, E.INSURANCE: D(1200)}), "yes", "3800",
                     "缺口 3,800.00 元", id="unidentified"),
        pytest.param(EmergencyDebt(D(5000), False, True, ALL), "yes", "5000", "缺口 5,000.00 元", id="unable"),
        pytest.param(EmergencyDebt(D(5000), False, False, ALL), "no", "0", "不属于", id="able"),
        pytest.param(EmergencyDebt(D(5000), False, None, ALL), "unknown", "0", "还没有核实", id="not-found-out"),
        pytest.param(EmergencyDebt(D(5000), True, None, {E.LIABLE: D(0)}), "unknown", "0",
                     "请先向工伤保险、基本医疗保险等各类保险、医疗救助基金、道路交通事故社会救助基金申请", id="others-not-asked"),
        pytest.param(EmergencyDebt(D(5000), True, None, {**ALL, E.LIABLE: D(5000)}), "no", "0", "没有缺口", id="no-gap"),
    ],
)  # fmt: skip
def test_the_fund_is_asked_only_for_the_gap(debt, met, gap, said):
    found = gap_of(debt)
    assert (found.met, found.gap) == (Met(met), D(gap))
    assert said in found.words[-1]


def test_the_channels_are_named_in_the_order_of_the_plan():
    words = gap_of(EmergencyDebt(D(5000), True, None, ALL)).words
    assert [one.split("：")[0] for one in words[1:-1]] == [
        "责任人", "工伤保险", "基本医疗保险等各类保险", "医疗救助基金", "道路交通事故社会救助基金",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("owed", "paid", "field"),
    [
        ("-1", {}, "owed"),
        ("5", {E.LIABLE: D(-1)}, "liable"),
        ("5", {E.LIABLE: D(6)}, "paid"),
        ("5", {E.FUND: D(5)}, "fund"),
    ],
)
def test_an_emergency_debt_that_cannot_be_true_is_refused(owed, paid, field):
    with pytest.raises(BillRefused) as refused:
        gap_of(EmergencyDebt(D(owed), True, None, paid))
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("reported", "today", "in_time", "said"),
    [
        ("2026-03-08", "2026-03-20", True, "在期限内"),
        ("2026-03-09", "2026-03-20", False, "超过期限 1 天"),
        (None, "2026-03-08", None, "还剩 0 天"),
        (None, "2026-03-09", False, "已过 1 天"),
    ],
)
def test_an_admission_elsewhere_is_reported_within_seven_days(reported, today, in_time, said):
    day = date.fromisoformat(reported) if reported else None
    found = report_elsewhere(date(2026, 3, 1), day, date.fromisoformat(today))
    assert (found.last_day, found.in_time) == (date(2026, 3, 8), in_time)
    assert said in found.words


def test_nobody_reports_before_the_admission():
    with pytest.raises(BillRefused, match="早于入院日期"):
        report_elsewhere(date(2026, 3, 1), date(2026, 2, 28), date(2026, 3, 1))


# --- 按床日: what can be true ---
TODAY = date(2026, 6, 30)


def claim(hospital="甲医院", first="2026-03-01", last: str | None = "2026-03-11", days=10, rate="120", amount=None):
    stay = Stay(date.fromisoformat(first), date.fromisoformat(last) if last else None)
    return BedDayClaim(hospital, stay, days, D(rate), D(amount) if amount else D(rate) * days)


def said(*claims, died_on=None, rule=None):
    return [(one.field, one.message) for one in implausible(claims, died_on=died_on, today=TODAY, rule=rule)]


def test_bed_days_that_can_be_true_are_not_asked_about():
    assert said(claim(), claim("乙医院", "2026-03-11", "2026-03-15", 4), died_on=date(2026, 3, 14)) == []
    assert said(claim(last=None, first="2026-06-30", days=1)) == []
    assert said(claim(days=11), rule=BedDayRule(counts_discharge_day=True)) == []


@pytest.mark.parametrize(
    ("claims", "died_on", "field", "words"),
    [
        pytest.param([claim(days=11)], None, "days", "报了 11 个床日，2026-03-01 起的这次住院最多 10 天", id="more-days-than-the-stay"),
        pytest.param([claim(days=-1)], None, "days", "不能是负数", id="negative"),
        pytest.param([claim(amount="1200.01")], None, "amount", "10 天 × 120.00 元 是 1,200.00 元，报的是 1,200.01 元", id="amount"),
        pytest.param([claim(), claim("乙医院", "2026-03-10", "2026-03-15", 5)], None, "stay",
                     "2026-03-10 同时在甲医院和乙医院住院，共 1 天", id="two-hospitals"),
        pytest.param([claim()], date(2026, 3, 9), "stay", "患者 2026-03-09 死亡，之后仍有床日", id="after-death"),
        pytest.param([claim()], date(2026, 2, 1), "stay", "患者 2026-02-01 死亡", id="admitted-after-death"),
        pytest.param([claim(last="2026-02-28")], None, "stay", "出院日期早于入院日期", id="left-before-it-came"),
    ],
)  # fmt: skip
def test_bed_days_that_cannot_be_true_are_asked_about(claims, died_on, field, words):
    found = said(*claims, died_on=died_on)
    assert [one[0] for one in found] == [field]
    assert words in found[0][1]
