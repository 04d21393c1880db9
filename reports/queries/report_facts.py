"""What a report on a plan says, as plain text ready for the page: frozen with the request, so it is of its day."""

from collections.abc import Callable
from datetime import date
from itertools import groupby
from typing import Any

from reports.queries.figures import Figures, figures_of
from reports.queries.people import Wanted, groups_of
from reports.queries.plan_table import plan_rows
from reports.queries.supervision_tally import tally_of
from reports.rules import report_words as words
from reports.rules.cut import Cut
from reports.rules.indicator import Indicator
from reports.rules.indicators import FACE_TO_FACE, INDICATORS, MANAGED, REGULAR, STANDARD
from reports.rules.pack import Pack
from reports.rules.plan_row import PlanRow
from reports.rules.rates import NONE, missing, printed
from reports.rules.report_words import Shortfall, Subject
from reports.terms import Kind, Unit

WhyNot = Callable[[Figures, Indicator], tuple[Shortfall, ...]]
SHOWN = (MANAGED, STANDARD, REGULAR, FACE_TO_FACE)
SHORT_NAMES = {MANAGED: "管理率", STANDARD: "规范管理率", REGULAR: "规律服药率", FACE_TO_FACE: "面访率"}
TOWNS_NOTE = (
    "“人数”是计入后面一项的人数；“差”是该乡镇（街道）自己达到目标还要增加的人数，合计按总数算，所以各地相加不等于合计；"
    "“—”为没有在册患者。"
)


def report_facts(
    pack: Pack, area_figures: Figures, townships: dict[str, Figures], made_on: date, why_not: WhyNot | None = None
) -> dict[str, Any]:
    """`why_not`: how many people are not counted for which reason; counted now where nobody says."""
    rows = plan_rows(pack, area_figures, townships)
    subject = _subject(pack, area_figures, townships, rows, made_on, why_not or _shortfalls)
    sections = (("一、总体情况", words.overall), ("二、未达标原因", words.reasons), ("三、下一步措施", words.steps))
    return {
        "title": list(words.title(subject)),
        "report_to": pack.report_to,
        "report_from": pack.report_from,
        "opening": words.opening(subject),
        "sections": [
            *({"heading": heading, "paragraphs": said(subject)} for heading, said in sections),
            *_supervision(pack, area_figures),
        ],
        "as_of": words.day_words(subject.as_of),
        "made_on": words.day_words(made_on),
        "base_year": pack.base_year,
        "target_year": rows[0].target.year,
        "annex": {"title": f"{len(rows)}项指标完成情况表", "rows": _annex(rows), "notes": words.notes(subject)},
        "towns": _towns(area_figures, townships, rows),
    }


def _supervision(pack: Pack, figures: Figures) -> list[dict[str, Any]]:
    """A section of its own where the plan speaks of supervision."""
    if pack.work.supervision is None:
        return []
    tally = tally_of(figures.area, figures.cut.as_of)
    return [{"heading": "四、督导整改", "paragraphs": words.supervision(tally, pack.work.supervision.clause)}]


def facts_for(pack: Pack, cut: Cut, area: Any, made_on: date) -> dict[str, Any]:
    figures, townships = figures_of(area, cut, pack.codes)
    return report_facts(pack, figures, townships, made_on)


def _subject(
    pack: Pack,
    figures: Figures,
    townships: dict[str, Figures],
    rows: tuple[PlanRow, ...],
    made_on: date,
    why_not: WhyNot,
) -> Subject:
    judged = [row for row in rows if row.row.kind is Kind.COMPUTED and row.row.code in INDICATORS and row.missing]
    return Subject(
        pack=pack,
        as_of=figures.cut.as_of,
        made_on=made_on,
        rows=rows,
        registered=figures.count("registered"),
        managed=figures.count("managed"),
        shortfalls={row.row.key: why_not(figures, INDICATORS[row.row.code]) for row in judged},
        worst={row.row.key: _worst(row, townships) for row in judged},
        whole=words.whole_of(figures.area.name),
    )


def _shortfalls(figures: Figures, indicator: Indicator) -> tuple[Shortfall, ...]:
    groups = groups_of(Wanted(indicator, figures.area, figures.cut))
    return tuple(Shortfall(group.requirement.label, group.count, group.requirement.mend) for group in groups)


def _worst(row: PlanRow, townships: dict[str, Figures]) -> tuple[str, ...]:
    """The townships that lack most people of their own target."""
    lacking = {code: _gap(inside, row) or 0 for code, inside in townships.items()}
    codes = sorted((code for code, gap in lacking.items() if gap), key=lambda code: (-lacking[code], code))
    return tuple(townships[code].area.name for code in codes[: words.WORST])


def _gap(figures: Figures, row: PlanRow) -> int | None:
    figure = figures[row.row.code]
    if figure.numerator is None:
        return None
    return missing(figure.numerator, figure.denominator, row.row.unit, row.target.operator, row.target.value)


def _annex(rows: tuple[PlanRow, ...]) -> list[dict[str, Any]]:
    """Rows of one category in a row share the cell that names it."""
    found: list[dict[str, Any]] = []
    for _, group in groupby(rows, key=lambda row: row.row.category):
        lines: list[dict[str, Any]] = [dict(words.annex_row(row)) for row in group]
        lines[0]["span"] = len(lines)
        found += lines
    return found


def _towns(figures: Figures, townships: dict[str, Figures], rows: tuple[PlanRow, ...]) -> dict[str, Any]:
    targets = {row.row.code: row for row in rows if row.row.code}
    heads = [_head("在册", "tn")]
    for indicator in SHOWN:
        heads += [_head("人数", "tn"), _head(SHORT_NAMES[indicator], "tr")]
        heads += [_head("差", "tg")] if indicator.code in targets else []
    return {
        "title": "乡镇（街道）指标情况表",
        "heads": heads,
        "rows": [{"name": inside.area.name, "cells": _cells(inside, targets)} for inside in townships.values()],
        "total": _cells(figures, targets),
        "note": TOWNS_NOTE,
    }


def _head(text: str, css: str) -> dict[str, str]:
    return {"text": text, "css": css}


def _cells(figures: Figures, targets: dict[str, PlanRow]) -> list[str]:
    cells = [str(figures.count("registered"))]
    for indicator in SHOWN:
        figure = figures[indicator.code]
        cells += [str(figure.numerator), printed(figure.rate, Unit.PERCENT).rstrip("%")]
        if row := targets.get(indicator.code):
            gap = _gap(figures, row)
            cells.append(NONE if gap is None else str(gap))
    return cells
