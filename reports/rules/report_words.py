"""The report on a plan in words: what stands, why it is not reached, what comes next. Only figures speak.

Source: GB/T 9704-2012 (dates, brackets, numbers); practice notes E2 (columns of the annex). No sentence names anyone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from reports.rules.findings import Tally
from reports.rules.months import is_quarter_end, quarter_of
from reports.rules.pack import Pack
from reports.rules.plan_row import PlanRow, tally
from reports.rules.rates import printed
from reports.terms import FreezeKind, Kind, Mend, Standing, Unit

QUARTERS = "一二三四"
WORST = 3
SOURCES = "来源：“计算”由系统里的资料算出，“填报”由责任单位填报、卫生健康部门确认后计入。"
UNMET = (Standing.ON_TRACK, Standing.AT_RISK, Standing.FAR)


@dataclass(frozen=True, slots=True)
class Shortfall:
    """People not counted for one reason."""

    label: str
    count: int
    mend: Mend


@dataclass(frozen=True, slots=True)
class Subject:
    """Everything the report speaks of."""

    pack: Pack
    as_of: date
    made_on: date
    rows: tuple[PlanRow, ...]
    registered: int
    managed: int
    shortfalls: dict[str, tuple[Shortfall, ...]]  # by key of the row
    worst: dict[str, tuple[str, ...]]  # by key of the row: townships farthest below the target, worst first
    whole: str = "全县"


def whole_of(area: str) -> str:
    """全县, 全区, 全市: as the name of the area ends."""
    return {"市": "全市", "区": "全区", "省": "全省"}.get(area[-1:], "全县")


def day_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def title(subject: Subject) -> tuple[str, str]:
    """Two lines, broken by sense."""
    day = subject.as_of
    if is_quarter_end(day):
        span = f"{day.year}年度" if quarter_of(day) == 4 else f"{day.year}年第{QUARTERS[quarter_of(day) - 1]}季度"
    else:
        span = f"截至{day_words(day)}的"
    return subject.pack.short_title, f"{span}指标完成情况报告"


def opening(subject: Subject) -> str:
    return f"按照{subject.pack.document_number}文件要求，现将截至{day_words(subject.as_of)}的指标完成情况报告如下。"


def assessed(kind: FreezeKind, short_title: str, document_number: str, as_of: date) -> dict[str, str | list[str]]:
    """Title and opening of the report of an assessment: what was judged by its frozen figures. Empty for a quarter.

    Source: 滕州、阜新、中原 (2017/2018 中期, 2020 终期评估); 计划包 assessment.
    """
    if not kind.is_assessment:
        return {}
    day = day_words(as_of)
    whole = "执行期满的情况开展终期评估" if kind is FreezeKind.FINAL else f"执行情况开展{kind.label}"
    return {
        "title": [short_title, f"{kind.label}报告"],
        "opening": f"按照{document_number}文件要求，对计划{whole}。现将截至{day}的指标完成情况和评估结果报告如下。",
    }


def overall(subject: Subject) -> list[str]:
    counts = tally(subject.rows)
    unmet = sum(counts[standing] for standing in UNMET)
    kinds = [("达标", counts[Standing.MET]), ("未达标", unmet), ("待确认", counts[Standing.UNCONFIRMED]),
             ("数据缺失", counts[Standing.MISSING] + counts[Standing.NO_DATA]),
             ("只报告不评判", counts[Standing.REPORT_ONLY])]  # fmt: skip
    said = "，".join(f"{word}{count}项" for word, count in kinds if count)
    return [
        f"{subject.whole}在册患者{subject.registered}人，在管{subject.managed}人。{len(subject.rows)}项指标中，{said}。",
        *([] if not (met := _names(subject, Standing.MET)) else [f"已达标的是：{'；'.join(met)}。"]),
    ]


def reasons(subject: Subject) -> list[str]:
    """One paragraph a computed row that is not reached, one for all reported ones, one for those without figures."""
    unmet = [row for row in subject.rows if row.standing in UNMET]
    said = [_computed(subject, row) for row in unmet if row.row.kind is Kind.COMPUTED]
    if reported := [row for row in unmet if row.row.kind is Kind.REPORTED]:
        said.append("；".join(_gap(row) for row in reported) + "。")
    if ahead := [row for row in unmet if row.projected is not None]:
        each = "，".join(f"{row.row.name}{printed(row.projected, row.row.unit)}" for row in ahead)
        said.append(f"按目前进度推算，{ahead[0].target.year}年底{each}。")
    if absent := _absent(subject):
        said.append(absent)
    return said or ["各项指标均已达到目标。"]


def steps(subject: Subject) -> list[str]:
    """What follows from the figures themselves."""
    found: list[str] = []
    for row in subject.rows:
        mendable = [s for s in subject.shortfalls.get(row.row.key, ()) if s.mend in (Mend.ONE_VISIT, Mend.VISIT_FIRST)]
        if row.standing in UNMET and mendable and not any("逐一补访" in line for line in found):
            count = sum(shortfall.count for shortfall in mendable)
            found.append(f"对年内没有完整随访的{count}人逐一补访，优先安排病情不稳定和危险性评估等级较高的患者。")
    for row in subject.rows:
        if row.standing in UNMET and subject.worst.get(row.row.key):
            found.append(f"对{row.row.name}较低的{'、'.join(subject.worst[row.row.key])}专项督导。")
    if late := [row for row in subject.rows if row.standing is Standing.MISSING]:
        departments = "、".join(dict.fromkeys(row.row.departments[0] for row in late))
        found.append(f"请{departments}填报第{_numbers(late)}项的数据和依据。")
    if waiting := [row for row in subject.rows if row.standing is Standing.UNCONFIRMED]:
        found.append(f"尽快确认第{_numbers(waiting)}项的填报。")
    return found or ["继续按计划推进，保持已达到的水平。"]


def supervision(tally: Tally, clause: str) -> list[str]:
    """督导整改 up to the cut-off day, in counts. Source: issue 4, Build 8; the plan's clause."""
    if not tally.found:
        return [f"按照文件{_tight(clause)}的要求开展督导。截至统计日期没有登记督导问题。"]
    parts = [f"整改到位{tally.right}个"]
    parts += [f"{word}{count}个" for word, count in (("待确认", tally.waiting), ("正在整改", tally.open - tally.overdue),
                                                    ("到期未整改", tally.overdue)) if count]  # fmt: skip
    listed = f"挂牌督办中的单位{tally.listed}个。" if tally.listed else "没有单位在挂牌督办中。"
    return [f"按照文件{_tight(clause)}的要求开展督导，发现问题{tally.found}个：{'，'.join(parts)}。{listed}"]


def notes(subject: Subject) -> list[str]:
    """Definitions and what must be known to read the table; rows of which the same is said share a note."""
    told: dict[str, list[PlanRow]] = {}
    for row in subject.rows:
        if row.standing in (Standing.UNCONFIRMED, Standing.NO_DATA, Standing.MISSING, Standing.REPORT_ONLY):
            told.setdefault(_tight(row.note), []).append(row)
    found = ["完成率＝完成值÷目标值。", SOURCES, *(f"第{_numbers(rows)}项{said}。" for said, rows in told.items())]
    found.append(
        "规范管理率为国家口径：年初至截止日相邻两次完整随访相隔都不超过3个月（按月份计）；各率的分母为截止日在册患者。"
    )
    return [f"{place}.{text}" for place, text in enumerate(found, 1)]


def annex_row(row: PlanRow) -> dict[str, str | list[str]]:
    """One line of the annex; cells are text, "—" for none."""
    signed = row.row.unit in (Unit.PERCENT, Unit.PERMILLE)
    value = row.value_text.rstrip("%‰") if signed else row.value_text
    return {
        "number": str(row.row.number),
        "category": row.row.category,
        "name": row.row.name,
        "unit": row.row.unit_word,
        "base": row.base_text.rstrip("%‰") if signed else row.base_text,
        "target": row.target_text.rstrip("%‰"),
        "value": value.replace(",", ""),
        "fraction": row.fraction_text.replace(",", "").replace(" / ", "／").removesuffix(f" {row.row.unit_word}"),
        "completion": row.completion,
        "met": row.standing.printed,
        "source": "计算" if row.row.kind is Kind.COMPUTED else "填报",
        "clause": row.row.clause,
        "departments": departments(row.row.departments),
    }


def departments(names: tuple[str, ...]) -> list[str]:
    """One a line; more than two are counted."""
    return [f"{names[0]}等{len(names)}家"] if len(names) > 2 else list(names)


def _numbers(rows: Iterable[PlanRow]) -> str:
    """Each number once, also where several rows share it."""
    return "、".join(dict.fromkeys(str(row.row.number) for row in rows))


def _names(subject: Subject, standing: Standing) -> list[str]:
    return [f"{row.row.name}{row.value_text.replace(',', '')}" for row in subject.rows if row.standing is standing]


def _gap(row: PlanRow) -> str:
    target = row.goal_text
    short = f"，距{target}差{row.missing}{row.row.gap_word}" if row.missing else f"，目标{row.target_text}"
    return f"{row.row.name}{row.value_text.replace(',', '')}{short}"


def _computed(subject: Subject, row: PlanRow) -> str:
    numerator, denominator = row.value.numerator, row.value.denominator
    fraction = f"（{numerator}／{denominator}）" if denominator is not None else ""
    head = _gap(row).replace(row.value_text.replace(",", ""), row.value_text.replace(",", "") + fraction, 1)
    parts = [f"{shortfall.count}人{_tight(shortfall.label)}" for shortfall in subject.shortfalls.get(row.row.key, ())]
    if not parts or numerator is None or denominator is None:
        return head + "。"
    return f"{head}：{int(denominator) - int(numerator)}人未计入，其中{'，'.join(parts)}。"


def _absent(subject: Subject) -> str:
    """Rows without a figure that counts, by what is missing."""
    endings = {Standing.UNCONFIRMED: "已填报，尚未确认", Standing.MISSING: "尚未填报", Standing.NO_DATA: "暂无数据"}
    said = ""
    for standing, ending in endings.items():
        names = [row.row.name for row in subject.rows if row.standing is standing]
        said += f"{'、'.join(names)}{ending}。" if names else ""
    return said


def _tight(words: str) -> str:
    """Print sets no spaces between Chinese and digits; the screen does."""
    return words.replace(" ", "")
