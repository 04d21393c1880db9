"""The aside of the visit form: the server's verdict in words, and what saving will do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from accounts.doors import can
from accounts.models import Agency, User
from accounts.queries.calendar import work_calendar
from accounts.queries.offices import offices_for
from accounts.rules.calendar import add_working_days
from accounts.rules.day_words import long_day
from accounts.terms import AgencyKind, Permission
from followup.forms.visit import VisitEntry, label_of, missing
from followup.queries.visits import previous_record
from followup.rules.choice import Decision, decide, own_choice
from followup.rules.classification import Verdict, judge
from followup.rules.facts import Choice, VisitFacts
from followup.rules.policy import CarePolicy
from followup.services.visits import Recorded, care_policy
from followup.terms import Stability
from followup.views.words import Chip, class_chip, weekday
from registry.models import Patient

ALERT_KINDS = (AgencyKind.POLICE, AgencyKind.POLITICAL_LEGAL)
CONTENT = (
    "只含姓名、性别、年龄、住址、级别和日期、监护人与责任人电话；不含诊断、症状、用药。"
    "综治部门看不到门牌号和监护人电话。"
)


@dataclass(frozen=True)
class Then:
    """One line of 保存后."""

    icon: str
    text: str
    lead: str = ""
    hint: str = ""
    now: bool = False


@dataclass(frozen=True)
class Missing:
    label: str
    anchor: str


@dataclass(frozen=True)
class Summary:
    chip: Chip | None
    short: str
    because: str
    next_words: str  # 12 月 21 日前
    next_full: str  # 12 月 21 日 星期一前
    next_why: str
    next_hint: str
    then: tuple[Then, ...]
    then_short: str
    calm: bool
    save: str
    missing: tuple[Missing, ...]
    # for the script: what the system would fill in
    suggested: str = ""
    next_on: str = ""
    milder: bool = False
    problem: str = ""


UNJUDGED = "选好危险性级别，这里会显示分类和下次随访日期。"


@dataclass(frozen=True)
class Judging:
    """Everything a verdict on the form needs; read once a request."""

    patient: Patient
    policy: CarePolicy
    today: date
    offices: Sequence[Agency]
    but_root: int | None = None
    closes: bool = True  # whoever saves may close files

    @classmethod
    def of(cls, patient: Patient, policy: CarePolicy, today: date, by: User, but_root: int | None = None) -> "Judging":
        offices = offices_for(patient.duty_township, ALERT_KINDS)
        return cls(patient, policy, today, offices, but_root, can(by, Permission.CLOSE_PATIENT, patient))

    def rules_of(self, day: date) -> CarePolicy:
        """A record is judged by the rules of its own date, as saving will do."""
        return self.policy if day >= self.today else care_policy(self.patient.duty_county, day)

    def watched_on(self, day: date) -> bool:
        """The newest assessment is one of which offices are told: what is recorded from its day on, they hear too."""
        level, last = self.patient.last_level, self.patient.last_visit_on
        return level is not None and level >= self.policy.alert_from_level and last is not None and day >= last


def summary(form: VisitEntry, about: Judging) -> Summary:
    """From whatever stands in the form now, complete or not."""
    if not form.is_bound or not form.has_facts:
        return _blank(about)
    return summary_of(form.facts(), form.choice(), about)


def summary_of(facts: VisitFacts, choice: Choice, about: Judging) -> Summary:
    rules = about.rules_of(facts.visited_on)
    previous = previous_record(about.patient, facts.visited_on, rules, but_root=about.but_root)
    verdict = judge(facts, rules, previous)
    choice = own_choice(choice, verdict)
    decision = decide(facts, verdict, choice, rules, previous)
    tells = _tells(facts.level, facts.visited_on, about.policy, about.today)
    late = not tells and facts.level is not None and facts.level >= about.policy.alert_from_level
    then = _alert(about) if tells else _quiet(facts, late, about)
    heard = any(line.icon == "send" for line in then)
    return Summary(
        **_verdict_words(facts, choice, verdict, decision, about.today),
        then=then,
        then_short=_short(about, tells=tells, heard=heard),
        calm=not tells,
        save="保存并通报" if tells else "保存随访",
        missing=tuple(Missing(label_of(name), f"q-{name}") for name in missing(facts)),
    )


def _short(about: Judging, *, tells: bool, heard: bool) -> str:
    if tells:
        return f"保存后立即通报 {_names(_near(about))}"
    return "保存后各单位会收到通知" if heard else "保存后不通报任何部门"


def _verdict_words(
    facts: VisitFacts, choice: Choice, verdict: Verdict, decision: Decision, today: date
) -> dict[str, object]:
    unjudged = not facts.is_complete
    due = decision.next_due_on
    milder = verdict.stability is not None and decision.stability is not None and decision.stability > verdict.stability
    return {
        "chip": class_chip(decision.stability),
        "short": UNJUDGED if unjudged and not (facts.is_lost or facts.died_on) else verdict.short,
        "because": "" if unjudged else verdict.because,
        "next_words": f"{long_day(due, today)}前" if due else "—",
        "next_full": f"{long_day(due, today)} {weekday(due).replace('周', '星期')}前" if due else "",
        "next_why": decision.due_reason,
        "next_hint": f"{decision.due_reason}。可以提前，不能推后。" if due else "",
        "suggested": str(verdict.stability or ""),
        "next_on": due.isoformat() if due and choice.next_due_on is None else "",
        "milder": milder,
        "problem": decision.problems[0].message if decision.problems and not milder else "",
    }


def _blank(about: Judging) -> Summary:
    near = _names(_near(about))
    return Summary(
        chip=None, short=UNJUDGED, because="", next_words="—", next_full="", next_why="", next_hint="",
        then=(Then("info", f"{about.policy.alert_from_level} 级及以上，保存后立即通报 {near}；其他级别不通报。"),),
        then_short="3 级及以上会立即通报", calm=True, save="保存随访",
        missing=(),
    )  # fmt: skip


def _near(about: Judging) -> list[Agency]:
    return [office for office in about.offices if office.division_id == about.patient.duty_township]


def _names(offices: Sequence[Agency]) -> str:
    return "、".join(office.name for office in offices) or "派出所和综治中心"


def _alert(about: Judging) -> tuple[Then, ...]:
    county = [office for office in about.offices if office.division_id != about.patient.duty_township]
    also = f"，同时报{_names(county)}" if county else ""
    confirm_by = add_working_days(about.today, about.policy.psychiatrist_confirms_days, work_calendar())
    return (
        Then("send", f"{_names(_near(about))}{also}。", lead="立即通报", hint=CONTENT, now=True),
        Then("person", f"请精神科医师 {long_day(confirm_by)} 前复核级别"),
        Then("file", "制定“一人一方案”，并建议协同随访"),
    )


def _quiet(facts: VisitFacts, late: bool, about: Judging) -> tuple[Then, ...]:
    if late:
        return (Then("info", "这是一周以前的随访，补记后不再通报；如情况仍然紧急，请直接联系派出所。"),)
    watched = about.watched_on(facts.visited_on)
    if facts.is_lost:
        told = [Then("send", "通报过的单位会收到失访的通知，协助查找")] if watched else []
        return (Then("alert", "患者状态改为失访"), *told, Then("check", "失访登记和书面报告请随后办理"))
    over = Then("send", "不发新的通报；以前的通报解除或等精神科医师复核，各单位会收到通知")
    if facts.died_on:
        closes = Then("file", "档案从死亡日期起结案，不再列入今日工作")
        return (closes, *([over] if watched else [])) if about.closes else (Then("file", "由乡镇核实死亡后结案"),)
    lines = [over if watched and facts.level is not None else Then("check", "不通报任何部门")]
    if facts.is_complete:
        lines.append(Then("clock", "到期前一周出现在“今日工作”"))
    return tuple(lines)


def _tells(level: int | None, visited_on: date, policy: CarePolicy, today: date) -> bool:
    """Whether an assessment is told to the offices: high enough, and not a late entry of what is past."""
    high = level is not None and level >= policy.alert_from_level
    return high and (today - visited_on).days <= policy.alert_late_days


def saved_words(patient: Patient, saved: Recorded, policy: CarePolicy, today: date) -> str:
    """已保存 冉启华 11-24 的随访，下次随访 12 月 6 日前：基本稳定，两周内复查。"""
    visit = saved.visit
    told = ""
    if saved.alert:  # the case is open: by this record, or still
        tells = _tells(visit.level, visit.visited_on, policy, today)
        told = "，已通报派出所和综治中心" if tells else "，以前的通报还没有解除"
    due, reason = visit.next_due_on, f"：{visit.due_reason}" if visit.due_reason else ""
    following = f"，下次随访 {long_day(due, today)}前{reason}" if due else ""
    return f"已保存 {patient.name} {long_day(visit.visited_on)} 的随访{told}{following}。"


def class_options(form: VisitEntry, suggested: str) -> list[tuple[str, str, bool, bool]]:
    """(code, label, chosen, suggested by the system). What had only been suggested follows the new suggestion."""
    chosen = str(form["stability"].value() or "")
    if form.is_bound and chosen == str(form["suggested_stability"].value() or ""):
        chosen = ""
    chosen = chosen or suggested
    return [(str(c), str(label), str(c) == chosen, str(c) == suggested) for c, label in Stability.choices]
