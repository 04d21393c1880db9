"""Schemes as data: the shipped ones can be read, a faulty one is refused with file, key and meaning."""

from datetime import date
from decimal import Decimal

import pytest

from subsidy.queries.presets import FOLDER, preset, preset_ids
from subsidy.rules.scheme_reading import SchemeRefused, read_scheme
from subsidy.rules.schemes import PayClass, Scheme, Version
from subsidy.rules.spans import Span, care_month, care_year, part_of
from subsidy.terms import Cycle, IncidentEffect, Join, Need, Per, Role, SchemeKind, StopFrom, StopReason

D = Decimal
ZHEJIANG = (FOLDER / "zhejiang-2021.toml").read_text(encoding="utf-8")
KANGLE = (FOLDER / "kangle.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("scheme_id", preset_ids())
def test_every_shipped_scheme_can_be_read(scheme_id):
    found = preset(scheme_id)
    assert found.id == scheme_id
    assert found.versions[0].basis


def test_every_kind_of_help_has_a_scheme_to_start_from():
    assert {preset(one).kind for one in preset_ids()} == set(SchemeKind)


@pytest.mark.parametrize(
    ("scheme_id", "cycle", "rates"),
    [
        ("beijing-2016", Cycle.YEAR, {"standard": ("200", Per.MONTH)}),
        ("zhejiang-2021", Cycle.YEAR, {"II": ("400", Per.MONTH), "I": ("150", Per.MONTH)}),
        ("zhejiang-2021-care", Cycle.YEAR, {"care": ("200", Per.MONTH)}),
        ("tongliang", Cycle.OWN_TERM, {"standard": ("2500", Per.YEAR)}),
        ("feixi", Cycle.HALF_YEAR, {"standard": ("2400", Per.YEAR)}),
        ("shiquan", Cycle.HALF_YEAR, {"standard": ("200", Per.MONTH)}),
        ("kangle", Cycle.YEAR, {"standard": ("150", Per.MONTH)}),
        ("zoucheng-2019", Cycle.QUARTER, {"standard": ("2400", Per.YEAR)}),
    ],
)
def test_amounts_and_cycles_are_those_of_the_place(scheme_id, cycle, rates):
    version = preset(scheme_id).versions[0]
    assert version.cycle is cycle
    assert {one.key: (str(one.amount.to_integral()), one.per) for one in version.classes} == rates


def test_rules_that_only_one_place_has():
    beijing, kangle, shixing = (preset(one).versions[0] for one in ("beijing-2016", "kangle", "shixing"))
    assert (beijing.incident.effect, beijing.incident.bar_months) == (IncidentEffect.YEAR_IF_FAILED, 12)
    assert {Need.OWN_OR_SPOUSE_HOUSEHOLD, Need.LIVES_TOGETHER} <= set(beijing.needs)
    assert (kangle.publishes_names, kangle.publicity_days) == (False, 5)
    assert [(one.key, one.fixed) for one in kangle.sources] == [("province", True), ("county", False)]
    assert shixing.shares == {Role.GUARDIAN: 2, Role.ASSISTANT: 1}
    assert preset("hebei-2016").versions[0].classes[0].join is Join.AND
    assert preset("zoucheng-2019").versions[0].assistants_least == 2
    assert preset("hengyang-nursing").versions[0].stop.start_of(StopReason.DIED) is StopFrom.NEXT_MONTH


def test_twelve_months_of_a_yearly_amount_are_the_year():
    year = PayClass("x", "x", D("2500.00"), Per.YEAR)
    assert {year.of_month(n) for n in range(12)} == {D("208.33"), D("208.34")}
    assert sum(year.of_month(n) for n in range(12)) == D("2500.00")


def test_a_care_year_of_its_own_runs_over_the_new_year():
    assert care_year(date(2024, 2, 29), (7, 1)) == Span(date(2023, 7, 1), date(2024, 6, 30))
    assert care_month(date(2024, 2, 29), (7, 1)) == (7, Span(date(2024, 2, 1), date(2024, 2, 29)))
    assert care_month(date(2026, 3, 14), (7, 15)) == (7, Span(date(2026, 2, 15), date(2026, 3, 14)))
    assert part_of(date(2026, 1, 5), (4, 1), 6) == Span(date(2025, 10, 1), date(2026, 3, 31))


def test_the_version_of_a_day_and_the_stretches_of_a_period():
    old, new = (Version(date(year, 7, 1), "x", ()) for year in (2025, 2026))
    scheme = Scheme("x", SchemeKind.GUARDIAN_AWARD, "x", "x", "x", (old, new))
    assert [scheme.version_on(date(*day)) for day in ((2025, 6, 30), (2025, 7, 1), (2026, 6, 30), (2026, 7, 1))] == [
        None, old, old, new,
    ]  # fmt: skip
    assert scheme.stretches(Span(date(2025, 6, 1), date(2026, 12, 31))) == (
        (Span(date(2025, 6, 1), date(2025, 6, 30)), None),
        (Span(date(2025, 7, 1), date(2026, 6, 30)), old),
        (Span(date(2026, 7, 1), date(2026, 12, 31)), new),
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('title = "', 'titel = "', "zhejiang-2021.toml：title（名称）：没有写。请写一段文字。"),
        ('title = "', 'titel = "', "zhejiang-2021.toml：titel：不认识这一项。请检查有没有写错字。"),
        ('kind = "guardian_award"', 'kind = "award"', "kind（补助种类）：写的是“award”，只能是下列之一：guardian_award（监护以奖代补）"),
        ("amount = 400", "amount = -400", "version[1].class[1].amount（标准）：写的是 -400，应当在 0—9999999.99 元之间。"),
        ("amount = 400", "amount = 400.005", "version[1].class[1].amount（标准）：金额 400.005 元有不足一分的零头。"),
        ("amount = 400", 'amount = "400"', "version[1].class[1].amount（标准）：写的是 '400'，应当是一个数"),
        ("levels = [3, 5]", "levels = [5, 3]", "version[1].class[1].levels（危险性级别）：写的是 [5, 3]，应当是 0—5 之间的两个数"),
        ('key = "I"\n', 'key = "II"\n', "version[1].class 的 key（类别代码）有重复。"),
        ('cycle = "year"', 'cycle = "weekly"', "version[1].cycle（结算周期）：写的是“weekly”，只能是下列之一：month（按月）"),
        ('needs = ["registered"', 'needs = ["rich"', "version[1].needs（都要符合的条件）：写的是“rich”，系统没有这个条件。"),
        ('class_from = "that_day"', 'class_from = "not"', "version[1].class_from（类别变化从哪天起算）：不能写 not。"),
        ('cycle = "year"', 'cycle = "year"\nyear_starts = "02-29"', "year_starts（监护年度从哪天开始）：写的是“02-29”"),
        ('cycle = "year"', 'cycle = "year"\nfloor_per_year = 2400',
         "version[1].class（一类）：每年 1800.00 元，低于 floor_per_year（每人每年不低于）2400.00 元。"),
        ("starts_on = 2021-02-12", "starts_on = 2021-02-12T08:00:00", "version[1].starts_on（施行日期）：写了钟点。"),
        ("starts_on = 2021-02-12", 'starts_on = "2021"', "version[1].starts_on（施行日期）：写的是 '2021'，应当是日期"),
        ("six_kinds = true", 'six_kinds = true\njoin = "and"', "写了 and，就要同时写 levels 和 incident = true。"),
    ],
)  # fmt: skip
def test_a_faulty_scheme_is_refused_with_file_key_and_meaning(old, new, said):
    assert old in ZHEJIANG
    with pytest.raises(SchemeRefused) as refused:
        read_scheme(ZHEJIANG.replace(old, new, 1), "zhejiang-2021.toml")
    assert any(said in problem for problem in refused.value.problems), refused.value.problems


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("fixed = true", "fixed = true\nparts = 1", "写了 parts（占几份）就不能再写 fixed。"),
        ("fixed = true", "parts = 1", "写了 parts（占几份）的来源之外不能再有承担其余的来源。"),
        ("fixed = true", "", "只能有一个既不写 parts 也不写 fixed 的来源"),
        ('label = "县级配套资金"', 'label = "县级配套资金"\nfixed = true', "每批给定数额之外的部分没有人承担。"),
        ('key = "county"', 'key = "province"', "funding 的 key（来源代码）有重复。"),
    ],
)
def test_money_that_nobody_or_two_would_pay_is_refused(old, new, said):
    with pytest.raises(SchemeRefused) as refused:
        read_scheme(KANGLE.replace(old, new, 1), "kangle.toml")
    assert any(said in problem for problem in refused.value.problems), refused.value.problems


def test_versions_out_of_order_are_refused():
    version = ZHEJIANG[ZHEJIANG.index("[[version]]") :]
    with pytest.raises(SchemeRefused, match="要从早到晚"):
        read_scheme(ZHEJIANG + "\n" + version, "zhejiang-2021.toml")


def test_a_file_that_is_no_toml_is_said_to_be_none():
    with pytest.raises(SchemeRefused, match="不是正确的 TOML 文件"):
        read_scheme("id = ", "x.toml")
    with pytest.raises(SchemeRefused, match="没有编号为“nowhere”的办法"):
        preset("nowhere")
