"""The dashboard's words and marks, made from its data: templates only place them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.terms import Permission
from reports.queries.counts import Counts
from reports.queries.dashboard import Dashboard, PlaceRow
from reports.queries.figures import Figure
from reports.queries.live import GROUP_NAMES, Unsigned
from reports.rules.drawing import Bullet, GapBar, Spark, bullet, gap_bars, share_of, spark
from reports.rules.indicators import REGULAR, STANDARD
from reports.rules.levels import HIGH, NAMES
from reports.rules.pace import NEAR_POINTS
from reports.rules.plan_row import PlanRow, tally
from reports.rules.rates import NONE, half_up, printed, thousands
from reports.rules.suppression import Cell
from reports.terms import Kind, Standing, Unit
from reports.views.asked import Asked

SHOWN_PLACES = 12


@dataclass(frozen=True)
class Headline:
    label: str
    number: str
    about: str
    href: str
    tone: str = ""


def headlines(board: Dashboard, asked: Asked) -> list[Headline]:
    figures, care = board.figures, board.care
    before: Counts = board.trend.before if board.trend else {}
    registered, managed = figures.count("registered"), figures["managed"]
    high = board.levels.total
    late_high = _late_cells(board)[0]
    lost = board.cell(care.lost_total)
    unsigned = board.unsigned

    def people(code: str, side: str = "counted") -> str:
        return reverse("reports:people", args=[code]) + asked.query(side=side)

    def live(kind: str) -> str:
        return reverse("reports:live", args=[kind]) + asked.query()

    managed_href = reverse("reports:indicator", args=["managed"]) + asked.query()
    return [
        Headline("在册患者", thousands(registered), _change(registered, before), people("registered")),
        Headline("在管患者", thousands(managed.numerator), _parts(managed), managed_href),
        Headline("3 级及以上", high.label, "" if board.veiled else _high_before(before), people("risk_3_up")),
        Headline("未签收预警", thousands(unsigned.count), _unsigned_words(board.unsigned, asked),
                 reverse("reports:unsigned") + asked.query(), "urgent" if unsigned.count else ""),
        Headline("逾期随访", board.cell(care.overdue_total).label, f"其中 3 级及以上 {late_high.label} 人", live("overdue"),
                 "caution" if care.overdue_total else ""),
        Headline("失访", lost.label, "现在的状态", live("lost")),
    ]  # fmt: skip


def _unsigned_words(unsigned: Unsigned, asked: Asked) -> str:
    if unsigned.late:
        return f"{unsigned.late} 件已超 {asked.hours} 小时"
    return "都在期限内" if unsigned.count else "没有"


def _parts(figure: Figure) -> str:
    return f"{printed(figure.rate, Unit.PERCENT)} · {thousands(figure.numerator)} / {thousands(figure.denominator)}"


def _change(now: int, before: Counts) -> str:
    past, _ = before.get("registered", (0, 0))
    if not past:
        return ""
    more = now - past
    return f"比上季度末{'多' if more > 0 else '少'} {abs(more)} 人" if more else "与上季度末一样"


def _high_before(before: Any) -> str:
    return f"上季度末 {sum(before[code][0] for code in HIGH)} 人" if all(code in before for code in HIGH) else ""


@dataclass(frozen=True)
class IndicatorLine:
    row: PlanRow
    bullet: Bullet
    href: str
    span: int  # rows that share the category's cell; 0 where it is not opened
    note: str


def indicator_lines(rows: tuple[PlanRow, ...], asked: Asked, can: Callable[[Permission], bool]) -> list[IndicatorLine]:
    names = [row.row.category for row in rows]
    lines = []
    for place, row in enumerate(rows):
        first = place == 0 or names[place - 1] != names[place]
        span = sum(1 for name in names if name == names[place]) if first else 0
        lines.append(IndicatorLine(row, bullet(row), _row_address(row, asked, can), span, row.note))
    return lines


def _row_address(row: PlanRow, asked: Asked, can: Callable[[Permission], bool]) -> str:
    if row.row.kind is Kind.COMPUTED:
        return reverse("reports:indicator", args=[row.row.code]) + asked.query()
    return reverse("reports:reported") + f"?key={row.row.key}" if can(Permission.REPORT_VALUE) else ""


def verdict(rows: tuple[PlanRow, ...]) -> list[tuple[int, str, str]]:
    """How many rows stand how: number, word, tone. Standings without a row are left out."""
    return [(count, standing.label, standing.tone) for standing, count in tally(rows).items() if count]


@dataclass(frozen=True)
class LevelLine:
    name: str
    cell: Cell
    width: str
    share: str
    css: str


def level_lines(board: Dashboard) -> list[LevelLine]:
    registered, cells = board.figures.count("registered"), board.levels.cells
    most = max((cell.count or 0 for cell in cells.values()), default=0)
    tones = {"risk_0": "p", "risk_1": "c", "risk_2": "c", "risk_3": "u", "risk_4": "u", "risk_5": "u"}
    lines = []
    for key, cell in cells.items():
        if cell.count is None:
            lines.append(LevelLine(NAMES[key], cell, "3", NONE, "sup"))
            continue
        share = printed(Decimal(cell.count) * 100 / registered if registered else None, Unit.PERCENT)
        lines.append(LevelLine(NAMES[key], cell, share_of(cell.count, most), share, tones.get(key, "n")))
    return lines


def level_bars(board: Dashboard) -> dict[str, list[Any]]:
    """What the picture of the levels draws: a hidden one is a bar of no length with its word."""
    cells = board.levels.cells
    return {
        "names": [NAMES[key] for key in cells],
        "values": [cell.count or 0 for cell in cells.values()],
        "labels": [cell.label for cell in cells.values()],
    }


@dataclass(frozen=True)
class LateLine:
    name: str
    people: Cell
    longest: str
    href: str


def _late_cells(board: Dashboard) -> Mapping[int, Cell]:
    """The panel's numbers stand beside their total: what would give a small one back is hidden too."""
    return board.hide({number: board.care.group(number).people for number in GROUP_NAMES}).cells


def late_lines(board: Dashboard, asked: Asked) -> list[LateLine]:
    found, cells = [], _late_cells(board)
    for number, name in GROUP_NAMES.items():
        late = board.care.group(number)
        if late.people:
            address = reverse("reports:live", args=["overdue"]) + asked.query(group=number)
            found.append(LateLine(name, cells[number], f"最长 {late.longest_days} 天", address))
    return found


@dataclass(frozen=True)
class AlertLine:
    number: str
    office: str
    sent: str
    waited: str
    is_late: bool


def alert_lines(rows: Iterable[Any], asked: Asked, now: Any) -> list[AlertLine]:
    """In a meeting the office's township is not named: the kind of office says enough."""
    found = []
    for receipt in rows:
        minutes = int((now - receipt.delivered_at).total_seconds() // 60)
        agency = receipt.alert.agency
        found.append(
            AlertLine(
                number=receipt.alert.number,
                office=agency.get_kind_display() if asked.veiled else agency.name,
                sent=f"{timezone.localtime(receipt.delivered_at):%m-%d %H:%M}",
                waited=f"{minutes // 60} 小时 {minutes % 60:02d} 分" if minutes >= 60 else f"{minutes} 分钟",
                is_late=receipt.delivered_at < now - timedelta(hours=asked.hours),
            )
        )
    return found


@dataclass(frozen=True)
class PlaceLine:
    name: str
    href: str
    rate: str
    fraction: str
    bar: GapBar | None
    missing: str
    reached: bool
    spark: Spark | None
    regular: str
    overdue: Cell
    high: Cell


SORTS: dict[str, tuple[str, Callable[[PlaceRow], Any]]] = {
    "rate": ("规范管理率", lambda row: _value(row, STANDARD.code)),
    "name": ("乡镇（街道）", lambda row: row.area.code),
    "people": ("分子 / 分母", lambda row: row.figures.count("registered")),
    "missing": ("还差", lambda row: -(row.missing or 0)),
    "regular": ("规律服药率", lambda row: _value(row, REGULAR.code)),
    "overdue": ("逾期随访", lambda row: -row.overdue),
    "high": ("3 级及以上", lambda row: -row.high),
}


def _value(row: PlaceRow, code: str) -> Decimal:
    """Places without patients have no rate: they stand last, where nothing has to be done."""
    value = row.figures[code].exact
    return Decimal(1000) if value is None else value


def sorted_places(board: Dashboard, sort: str, *, turned: bool) -> list[PlaceRow]:
    _, key = SORTS[sort]
    return sorted(board.places, key=lambda row: (key(row), row.area.code), reverse=turned)


def place_lines(rows: list[PlaceRow], board: Dashboard, asked: Asked) -> list[PlaceLine]:
    """Both sensitive columns are hidden as a whole, the places that are not shown included."""
    overdue = board.hide({row.area.code: row.overdue for row in board.places}).cells
    high = board.hide({row.area.code: row.high for row in board.places}).cells
    target = board.main.target.value if board.main else None
    bars: list[GapBar | None] = [None] * len(rows)
    if board.main and target is not None:
        values = [row.figures[STANDARD.code].exact for row in rows]
        bars = gap_bars(values, target, NEAR_POINTS)
    return [
        _place_line(row, bar, asked, target, overdue[row.area.code], high[row.area.code])
        for row, bar in zip(rows, bars, strict=True)
    ]


def _place_line(
    row: PlaceRow, bar: GapBar | None, asked: Asked, target: Decimal | None, overdue: Cell, high: Cell
) -> PlaceLine:
    standard, regular = row.figures[STANDARD.code], row.figures[REGULAR.code]
    here = asked.query(area=row.area.code)
    return PlaceLine(
        name=row.area.name,
        href=reverse("reports:indicator", args=[STANDARD.code]) + here,
        rate=printed(standard.rate, Unit.PERCENT),
        fraction=f"{thousands(standard.numerator)} / {thousands(standard.denominator)}",
        bar=bar,
        missing=f"{row.missing:,}" if row.missing else "",
        reached=row.missing == 0 and standard.rate is not None,
        spark=spark(row.line, target),
        regular=printed(regular.rate, Unit.PERCENT),
        overdue=overdue,
        high=high,
    )


def places_sentence(rows: tuple[PlaceRow, ...], main: PlanRow | None, area: str) -> str:
    """How far the area (全县) is, and where most is missing."""
    lacking = sorted((row for row in rows if row.missing), key=lambda row: (-(row.missing or 0), row.area.code))
    if main is None or not lacking:
        return ""
    most = "、".join(f"{row.area.name} {row.missing} 人" for row in lacking[:5])
    target = main.goal_text
    whole = f"要让{area}达到 {target}，还差 {main.missing:,} 人。" if main.missing else f"{area}已达到 {target}。"
    return f"{whole}差得最多的 {min(len(lacking), 5)} 个：{most}。"


def trend_title(board: Dashboard) -> str:
    """The heading is the finding."""
    row, trend = board.main, board.trend
    if row is None or trend is None or row.known is None:
        return "规范管理率"
    due = row.line.due_value(row.as_of)
    if due is None:
        return "规范管理率"
    away = half_up(row.known - due)
    path = f" {row.target.year} 年的目标" if row.line.is_over(row.as_of) else "目标路径"
    if not away:
        return f"规范管理率正好在{path}上"
    return f"规范管理率{'高于' if away > 0 else '低于'}{path} {abs(away)} 个百分点"


def standing_chip(standing: Standing) -> dict[str, str]:
    return {"text": standing.label, "tone": standing.tone, "icon": standing.icon}
