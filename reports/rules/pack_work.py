"""What a plan asks for beside its figures: tasks with their departments, meetings, assessments, values it sets."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from accounts.rules.policy_keys import POLICY_KEYS
from reports.rules.ladder import Ladder
from reports.rules.rates import thousands
from reports.terms import AssessmentKind, Operator, Rhythm, TaskPart


@dataclass(frozen=True, slots=True)
class PackTask:
    """One task of the plan's text, in words of our own. `key` names it for good: the ledger hangs on it."""

    key: str
    name: str
    clause: str
    lead: tuple[str, ...] = ()
    support: tuple[str, ...] = ()
    responsible: tuple[str, ...] = ()
    due_on: date | None = None  # None: standing work
    unnamed: bool = False  # the plan's text names nobody

    @property
    def parties(self) -> Iterator[tuple[TaskPart, str]]:
        """Each department as the plan calls it, with its part, the leading ones first."""
        for part, names in (
            (TaskPart.LEAD, self.lead),
            (TaskPart.RESPONSIBLE, self.responsible),
            (TaskPart.SUPPORT, self.support),
        ):
            yield from ((part, name) for name in names)

    @property
    def due_words(self) -> str:
        return due_words(self.due_on)


def due_words(due_on: date | None) -> str:
    """A year's last day is the year: plans name years."""
    if due_on is None:
        return "长期"
    return f"{due_on.year} 年底" if (due_on.month, due_on.day) == (12, 31) else f"{due_on:%Y-%m-%d}"


@dataclass(frozen=True, slots=True)
class PackMeeting:
    """A rhythm in which departments meet. `who` empty: the plan does not say."""

    name: str
    rhythm: Rhythm
    clause: str
    who: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Assessment:
    """考核: of a year, by the figures of `as_of`."""

    kind: AssessmentKind
    year: int
    as_of: date
    clause: str
    who: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanSupervision:
    """督导, where the plan speaks of it. `ladder` None: it names no steps, so the common ones hold."""

    clause: str
    words: str  # what it asks for, in words of our own
    ladder: Ladder | None = None


@dataclass(frozen=True, slots=True)
class PolicyValue:
    """A value that the plan sets for its county. `setting`: the county's setting that it is held against."""

    key: str
    name: str
    value: Decimal | bool
    operator: Operator
    unit: str
    clause: str
    setting: str = ""

    @property
    def words(self) -> str:
        if isinstance(self.value, bool):
            return "是" if self.value else "否"
        sign = "" if self.operator is Operator.EQUAL else self.operator.sign
        return f"{sign}{thousands(self.value)} {self.unit}"

    def is_kept(self, now: object) -> bool:
        """The county's setting is what the plan asks for, or stricter where the plan states a limit."""
        if isinstance(self.value, bool) or isinstance(now, bool):
            return now is self.value
        held = Decimal(str(now))
        if self.operator is Operator.AT_LEAST:
            return held >= self.value
        return held <= self.value if self.operator is Operator.AT_MOST else held == self.value


@dataclass(frozen=True, slots=True)
class PolicyCheck:
    """One value of the plan beside what the county has set. Source: 计划包格式 policy."""

    value: PolicyValue
    now: str = ""  # in words; empty: this system has no setting for it
    is_kept: bool | None = None

    @property
    def verdict(self) -> str:
        if self.is_kept is None:
            return "系统没有这项设置，只显示"
        return "县级规则与计划一致" if self.is_kept else "县级规则与计划不同"


def check_policy(values: tuple[PolicyValue, ...], settings: Mapping[str, object]) -> tuple[PolicyCheck, ...]:
    """The plan's values against the county's settings of the day; neither changes the other. Source: 计划包格式 policy."""
    return tuple(
        PolicyCheck(value, POLICY_KEYS[value.setting].say(now), value.is_kept(now))
        if value.setting and (now := settings.get(value.setting)) is not None
        else PolicyCheck(value)
        for value in values
    )


@dataclass(frozen=True, slots=True)
class Work:
    departments: Mapping[str, str] = field(default_factory=dict)  # as the plan calls it → kind of agency
    tasks: tuple[PackTask, ...] = ()
    meetings: tuple[PackMeeting, ...] = ()
    assessments: tuple[Assessment, ...] = ()
    policy: tuple[PolicyValue, ...] = ()
    supervision: PlanSupervision | None = None

    def kind_of(self, name: str) -> str:
        return self.departments[name]

    def faults(self, file: str, first_year: int, last_year: int) -> list[str]:
        """What contradicts itself, each with the file."""
        said = [
            f"{file}：task 的 key（固定编号） {key} 用了不止一次。" for key in _twice(task.key for task in self.tasks)
        ]
        said += [
            f"{file}：policy 的 key（固定编号） {key} 用了不止一次。" for key in _twice(v.key for v in self.policy)
        ]
        said += [
            f"{file}：assessment 的 kind（中期或终期）“{AssessmentKind(kind).label}”写了不止一次。"
            for kind in _twice(found.kind for found in self.assessments)
        ]
        years = f"{first_year}—{last_year} 年"
        said += [
            f"{file}：任务“{task.name}”的 due（期限）{task.due_on.year} 不在计划的 {years}之内。"
            for task in self.tasks
            if task.due_on and not first_year <= task.due_on.year <= last_year
        ]
        for found in self.assessments:
            if not first_year <= found.year <= last_year:
                said.append(f"{file}：{found.kind.label}考核的 year（年份）{found.year} 不在计划的 {years}之内。")
            elif found.as_of.year != found.year:
                said.append(
                    f"{file}：{found.kind.label}考核的 as_of（数据截止日期）{found.as_of} 不在 {found.year} 年。"
                )
        return said


def _twice(values: Iterator[str]) -> list[str]:
    return sorted(value for value, count in Counter(values).items() if count > 1)
