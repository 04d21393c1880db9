"""Incidents (危险行为事件): what may be written, what follows, and how a record moves. Pure; moments are local."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from accounts.rules.day_words import long_day
from accounts.rules.machine import Machine, Step
from accounts.terms import Permission
from followup.rules.choice import Problem
from followup.rules.facts import DANGERS
from followup.terms import IncidentKind, IncidentState, LegalResult

S = IncidentState
LARGEST_COUNT = 99
LARGEST_LOSS = 1_000_000_000
SELF_KINDS = ("self_harm", "suicide_attempt")
SELF_LEVEL = 4
CRIME_LEVEL = 3

INCIDENT_MACHINE: Machine[IncidentState] = Machine(
    name="incident",
    label="事件记录",
    source="表1-8 危险行为; design decisions B19–B21; access model F8 (claim by the township, confirmed by the county).",
    states=tuple(IncidentState),
    starts=frozenset({S.REPORTED}),
    ends=frozenset({S.CLOSED, S.DISMISSED}),
    steps=(
        Step(S.REPORTED, S.CONFIRMED, "确认", Permission.CONFIRM_INCIDENT, "followup.incident.confirmed"),
        Step(S.REPORTED, S.DISMISSED, "登记为不属实", Permission.CONFIRM_INCIDENT, "followup.incident.dismissed", True),
        Step(S.CONFIRMED, S.CLOSED, "了结", Permission.CONFIRM_INCIDENT, "followup.incident.closed", True),
        Step(
            S.CONFIRMED, S.DISMISSED, "更正为不属实", Permission.CONFIRM_INCIDENT, "followup.incident.dismissed", True
        ),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentFacts:
    """One incident as it is written down. Units: counts of acts, persons, whole yuan; level 0–5 of this act."""

    happened_at: datetime
    level: int
    minor_trouble: int = 0
    trouble: int = 0
    crime: int = 0
    other_harm: int = 0
    self_harm: int = 0
    suicide_attempt: int = 0
    injured: int = 0
    dead: int = 0
    loss_yuan: int = 0
    sent_to_hospital: bool = False
    legal_result: str = LegalResult.NONE
    meeting_on: date | None = None
    place: str = ""
    harm: str = ""
    police_case: str = ""
    handling: str = ""
    hospital: str = ""
    legal_text: str = ""
    meeting_text: str = ""

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(name for name in DANGERS if getattr(self, name))

    @property
    def words(self) -> str:
        """肇事 1 次、自伤 2 次"""
        return "、".join(f"{IncidentKind(name).label} {getattr(self, name)} 次" for name in self.kinds)


def problems(facts: IncidentFacts, *, now: datetime, birth_on: date | None) -> list[Problem]:
    """Everything that cannot be, field by field. Source: 表1-8 危险行为; 规范2018 危险性评估 0–5."""
    found = []
    if facts.happened_at > now:
        found.append(Problem("happened_at", "发生时间不能晚于现在。"))
    if birth_on is not None and facts.happened_at.date() < birth_on:
        found.append(Problem("happened_at", f"发生时间不能早于出生日期 {birth_on}。"))
    if not facts.kinds:
        found.append(Problem("minor_trouble", "至少填一种行为的次数。"))
    found += [Problem(name, f"次数应在 0 到 {LARGEST_COUNT} 之间。") for name in DANGERS if _many(getattr(facts, name))]
    found += [Problem(name, "人数应在 0 到 99 之间。") for name in ("injured", "dead") if _many(getattr(facts, name))]
    if facts.loss_yuan > LARGEST_LOSS:
        found.append(Problem("loss_yuan", "金额太大，请核对。单位是元。"))
    if not facts.place:
        found.append(Problem("place", "请写明发生地点。"))
    if facts.sent_to_hospital and not facts.hospital:
        found.append(Problem("hospital", "已送医的，请写明送到哪家医院。"))
    if facts.meeting_on and facts.meeting_on < facts.happened_at.date():
        found.append(Problem("meeting_on", "评估会的日期不能早于事件发生的日期。"))
    return found


def _many(number: int) -> bool:
    return not 0 <= number <= LARGEST_COUNT


def remarks(facts: IncidentFacts) -> list[Problem]:
    """What is possible but needs a second look. Source: 规范2018 危险性 4 级（包括自伤、自杀）; decisions C24."""
    found = []
    if any(getattr(facts, name) for name in SELF_KINDS) and facts.level < SELF_LEVEL:
        found.append(Problem("level", "有自伤或自杀未遂，按规范属于 4 级及以上。"))
    if facts.crime and facts.level < CRIME_LEVEL:
        found.append(Problem("level", "有肇祸行为，一般属于 3 级及以上。"))
    if facts.dead and not facts.crime:
        found.append(Problem("dead", "填了死亡人数，但没有肇祸次数。"))
    return found


@dataclass(frozen=True)
class IncidentPolicy:
    """County settings. Units: level 0–5, whole days, whole yuan are not used here."""

    from_level: int = 3
    alert_days: int = 30
    tells_minor: bool = False
    unstable_days: int = 14
    prompt_days: int = 14
    holds_subsidy: bool = True


def tells_offices(facts: IncidentFacts, *, today: date, policy: IncidentPolicy) -> bool:
    """True when the confirmed incident is an entry of the alert. Source: decisions B19; the rest are settings.

    轻度滋事 alone below the threshold stays on the health side unless the county says otherwise; an incident of long ago
    is history and tells nobody. Units: whole days; the last day still counts.
    """
    if (today - facts.happened_at.date()).days > policy.alert_days:
        return False
    grave = facts.level >= policy.from_level or any(kind != IncidentKind.MINOR_TROUBLE for kind in facts.kinds)
    return grave or policy.tells_minor


def what_follows(facts: IncidentFacts, *, state: str, tells: bool, policy: IncidentPolicy) -> tuple[str, ...]:
    """In words, one sentence each: class, plan, alert, subsidy. Source: 规范第三版 分类干预 1; decisions B19–B21."""
    if state == S.DISMISSED:
        return ("登记为不属实：不影响分类、计划和补贴，通报过的内容已收回。",)
    if state == S.CLOSED:
        return ("已了结：不再单独保持预警；分类和等级以之后的随访评估为准。",)
    day = facts.happened_at.date()
    by = day + timedelta(days=policy.unstable_days)
    words = [f"分类：请尽快随访并重新评估，最迟 {long_day(by)}；新的评估保存之前，档案上的等级和分类不变。"]
    if state == S.REPORTED:
        return (
            *words,
            "计划：确认后须有一人一方案。",
            "通报：县精防办或精神科医师确认后才通报派出所和综治中心；评估达到通报标准的随访，保存时立即通报。",
            "补贴：确认前不影响监护补贴。",
        )
    words.append("计划：须有一人一方案，写明救治服务和看护管理的措施、责任人和复评日期。")
    words.append(
        "通报：已通报派出所和综治中心；事件了结前，等级下降也不解除。" if tells else "通报：按县里的规则不需要通报。"
    )
    held = "补贴：事件了结前标为“核实中”，是否暂缓发放由政法委按县里办法决定。"
    words.append(held if policy.holds_subsidy else "补贴：按县里的规则不受影响。")
    return tuple(words)


def follows_without_file(*, state: str, over: bool) -> tuple[str, ...]:
    """In words, as long as there is no file. `over`: the clue has ended without one.

    Source: 表1-2; 规范2018 应急处置 (unregistered: the file first, then the record).
    """
    if state == S.DISMISSED:
        return ("登记为不属实：不随人转入档案。",)
    if over:
        return ("线索已经办结，没有建档：事件不影响分类、计划和补贴；线索的个人信息删去时，这里的经过一并删去。",)
    words = ["诊断：请尽快核实线索、送诊；确诊后先建档，事件随人转入档案。"]
    if state == S.REPORTED:
        words.append("确认：县精防办核对确认；确认前只作登记。")
    words.append("通报：没有建档的人不经本系统通报；建档后按县里的规则通报派出所和综治中心。有现实危险的，立即打 110。")
    words.append("分类、计划和补贴：建档后才适用。")
    return tuple(words)


LOOK_BACK = 92  # days before a first record in which an incident still counts as the one it speaks of


def asks_for_incident(visited_on: date, previous_on: date | None, incidents: Iterable[date]) -> bool:
    """Whether a record with dangers ticked still has no incident of its period: a prompt, never a record by itself.

    Source: 表1-8 危险行为 (between the last record and this one). Units: local days; the day of the last record counts.
    """
    since = previous_on or visited_on - timedelta(days=LOOK_BACK)
    return not any(since <= day <= visited_on for day in incidents)


def needs_visit_by(happened_on: date, last_visit_on: date | None, policy: IncidentPolicy) -> date | None:
    """The day by which a person must be seen after an incident; None when a record of that day or later is there.

    Source: 规范第三版 分类干预 1 (2 周内). Units: whole days.
    """
    if last_visit_on is not None and last_visit_on >= happened_on:
        return None
    return happened_on + timedelta(days=policy.unstable_days)
