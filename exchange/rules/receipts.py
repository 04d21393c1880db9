"""回执: rows that a package was sent with, and what the office says about each; the sum always comes out."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from uuid import UUID

from accounts.rules.machine import Machine, Step
from accounts.terms import Permission
from exchange.terms import ListKind, RefusalState, RefusedBecause, RowVerdict

V, R, S, P = RowVerdict, RefusedBecause, RefusalState, Permission
LONGEST_NOTE = 100
ISSUE = "填表编号"
COLUMNS = ("行号", "结果", "退回原因", "说明", ISSUE)
NEEDED = (*COLUMNS[:2], ISSUE)
WITHOUT_SERIAL = frozenset({ListKind.TOTALS})  # about nobody in particular: nothing to find in a register
_SERIAL = re.compile(r"([0-9A-F]{8})-([0-9]{5,7})")
_ISSUE = re.compile(r"R([0-9]{14})([0-9]{3})")
_HERE = timezone(timedelta(hours=8))
FAST_CLOCK = timedelta(minutes=10)  # of the office that makes its sheets by a program of its own
# What the township knows better than the county: it is asked first. Source: issue 4, Build 5.
OF_FACTS = frozenset({R.NO_SUCH_PERSON, R.WRONG_FACTS, R.MOVED_AWAY})
TO_DO = {
    R.NO_SUCH_PERSON: "请核对姓名、证件号和住址；有误先在档案里更正。",
    R.WRONG_FACTS: "请按接收单位的说明核对资料；有误先在档案里更正。",
    R.MOVED_AWAY: "请核实是否已经搬走；已搬走的办理档案移交。",
    R.NOT_OURS: "请核对这个人该发给哪个单位，再决定是否收回这一行。",
    R.TWICE: "请核对是否重复建档；是同一个人的提出合并档案。",
    R.NO_BASIS: "请对照协议和接收模板；超出的请停用模板或收回。",
}
REFUSALS = Machine(
    name="package_refusal",
    label="退回的行",
    source="issue 4, Build 5: a row that was sent back becomes a task of the county, of the township where it is about facts",
    states=tuple(S),
    starts=frozenset({S.CHECKING, S.DECIDING}),
    ends=frozenset({S.SETTLED}),
    steps=(
        Step(S.CHECKING, S.DECIDING, "核实", P.ANSWER_REFUSAL, "exchange.refusal.checked"),
        Step(S.CHECKING, S.SETTLED, "办结", P.PREPARE_PACKAGE, "exchange.refusal.settled"),
        Step(S.DECIDING, S.SETTLED, "办结", P.PREPARE_PACKAGE, "exchange.refusal.settled"),
    ),
)


@dataclass(frozen=True)
class Said:
    """What the office says about one row."""

    serial: int
    verdict: str
    because: str = ""
    note: str = ""


@dataclass(frozen=True)
class Balance:
    """Built from what was said only: 待核对 is the rest, so the sum cannot fail to come out. Source: issue 4, Build 5."""

    sent: int
    matched: int = 0
    unmatched: int = 0
    refused: int = 0

    @property
    def pending(self) -> int:
        return self.sent - self.matched - self.unmatched - self.refused

    @classmethod
    def of(cls, sent: int, said: Mapping[int, str]) -> "Balance":
        """`said`: the newest verdict of each row that has one."""
        values = list(said.values())
        return cls(sent, values.count(V.MATCHED), values.count(V.UNMATCHED), values.count(V.REFUSED))

    @property
    def is_done(self) -> bool:
        return self.pending == 0


@dataclass(frozen=True)
class Wrong:
    """One thing that keeps a receipt from being taken: the line it stands in, and the sentence."""

    line: int
    sentence: str


@dataclass
class Reading:
    """A receipt as it was sent: what it says, or why none of it is taken."""

    said: list[Said] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)


def prefix_of(package: UUID) -> str:
    return package.hex[:8].upper()


def serial_of(package: UUID, number: int) -> str:
    """行号: the package's own mark and the row's place in it; says nothing about a person."""
    return f"{prefix_of(package)}-{number:05d}"


def sent_rows(lists: Iterable[tuple[str, int]]) -> int:
    """Rows about people; totals of townships have no 行号. `lists`: kind and rows, in the package's order."""
    return sum(rows for kind, rows in lists if kind not in WITHOUT_SERIAL)


def list_of(lists: Sequence[tuple[str, int]], number: int) -> tuple[str, int]:
    """Which list the row stands in, and at which place (from 0). Raises: ValueError."""
    rest = number - 1
    for kind, rows in lists:
        if kind in WITHOUT_SERIAL:
            continue
        if 0 <= rest < rows:
            return kind, rest
        rest -= rows
    raise ValueError(number)


def read_lines(
    lines: Iterable[tuple[int, Mapping[str, str]]], *, package: UUID, sent: int, others: Mapping[str, str]
) -> Reading:
    """Lines of a receipt, each with its number. `others`: mark -> name of the office's other packages.

    All or nothing: with anything wrong nothing is said. Source: issue 4, Build 5; bad input.
    """
    found, seen = Reading(), dict[int, int]()
    for line, cells in lines:
        text = cells.get("serial", "").strip().upper()
        number, sentence = _number(text, package, sent, others)
        if number is None:
            found.wrong.append(Wrong(line, sentence))
        elif number in seen:
            found.wrong.append(Wrong(line, f"行号 {text} 在第 {seen[number]} 行已经有了。每个行号只填一次。"))
        else:
            seen[number] = line
            said, sentence = _said(number, cells)
            if said is None:
                found.wrong.append(Wrong(line, sentence))
            else:
                found.said.append(said)
    if not found.said and not found.wrong:
        found.wrong.append(Wrong(0, "没有一行结果。请至少填一行，或者按“全部一致”。"))
    if found.wrong:
        found.said = []
    return found


def _number(text: str, package: UUID, sent: int, others: Mapping[str, str]) -> tuple[int | None, str]:
    if not text:
        return None, "没有填行号。行号在包里每张表的第一列。"
    match = _SERIAL.fullmatch(text)
    if match is None:
        return None, f"“{text[:20]}”不像行号。行号是 8 位字母数字、一横、5 位数，例如 {serial_of(package, 1)}。"
    if match[1] != prefix_of(package):
        if match[1] in others:
            return None, f"行号 {text} 属于另一个包：{others[match[1]]}。请在那个包里登记。"
        return None, f"行号 {text} 不在发给本单位的包里。请核对是不是拿错了文件。"
    number = int(match[2])
    if not 1 <= number <= sent:
        return None, f"行号 {text} 不在这个包里，这个包的行号到 {serial_of(package, sent)} 为止。"
    return number, ""


_WORDS = {**{one.label: one.value for one in V}, **{one.value: one.value for one in V}}
_REASONS = {**{one.label: one.value for one in R}, **{one.value: one.value for one in R}}


def _said(number: int, cells: Mapping[str, str]) -> tuple[Said | None, str]:
    word, why, note = (cells.get(name, "").strip() for name in ("verdict", "because", "note"))
    verdict = _WORDS.get(word)
    if verdict is None:
        words = "、".join(one.label for one in V)
        return None, f"结果“{word[:20]}”不认识。请填{words}中的一个。" if word else f"没有填结果。请填{words}中的一个。"
    because = _REASONS.get(why, "")
    reasons = "、".join(one.label for one in R)
    if verdict == V.REFUSED and not because:
        return None, f"退回要有原因。请填{reasons}中的一个。"
    if verdict != V.REFUSED and why:
        return None, "只有退回的行才填退回原因。"
    if len(note) > LONGEST_NOTE:
        return None, f"说明太长。请写在 {LONGEST_NOTE} 个字以内。"
    return Said(number, verdict, because, note), ""


def wrong_columns(headers: Iterable[str]) -> str:
    """The sentence about a receipt sheet whose columns are not ours; empty when they are."""
    given = [name.strip() for name in headers]
    if lacking := [name for name in NEEDED if name not in given]:
        return f"这不是回执表：缺少“{'”“'.join(lacking)}”列。请下载回执表再填。"
    if more := [name for name in given if name and name not in COLUMNS]:
        return f"回执表里不该有“{'”“'.join(more)}”列。请只留{'、'.join(COLUMNS)}。"
    return ""


def issue_mark(at: datetime) -> str:
    """填表编号: when a sheet was made, to the millisecond; a letter in front, so that no table program rewrites it."""
    here = at.astimezone(_HERE)
    return f"R{here:%Y%m%d%H%M%S}{here.microsecond // 1000:03d}"


def _issued_at(text: str) -> datetime | None:
    match = _ISSUE.fullmatch(text.strip().upper())
    try:
        found = datetime.strptime(match[1], "%Y%m%d%H%M%S").replace(tzinfo=_HERE) if match else None
    except ValueError:
        return None
    return found + timedelta(milliseconds=int(match[2])) if found and match else None


def read_issue(marks: Iterable[tuple[int, str]], *, earliest: datetime, now: datetime) -> datetime | Wrong:
    """When a sheet was made, or why that cannot be told: a sheet that was carried by hand may come after a later one.

    `marks`: line and 填表编号 of each filled line. Source: issue 4, Build 5; bad input (older sequence).
    """
    seen: tuple[int, str] | None = None
    for line, text in marks:
        if seen is not None and text != seen[1]:
            return Wrong(line, f"{ISSUE}与第 {seen[0]} 行不同。一份回执里只放一次下载的表。")
        seen = (line, text)
    line, text = seen or (0, "")
    found = _issued_at(text)
    if found is None:
        return Wrong(line, f"没有看懂{ISSUE}“{text[:20]}”。请不要改这一列；缺了的请重新下载回执表。")
    if found > now + FAST_CLOCK:
        return Wrong(line, f"{ISSUE}比现在还晚。请核对填表电脑的时间，或重新下载回执表。")
    if found + timedelta(milliseconds=1) <= earliest:
        return Wrong(line, f"{ISSUE}比文件的签发还早。请重新下载回执表。")
    return found


def first_state(because: str) -> RefusalState:
    """Who looks at a row that was sent back first."""
    return S.CHECKING if because in OF_FACTS else S.DECIDING


def may_close(balance: Balance, because: str) -> str:
    """The sentence that keeps a period open; empty when it may be closed. Source: issue 4, Build 5."""
    if balance.is_done or because.strip():
        return ""
    return f"还有 {balance.pending} 行没有回执。等回执齐了再办结，或者写明为什么现在办结。"
