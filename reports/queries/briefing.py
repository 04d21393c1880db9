"""季度简报: what the joint meeting is told, as plain text ready for the page. For every department: small numbers hidden."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from accounts.models import Division
from accounts.queries.policy import policies
from accounts.terms import AgencyKind
from exchange.queries.standing import ExchangeStanding, standing_of
from reports.models import Meeting, Task
from reports.queries.figures import Figures, figures_of
from reports.queries.live import Care, care_of
from reports.queries.packs import adopted_packs
from reports.queries.periods import place_of
from reports.queries.plan_table import all_rows
from reports.queries.shortfalls import towns_short
from reports.queries.tasks import late_by_office, late_by_place, with_lines
from reports.rules.briefing import (
    LISTED_TARGETS,
    Headline,
    behind_rows,
    counted_headline,
    explained,
    hidden_counts,
    rate_headline,
)
from reports.rules.cut import Cut
from reports.rules.indicators import (
    COMPUTED,
    FACE_TO_FACE,
    INDICATORS,
    MANAGED,
    REGISTERED,
    REGULAR,
    STANDARD,
    is_sensitive,
)
from reports.rules.levels import HIGH
from reports.rules.months import last_quarter_end, quarter_start
from reports.rules.pack import Pack
from reports.rules.rates import NONE
from reports.rules.report_words import day_words
from reports.rules.spans import Span
from reports.rules.suppression import one_cell
from reports.rules.tasks import pressing
from reports.terms import MeetingState, TaskState

TITLE = "精神卫生综合管理工作季度简报"
RATES = (MANAGED, STANDARD, REGULAR, FACE_TO_FACE)
OF_PEOPLE = frozenset(INDICATORS)
SENSITIVE = frozenset(code for code in COMPUTED if is_sensitive(code))


def briefing_facts(area: Division, span: Span, today: date, *, now: datetime) -> dict[str, Any]:
    """Figures of the quarter's last day (or of today while it runs); exchange and tasks as they stand on `now`."""
    below = int(policies(area.pk, today)["suppress_below"])
    day, pack = span.until(today), next(iter(adopted_packs(area)), None)
    return {
        "title": [area.name, TITLE, f"（{span.label}）"],
        "area": area.name,
        "below": below,
        "report_from": pack.report_from if pack else f"{area.name}卫生健康委员会",
        "as_of": day_words(day),
        "made_on": day_words(today),
        "running": span.is_running(today),
        "opening": (
            f"现将截至{day_words(day)}的精神卫生综合管理工作情况通报如下。信息交换、任务和会议议定事项为"
            f"{day_words(today)}的情况。"
        ),
        "sections": _sections(area, Cut(day, today), pack, now, below),
        "notes": [
            f"本简报发给各成员单位：少于{below}人的数不列，为防止倒推，相关的数一并不列；不含任何个人信息。",
            "各指标的口径见系统“全部指标”。",
        ],
    }


def _sections(area: Division, cut: Cut, pack: Pack | None, now: datetime, below: int) -> list[dict[str, Any]]:
    figures, townships = figures_of(area, cut, pack.codes if pack else ())
    return [
        _headlines(figures, _quarter_before(area, cut), care_of(place_of(area), cut.today), below),
        _behind(pack, figures, townships, below),
        _towns(pack, townships),
        _exchange(standing_of(area, now), below),
        _late_tasks(area, cut.today),
        _resolutions(area, cut.today),
    ]


def _quarter_before(area: Division, cut: Cut) -> Figures:
    """The last day of the quarter before the one that the cut-off day lies in."""
    begin = quarter_start(cut.as_of.year, cut.slot)
    end = last_quarter_end(begin)
    return figures_of(area, Cut(end, cut.today))[0]


def _section(heading: str, paragraphs: Sequence[str], table: Mapping[str, Any] | None = None) -> dict[str, Any]:
    return {"heading": heading, "paragraphs": [said for said in paragraphs if said], "table": table}


def _table(
    title: str,
    first: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    note: str = "",
    *,
    in_words: bool = False,
) -> dict[str, Any]:
    """In the shape of rules.paper_table.table_facts. `in_words`: the last column holds sentences, no numbers."""
    lines = [{"name": name, "cells": list(cells)} for name, *cells in rows]
    return {
        "number": "", "title": title, "unit": "", "first": first, "heads": list(heads), "rows": lines, "total": None,
        "note": note, "in_words": in_words,
    }  # fmt: skip


def _headlines(figures: Figures, before: Figures, care: Care, below: int) -> dict[str, Any]:
    high, was_high = (sum(each.count(code) for code in HIGH) for each in (figures, before))
    lines: list[Headline] = [
        counted_headline("在册患者（人）", figures.count(REGISTERED.code), before.count(REGISTERED.code), below),
        *(rate_headline(each.name, figures.counts[each.code], before.counts[each.code], below) for each in RATES),
        counted_headline("危险性3级及以上（人）", high, was_high, below),
        counted_headline("现在逾期随访（人）", care.overdue_total, None, below),
        counted_headline("现在失访（人）", care.lost_total, None, below),
    ]
    rows = [(line.name, line.now, line.before, line.change) for line in lines]
    note = "各率为年初至季末累计，“上季末”跨年时为上一年全年的数，不宜直接比较。" if figures.cut.slot == 1 else ""
    return _section("一、主要数字", (), _table("主要数字", "项目", ("本季末", "上季末", "变化"), rows, note))


def _behind(pack: Pack | None, figures: Figures, townships: dict[str, Figures], below: int) -> dict[str, Any]:
    heading = "二、没有达到目标的指标"
    if pack is None:
        return _section(heading, ["本地还没有载入计划，没有目标可以对照。"])
    found = behind_rows(all_rows(pack, figures, townships), of_people=OF_PEOPLE, sensitive=SENSITIVE, below=below)
    if not found:
        return _section(heading, [f"《{pack.title}》由资料计算和已确认填报的目标都已达到。"])
    rows = [(row.name, row.value, row.target, row.gap, row.standing, row.departments) for row in found]
    heads = ("完成值", "目标", "还差", "进度", "责任单位")
    return _section(
        heading,
        [f"对照《{pack.title}》，{len(found)}项没有达到。"],
        _table("没有达到目标的指标", "指标", heads, rows, in_words=True),
    )


def _towns(pack: Pack | None, townships: dict[str, Figures]) -> dict[str, Any]:
    """By name of the target only: a township's own numbers are small."""
    heading = "三、乡镇（街道）预警"
    late = [town for town in towns_short(pack, townships, open_only=True) if town.late] if pack else []
    if not late:
        return _section(heading, ["没有乡镇（街道）因进度落后列入预警。"])
    rows = []
    for town in late:
        names = [row.row.name for row in town.late]
        more = f"等{len(names)}项" if len(names) > LISTED_TARGETS else ""
        rows.append((town.area.name, str(len(names)), "、".join(names[:LISTED_TARGETS]) + more))
    return _section(
        heading,
        [f"{len(townships)}个乡镇（街道）中，{len(late)}个按目前进度达不到目标，列入预警。"],
        _table("列入预警的乡镇（街道）", "乡镇（街道）", ("项数", "落后的目标"), rows, in_words=True),
    )


def _exchange(standing: ExchangeStanding, below: int) -> dict[str, Any]:
    names = {kind: AgencyKind(kind).label for kind in {*standing.unsigned, *standing.unanswered}}
    unsigned, unanswered = (
        hidden_counts({kind: counts.get(kind, 0) for kind in names}, below)
        for counts in (standing.unsigned, standing.unanswered)
    )
    rows = [
        (names[kind], unsigned.cells[kind].label, unanswered.cells[kind].label)
        for kind in sorted(names, key=lambda kind: names[kind])
    ]
    table = None
    if rows:
        rows.append(("合计", unsigned.total.label, unanswered.total.label))
        note = explained(unsigned, names, below) + explained(unanswered, names, below)
        heads = ("超期未签收（件）", "超期未反馈（件）")
        table = _table("预警签收和反馈", "部门", heads, rows, note)
    return _section("四、部门信息交换", [*_late_words(standing, bool(rows)), *_waiting_words(standing, below)], table)


def _late_words(standing: ExchangeStanding, any_late: bool) -> list[str]:
    limits = f"签收期限{standing.acknowledge_hours}小时、反馈期限{standing.answer_hours}小时"
    return [
        f"危险性3级及以上等预警，{limits}，超期的见下表。" if any_late else f"预警都在期限内签收和反馈（{limits}）。"
    ]


def _waiting_words(standing: ExchangeStanding, below: int) -> list[str]:
    """Rows are people: a few are not told, nor the open differences that are left beside a few late ones."""
    said = []
    if standing.packages_open:
        waiting = one_cell(standing.rows_waiting, below).label
        said.append(f"已发出、尚未办结的交换包{standing.packages_open}个，还没有回执的{waiting}行。")
    if standing.differences_open:
        late, open_ = standing.differences_late, standing.differences_open
        cells = hidden_counts({"late": late, "in_time": open_ - late}, below).cells
        overdue = f"，其中超期{cells['late'].label}件" if late else "，都在期限内"
        said.append(f"名册核实中的差异{one_cell(open_, below).label}件{overdue}。")
    return said


def _late_tasks(area: Division, today: date) -> dict[str, Any]:
    """Tasks are no people: nothing is hidden."""
    tasks = Task.objects.filter(area__code__startswith=area.code)
    offices, places = late_by_office(tasks, today), late_by_place(tasks, today)
    if not offices and not places:
        return _section("五、逾期任务", ["没有逾期的任务。"])
    rows = [(each.label, str(each.count)) for each in (*offices, *places)]
    return _section(
        "五、逾期任务",
        ["按牵头或负责的部门、承办的乡镇（街道）统计；一项任务由几个部门共同负责的，各计一项。"],
        _table("逾期任务", "部门或乡镇（街道）", ("逾期（项）",), rows),
    )


def _resolutions(area: Division, today: date) -> dict[str, Any]:
    heading = "六、上次联席会议议定事项"
    meeting = (
        Meeting.objects.filter(area=area, state=MeetingState.HELD, held_on__lte=today).order_by("-held_on").first()
    )
    if meeting is None:
        return _section(heading, ["系统里还没有已登记纪要的联席会议。"])
    tasks = with_lines(Task.objects.filter(meeting=meeting, parent=None)).order_by("pk")
    rows = [_resolution(task, today) for task in tasks]
    held = f"{day_words(meeting.held_on)}会议"
    if not rows:
        return _section(heading, [f"{held}没有登记议定事项。"])
    done = sum(task.state == TaskState.DONE for task in tasks)
    return _section(
        heading,
        [f"{held}议定{len(rows)}项，已完成{done}项。"],
        _table("上次会议议定事项", "事项", ("牵头单位", "期限", "状态", "最近进展"), rows, in_words=True),
    )


def _resolution(task: Any, today: date) -> tuple[str, str, str, str, str]:
    lead = [party.name for party in task.parties.all() if party.part == "lead"] or [
        party.name for party in task.parties.all() if party.part == "responsible"
    ]
    state = TaskState(task.state).label
    late = pressing(task.state, task.due_on, today)
    due = f"{task.due_on:%Y-%m-%d}" if task.due_on else "长期"
    words = f"{state}（{late.words.replace(' ', '')}）" if late.is_late else state
    said = f"{task.said_on:%m-%d} {task.said}" if task.said else NONE
    return task.name, "、".join(lead) or NONE, due, words, said
