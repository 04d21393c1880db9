"""The roster as a file: its columns, and the steps from asking to fetching.

Source: design features, "A real user of our kind" (two serial numbers, text numbers, remarks left blank, 20 columns);
security T12 (two people, at most three downloads within 24 hours).
"""

from typing import Any

from accounts.rules.machine import Machine, Step
from accounts.terms import Permission
from registry.rules.patient_row import COLUMNS
from registry.rules.person import LABELS, PersonFacts
from registry.rules.saying import say
from registry.terms import ExportKind, ExportState

S = ExportState
EXPORTS = Machine(
    name="export",
    label="名册导出",
    source="security T12, 3.7: asked by one, allowed by another within 72 hours, fetched by the first within 24",
    states=tuple(S),
    starts=frozenset({S.ASKED}),
    ends=frozenset({S.REFUSED, S.DONE, S.EXPIRED}),
    steps=(
        Step(S.ASKED, S.ALLOWED, "同意", Permission.ALLOW_EXPORT, "registry.export.allowed"),
        Step(S.ASKED, S.REFUSED, "不同意", Permission.ALLOW_EXPORT, "registry.export.refused", needs_reason=True),
        Step(S.ASKED, S.EXPIRED, "过期", None, "registry.export.expired"),
        Step(S.ALLOWED, S.DONE, "第三次下载", None, "registry.export.fetched"),
        Step(S.ALLOWED, S.EXPIRED, "过期", None, "registry.export.expired"),
    ),
)
DOWNLOADS, DECIDE_HOURS, FETCH_HOURS, MOST_ROWS = 3, 72, 24, 10_000

ROSTER = (
    "序号", "内部编号", "姓名", "性别", "出生日期", "身份证号", "无证件原因", "现住地区划代码", "现住详址", "户籍详址",
    "联系电话", "监护人姓名", "与患者关系", "监护人电话", "诊断", "确诊日期", "确诊医院", "建档日期", "知情同意", "备注",
)  # fmt: skip
WHOLE = ("序号", "内部编号", "临时编号", *COLUMNS, "备注")
_FIELD = {label: name for name, label in LABELS.items()}
_AS_CODE = frozenset({"consent", "poor", "past_danger"})
_IN_CLEAR = frozenset({"id_number", "phone", "guardian_phone", "guardian_id_number", "disability_number"})


def columns_of(kind: str) -> tuple[str, ...]:
    return ROSTER if kind == ExportKind.ROSTER else WHOLE


def line(kind: str, serial: int, number: str, temporary: str, facts: PersonFacts) -> list[str]:
    """One row, every cell text. `serial` is counted anew in each file; `number` never changes; remarks stay empty."""
    own = {"序号": str(serial), "内部编号": number, "临时编号": temporary, "备注": ""}
    return [own[name] if name in own else _cell(_FIELD[name], facts) for name in columns_of(kind)]


def _cell(name: str, facts: PersonFacts) -> str:
    value: Any = getattr(facts, name)
    if value is None:
        return ""
    if name == "poor":
        return "1" if value else "2"
    if name in _AS_CODE:
        return str(int(value))
    return str(value) if name in _IN_CLEAR else say(name, value, {})  # codes stay codes: the file is read again
