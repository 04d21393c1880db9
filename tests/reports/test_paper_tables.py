"""The pencil checks of a printed table: what does not come out is named by table, line and column."""

from datetime import date
from decimal import Decimal

import pytest

from reports.rules.paper_table import (
    NO_DATA,
    Bound,
    Column,
    Line,
    PaperTable,
    Sum,
    cross_foot,
    document_facts,
    printed_cell,
)
from reports.rules.spans import exchange_spans, last_ended, quarters_offered, span_named, years_offered

AGAIN = "请重新打开本页；仍不相符的，把这句话报给系统管理员，核清前不要上报。"
COLUMNS = (Column("was", "上年末"), Column("new", "新建档"), Column("dead", "死亡"), Column("now", "年末"))


def table(*lines, total=None, **more):
    facts = {"sums": (Sum("now", ("was", "new"), ("dead",)),), "bounds": (Bound("dead", "was"),)} | more
    return PaperTable(
        "表1", "变动", "地区", COLUMNS,
        tuple(Line(name, dict(zip(("was", "new", "dead", "now"), cells, strict=True))) for name, *cells in lines),
        total=total and Line(total[0], dict(zip(("was", "new", "dead", "now"), total[1:], strict=True))), **facts,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("made", "said"),
    [
        pytest.param(
            table(("甲镇", 10, 2, 1, 11), ("乙镇", 5, 0, 0, 5), total=("合计", 15, 2, 1, 16)), [], id="comes-out"
        ),
        pytest.param(
            table(("甲镇", 10, 2, 1, 11), ("乙镇", 5, 0, 0, 5), total=("合计", 15, 2, 1, 17)),
            [
                "“年末”列：各行相加是 16，合计行写的是 17，相差 1",
                "“合计”行：上年末＋新建档－死亡是 16，“年末”写的是 17",
            ],
            id="column-and-total-line",
        ),
        pytest.param(
            table(("甲镇", 10, 2, 1, 12)), ["“甲镇”行：上年末＋新建档－死亡是 11，“年末”写的是 12"], id="line-sum"
        ),
        pytest.param(table(("甲镇", 1, 4, 2, 3)), ["“甲镇”行：“死亡”2 大于“上年末”1"], id="part-above-whole"),
        pytest.param(table(("甲镇", 1, -1, 0, 0)), ["“甲镇”行：“新建档”是 -1，小于 0"], id="below-zero"),
        pytest.param(table(("甲镇", 1, NO_DATA, 0, 9)), [], id="a-word-is-not-added"),
        pytest.param(
            table(("甲镇", 10, 0, None, 10), total=("合计", 99, 0, None, 99)),
            [
                "“上年末”列：各行相加是 10，合计行写的是 99，相差 89",
                "“年末”列：各行相加是 10，合计行写的是 99，相差 89",
            ],
            id="columns-without-the-missing-one",
        ),
        pytest.param(
            table(("甲镇", 1, 4, 2, 3), total=("合计", 9, 4, 2, 3), sums=(), unsummed=frozenset({"was"})),
            ["“甲镇”行：“死亡”2 大于“上年末”1"],
            id="a-column-that-is-no-sum",
        ),
    ],
)
def test_what_does_not_come_out_is_said_with_its_place_and_what_to_do(made, said):
    assert cross_foot(made) == [f"表1 {each}。{AGAIN}" for each in said]


def test_a_line_of_no_part_and_whole_is_not_judged_by_it():
    """五次会议, four wanted: more is no fault."""
    columns, bounds = (Column("numerator", "分子"), Column("denominator", "分母")), (Bound("numerator", "denominator"),)
    lines = [Line(name, {"numerator": 5, "denominator": 4}, is_bounded=bounded) for name, bounded in
             (("会议", False), ("管理率", True))]  # fmt: skip
    found = cross_foot(PaperTable("表5", "指标", "指标", columns, tuple(lines), bounds=bounds))
    assert found == [f"表5 “管理率”行：“分子”5 大于“分母”4。{AGAIN}"]


def test_the_document_carries_the_outcome_of_its_checks():
    facts = document_facts([table(("甲镇", 10, 2, 1, 12), total=("合计", 10, 2, 1, 12))])
    assert facts["verdict"] == "核对了行、列合计和大小关系 16 处，2 处不相符："
    assert [row["cells"] for row in facts["tables"][0]["rows"]] == [["10", "2", "1", "12"]]
    assert document_facts([table(("甲镇", 1, 0, 0, 1))])["verdict"].endswith("处，全部相符。")


@pytest.mark.parametrize(("value", "text"), [(0, "0"), (None, "—"), (Decimal("1.50"), "1.5"), (NO_DATA, "暂无数据")])
def test_a_cell_is_printed_as_what_it_is(value, text):
    assert printed_cell(value) == text


@pytest.mark.parametrize(
    ("name", "label", "first", "last"),
    [
        ("2026", "2026年度", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026H1", "2026年上半年", date(2026, 1, 1), date(2026, 6, 30)),
        ("2025H2", "2025年下半年", date(2025, 7, 1), date(2025, 12, 31)),
        ("2026Q3", "2026年第三季度", date(2026, 7, 1), date(2026, 9, 30)),
    ],
)
def test_a_span_is_known_by_its_name(name, label, first, last):
    span = span_named(name)
    assert (span.name, span.label, span.first, span.last) == (name, label, first, last)
    assert (span.until(date(2026, 8, 1)), span.is_running(date(2026, 8, 1))) == (
        min(last, date(2026, 8, 1)), last > date(2026, 8, 1),
    )  # fmt: skip


def test_only_what_has_begun_is_offered_and_what_is_over_comes_first_to_mind():
    today = date(2026, 8, 1)
    assert [span.name for span in quarters_offered(today)][:3] == ["2026Q3", "2026Q2", "2026Q1"]
    assert [span.name for span in years_offered(today)][:2] == ["2026", "2025"]
    names = [span.name for span in exchange_spans(today)]
    assert ("2026Q4" in names, "2026H2" in names, "2026" in names) == (False, True, True)
    assert (last_ended(years_offered(today), today).name, last_ended(quarters_offered(today), today).name) == (
        "2025", "2026Q2",
    )  # fmt: skip
