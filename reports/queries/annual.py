"""工作年报表: the year's figures of an area, every one of a registered definition, laid out as tables that can be checked.

Source: 管理治疗工作规范 2018 附件1 表1-14 (title by memory, its layout was not seen); indicators.md for every number.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from accounts.models import Division
from accounts.queries.places import counties_under
from accounts.terms import DivisionLevel
from registry.terms import SIX_KINDS, DiagnosisCode
from reports.queries.breakdown import by_diagnosis
from reports.queries.dashboard import together
from reports.queries.figures import Figures, figures_of
from reports.queries.periods import place_of
from reports.queries.register_flow import WAYS_IN, WAYS_OUT, flow_of
from reports.rules.cut import Cut
from reports.rules.indicators import (
    COMPUTED,
    FACE_TO_FACE,
    HELD,
    INDICATORS,
    MANAGED,
    MEDICATED,
    REGISTERED,
    REGULAR,
    STANDARD,
    STRICT,
    WITHOUT_DATA,
    name_of,
)
from reports.rules.levels import HIGH, IN_HOSPITAL, LOW, NAMES, NO_RECORD, levels_of
from reports.rules.paper_table import (
    NO_DATA,
    NOT_KEPT,
    Bound,
    CellValue,
    Column,
    Line,
    PaperTable,
    Sum,
    document_facts,
)
from reports.rules.rates import printed
from reports.rules.report_words import day_words
from reports.rules.spans import Span
from reports.terms import Unit

TITLE = "严重精神障碍管理治疗工作年度统计表"
TOTAL = "合计"
CHECKED_UP, FREE_SGA = INDICATORS["checked_up"], INDICATORS["free_sga"]
CARED = (MANAGED, STANDARD, STRICT, FACE_TO_FACE, MEDICATED, REGULAR, CHECKED_UP, FREE_SGA)
HEADS = {
    REGISTERED.code: "在册", MANAGED.code: "在管", STANDARD.code: "规范管理", STRICT.code: "规范管理（严格）",
    FACE_TO_FACE.code: "面访", MEDICATED.code: "服药", REGULAR.code: "规律服药", CHECKED_UP.code: "体检",
    FREE_SGA.code: "免费二代药",
}  # fmt: skip
WAYS = {
    "new": "新建档", "came": "外地迁入、恢复", "inside": "本地转入", "dead": "死亡", "excluded": "排除", "left": "迁出外地",
    "to_inside": "本地转出",
}  # fmt: skip
# What a yearly return is known to ask for and no table here holds. Source: 2012 年版附件3 表3-1、3-2、3-3 (titles, heads).
NOT_HERE = (
    "精神专科医院、综合医院精神科数", "开放床位数", "精神科医生、护士、其他人员数（按机构）", "工作经费",
    "应急医疗处置人次（国家口径）", "危险行为次数（轻度滋事、自伤、自杀未遂）",
)  # fmt: skip
LAYOUT_NOTE = (
    "国家下发的表样没有公开来源可以核对，本表按工作规范和指标口径编制，版式以上级下发的为准；"
    f"“{NOT_KEPT}”的项目请从原渠道填写，“{NO_DATA}”不等于 0。"
)


def annual_tables(area: Division, span: Span, today: date) -> tuple[PaperTable, ...]:
    """Rows are the townships of a county, the counties of what lies above it."""
    cut, before = Cut(span.until(today), today), Cut(date(span.first.year - 1, 12, 31), today)
    figures, townships = figures_of(area, cut, COMPUTED)
    opening, past_townships = figures_of(area, before)
    places, past = _places(area, cut, townships), _places(area, before, past_townships)
    return (
        _movements(figures, opening, places, past, flow_of(place_of(area), before, cut)),
        _diagnoses(figures),
        _levels(figures, places),
        _care(figures, places),
        _rates(figures),
    )


def annual_facts(area: Division, span: Span, today: date) -> dict[str, Any]:
    """What the document says, frozen with its request."""
    day = span.until(today)
    return {
        "title": [area.name, TITLE, f"（{span.label}）"],
        "number": "表14",
        "area": area.name,
        "as_of": day_words(day),
        "made_on": day_words(today),
        "running": span.is_running(today),
        "notes": [LAYOUT_NOTE],
        **document_facts(annual_tables(area, span, today)),
    }


def _places(area: Division, cut: Cut, townships: Mapping[str, Figures]) -> dict[str, Figures]:
    if area.level not in (DivisionLevel.PROVINCE, DivisionLevel.CITY):
        return dict(townships)
    return {
        county.code: together(county, cut, [each for code, each in townships.items() if code.startswith(county.code)])
        for county in counties_under(area)
    }


def _movements(
    figures: Figures,
    opening: Figures,
    places: Mapping[str, Figures],
    past: Mapping[str, Figures],
    flow: Mapping[int, Mapping[str, int]],
) -> PaperTable:
    """Opening + in − out = closing, place by place. Places that are gone or new since have one stock of 0."""
    keys = {code: found.area for code, found in {**past, **places}.items()}
    moved = {code: _moved(area, flow) for code, area in keys.items()}
    count = REGISTERED.code

    def line(name: str, was: Figures | None, now: Figures | None, ways: Mapping[str, int], area: str = "") -> Line:
        stock = {"was": was.count(count) if was else 0, "now": now.count(count) if now else 0}
        return Line(name, {**stock, **ways}, area)

    total = {way: sum(each.get(way, 0) for each in flow.values()) for way in WAYS}
    lines = [line(keys[code].name, past.get(code), places.get(code), moved[code], code) for code in sorted(keys)]
    return PaperTable(
        "表14-1", "在册患者年内变动", "地区",
        (Column("was", "上年末在册"), *(Column(way, head) for way, head in WAYS.items()), Column("now", "年末在册", count)),
        tuple(lines), line(TOTAL, opening, figures, total),
        sums=(Sum("now", ("was", *WAYS_IN), WAYS_OUT),),
        note="本年建档又在本年结案的，两个年末都不在册，不列入。“本地”指本表所列地区之间。",
    )  # fmt: skip


def _moved(area: Division, flow: Mapping[int, Mapping[str, int]]) -> dict[str, int]:
    """Of a township its own; of a county those of its townships together."""
    if area.level == DivisionLevel.TOWNSHIP:
        keys = [area.pk]
    else:
        inside = Division.objects.filter(level=DivisionLevel.TOWNSHIP, code__startswith=area.code)
        keys = list(inside.values_list("pk", flat=True))
    return {way: sum(flow.get(key, {}).get(way, 0) for key in keys) for way in WAYS}


def _diagnoses(figures: Figures) -> PaperTable:
    """The six kinds, and all others together as one line."""
    shown = (REGISTERED, MANAGED, STANDARD, FACE_TO_FACE, MEDICATED, REGULAR, CHECKED_UP)
    found = by_diagnosis(shown, figures.area, figures.cut)
    lines = [
        Line(DiagnosisCode(code).label, {each.code: found.get(code, {}).get(each.code, 0) for each in shown})
        for code in sorted(SIX_KINDS)
    ]
    others = [counts for code, counts in found.items() if code not in SIX_KINDS]
    lines.append(Line("其他", {each.code: sum(counts[each.code] for counts in others) for each in shown}))
    return PaperTable(
        "表14-2", "各病种管理情况", "诊断", _columns(shown), tuple(lines), _line(TOTAL, figures, shown),
        bounds=_bounds(shown),
    )  # fmt: skip


def _levels(figures: Figures, places: Mapping[str, Figures]) -> PaperTable:
    """Every registered person once. Who is in hospital without a level is what is left of the managed."""

    def line(name: str, each: Figures, area: str = "") -> Line:
        counts = {code: each.count(code) for code in (*LOW, *HIGH)}
        registered, managed = each.count(REGISTERED.code), each.count(MANAGED.code)
        cells = levels_of(counts, managed=managed, registered=registered)
        return Line(name, {**cells, REGISTERED.code: registered}, area)

    parts = (*LOW, *HIGH, IN_HOSPITAL, NO_RECORD)
    columns = [Column(key, NAMES[key], key if key in INDICATORS else "") for key in parts]
    lines = [line(each.area.name, each, code) for code, each in places.items()]
    return PaperTable(
        "表14-3", "危险性评估等级（末次）", "地区", (*columns, Column(REGISTERED.code, HEADS[REGISTERED.code], REGISTERED.code)),
        tuple(lines), line(TOTAL, figures), sums=(Sum(REGISTERED.code, parts),),
    )  # fmt: skip


def _care(figures: Figures, places: Mapping[str, Figures]) -> PaperTable:
    shown = (REGISTERED, *CARED)
    lines = [_line(each.area.name, each, shown, code) for code, each in places.items()]
    return PaperTable(
        "表14-4", "管理和服务情况", "地区", _columns(shown), tuple(lines), _line(TOTAL, figures, shown),
        bounds=(*_bounds(shown), Bound(STRICT.code, STANDARD.code)),
    )  # fmt: skip


def _columns(shown: tuple[Any, ...]) -> tuple[Column, ...]:
    return tuple(Column(each.code, HEADS[each.code], each.code) for each in shown)


def _bounds(shown: tuple[Any, ...]) -> tuple[Bound, ...]:
    """What asks for a complete record is a part of the managed; everything is a part of the registered."""
    from_records = {STANDARD, STRICT, FACE_TO_FACE, MEDICATED, REGULAR} & set(shown)
    rest = [each for each in shown if each is not REGISTERED and each not in from_records]
    return (
        *(Bound(each.code, MANAGED.code) for each in shown if each in from_records),
        *(Bound(each.code, REGISTERED.code) for each in rest),
    )


def _line(name: str, figures: Figures, shown: tuple[Any, ...], area: str = "") -> Line:
    cells: dict[str, CellValue] = {each.code: figures.count(each.code) for each in shown}
    return Line(name, cells, area)


def _rates(figures: Figures) -> PaperTable:
    """Every registered figure with both its numbers; then what has no data, then what is kept elsewhere."""
    skipped = {REGISTERED.code, *LOW, *HIGH}  # stand in the tables above
    lines = [_rate(figures, code) for code in COMPUTED if code not in skipped]
    lines += [Line(name, {"numerator": NO_DATA, "denominator": None, "rate": None}) for name in WITHOUT_DATA.values()]
    lines += [Line(name, {"numerator": NOT_KEPT, "denominator": None, "rate": None}) for name in NOT_HERE]
    columns = (Column("numerator", "分子或数量"), Column("denominator", "分母"), Column("rate", "率"))
    return PaperTable(
        "表14-5", "指标", "指标", columns, tuple(lines), unit="单位：见各指标",
        bounds=(Bound("numerator", "denominator"),),
        note="各指标的分子、分母口径见系统“全部指标”。",
    )  # fmt: skip


def _rate(figures: Figures, code: str) -> Line:
    figure = figures[code]
    if figure.numerator is None:
        return Line(name_of(code), {"numerator": NO_DATA, "denominator": None, "rate": None}, code=code)
    cells: dict[str, CellValue] = {
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "rate": printed(figure.rate, figure.unit) if figure.unit.is_fraction else None,
    }
    is_bounded = figure.unit is Unit.PERCENT and code not in HELD
    return Line(name_of(code), cells, figures.area.code, is_bounded, code)
