"""信息交换统计表: what a county gave and got in a period, added up from the exchange's own counts.

Source: 管理治疗工作规范 2018 附件1 (患者信息交换表, title by memory, its layout was not seen); 邹城 三(三) (how often).
"""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from accounts.models import Division
from accounts.scope import system_scope
from accounts.terms import AgencyKind
from exchange.queries.period_counts import (
    Received,
    Sent,
    Told,
    received_between,
    sent_between,
    told_between,
    told_total,
)
from exchange.terms import RowClass
from reports.queries.figures import figures_of
from reports.rules.cut import Cut
from reports.rules.paper_table import Bound, CellValue, Column, Line, PaperTable, Sum, document_facts
from reports.rules.place_indicators import ALERT_TIMELY
from reports.rules.rates import printed
from reports.rules.report_words import day_words
from reports.rules.spans import Span

TITLE = "严重精神障碍患者信息交换统计表"
TOTAL = "合计"
LAYOUT_NOTE = (
    "国家下发的表样没有公开来源可以核对，本表把本期各交换包的表1-12、预警和收到的名册相加，版式以上级下发的为准。"
    "只统计经本系统办理的交换；纸质和会上交换的，本系统不采集。"
)
CLASSES = {
    RowClass.SAME: "一致", RowClass.DIFFERS: "不一致", RowClass.ONLY_THEIRS: "仅对方有", RowClass.ENDED_HERE: "我方已注销",
    RowClass.UNSURE: "待核对", RowClass.REFUSED: "不能识别",
}  # fmt: skip


def exchange_tables(county: Division, span: Span, today: date) -> tuple[PaperTable, ...]:
    """Whoever an alert was about may live elsewhere by now: alerts are counted with the widest reach, only numbers leave it."""
    last = span.until(today)
    sent = sent_between(county, span.first, span.last)
    received = received_between(county, span.first, last, today)
    with system_scope():
        told = told_between(county, span.first, last)
        told_in_all = told_total(county, span.first, last)
    return (_packages(sent), _alerts(told, told_in_all), _lists(received))


def exchange_facts(county: Division, span: Span, today: date) -> dict[str, Any]:
    day = span.until(today)
    return {
        "title": [county.name, TITLE, f"（{span.label}）"],
        "number": "表9",
        "area": county.name,
        "as_of": day_words(day),
        "made_on": day_words(today),
        "running": span.is_running(today),
        "notes": [_timely(county, Cut(day, today)), LAYOUT_NOTE],
        **document_facts(exchange_tables(county, span, today)),
    }


def _timely(county: Division, cut: Cut) -> str:
    figure = figures_of(county, cut, (ALERT_TIMELY.code,))[0][ALERT_TIMELY.code]
    return (
        f"{ALERT_TIMELY.name}（年初至{day_words(cut.as_of)}）{printed(figure.rate, figure.unit)}"
        f"（{figure.numerator}／{figure.denominator}）：{ALERT_TIMELY.numerator}"
    )


def _packages(sent: Sequence[Sent]) -> PaperTable:
    def cells(row: Sent) -> dict[str, CellValue]:
        numbers = {
            each.name: getattr(row, each.name) for each in fields(Sent) if each.name not in ("agency", "balance")
        }
        balance = row.balance
        return {
            **numbers, "rows": balance.sent, "matched": balance.matched, "unmatched": balance.unmatched,
            "refused": balance.refused, "pending": balance.pending,
        }  # fmt: skip

    columns = (
        Column("packages", "交换包"), Column("closed", "已办结"), Column("new", "新增患者"),
        Column("high_risk", "3级及以上"), Column("incidents", "肇事肇祸起数"), Column("lost", "失访"), Column("dead", "死亡"),
        Column("rows", "发出行数"), Column("matched", "一致"), Column("unmatched", "对不上"), Column("refused", "退回"),
        Column("pending", "待回执"),
    )  # fmt: skip
    return PaperTable(
        "表9-1", "向各部门发出的交换包", "接收单位", columns, tuple(Line(row.agency, cells(row)) for row in sent),
        sums=(Sum("rows", ("matched", "unmatched", "refused", "pending")),), bounds=(Bound("closed", "packages"),),
        unit="单位：个、行、人次",
        note="同一名患者可以发给几个单位，一期里也可以发几次，所以不设合计；“对不上”是对方名册里没有找到的。",
    )  # fmt: skip


def _alerts(told: Sequence[Told], in_all: int) -> PaperTable:
    def cells(row: Told) -> dict[str, CellValue]:
        return {
            "entries": row.entries, "signed": row.signed, "unsigned": row.entries - row.signed, "cases": row.cases,
            "answered": row.answered,
        }  # fmt: skip

    total = Told(TOTAL, in_all, *(sum(getattr(row, key) for row in told) for key in ("signed", "cases", "answered")))
    columns = (
        Column("entries", "送达条数"), Column("signed", "已签收"), Column("unsigned", "未签收"),
        Column("cases", "涉及预警件数"), Column("answered", "已反馈件数"),
    )  # fmt: skip
    return PaperTable(
        "表9-2", "随时通报（危险性3级及以上、事件、失访、外出等预警）", "接收部门", columns,
        tuple(Line(AgencyKind(row.kind).label, cells(row)) for row in told), Line(TOTAL, cells(total)),
        sums=(Sum("entries", ("signed", "unsigned")),),
        bounds=(Bound("cases", "entries"), Bound("answered", "cases"), Bound("signed", "entries")),
        unit="单位：条、件", note="签收和反馈算到本期最后一天；收回、解除和催办的条目不算通报。",
    )  # fmt: skip


def _lists(received: Sequence[Received]) -> PaperTable:
    def cells(row: Received) -> dict[str, CellValue]:
        classes = {each.value: row.classes.get(each.value, 0) for each in CLASSES}
        only_ours, done = row.classes.get(RowClass.ONLY_OURS.value, 0), row.progress
        return {
            "lists": row.lists, "rows": row.rows, "waiting": row.waiting, **classes, "only_ours": only_ours,
            "differences": done.total, "done": done.done, "answered": done.answered, "open": done.open,
        }  # fmt: skip

    columns = (
        Column("lists", "名册份数"), Column("rows", "行数"), *(Column(each.value, head) for each, head in CLASSES.items()),
        Column("waiting", "还没比对"), Column("only_ours", "仅我方有"), Column("differences", "差异"), Column("done", "已办结"),
        Column("answered", "待审核"), Column("open", "待核实"),
    )  # fmt: skip
    return PaperTable(
        "表9-3", "各部门报来的名册和差异核实", "报送单位", columns, tuple(Line(row.agency, cells(row)) for row in received),
        sums=(
            Sum("rows", (*(each.value for each in CLASSES), "waiting")),
            Sum("differences", ("done", "answered", "open")),
        ),
        unit="单位：份、行、件",
        note="差异按现在的办理情况统计，记在最近一份出现它的名册上；“仅我方有”不是名册里的行。",
    )  # fmt: skip
