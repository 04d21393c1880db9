"""督导整改 of the demo county: a finding in every state and a case for each step of the ladder."""

from collections.abc import Sequence
from datetime import date, timedelta

from accounts.models import Division, User
from accounts.scope import scope
from accounts.terms import AgencyKind, Role
from config.demo.staff import DemoAccount, demo_towns
from reports.models import Finding, Supervision
from reports.queries.supervision import Hook, Unit, hooks_of, ladder_of, units_of
from reports.services.findings import (
    FindingFacts,
    Put,
    SupervisionFacts,
    accept_right,
    note_rectification,
    record_finding,
    record_supervision,
    report_right,
    send_back,
)
from reports.services.measures import MeasureFacts, end_measure, take_step
from reports.terms import MeasureState, Rung, Supervisor

GROUP = "县精神卫生工作领导小组"
STEPS = (Rung.CIRCULAR, Rung.INTERVIEW, Rung.LISTING, Rung.VETO)


class _Filler:
    """Writes as the commission, answers as the office in a unit's place, so that two people stand behind each end."""

    def __init__(self, county: Division, commission: User, office: User, today: date) -> None:
        self.county, self.commission, self.office, self.today = county, commission, office, today
        self.clause = ladder_of(county).clause
        self.hooks = [hook for _, group in hooks_of(county) for hook in group]

    def day(self, ago: int) -> date:
        return self.today - timedelta(days=ago)

    def held(self, unit: Unit, ago: int, by: Supervisor, number: str = "") -> Supervision:
        facts = SupervisionFacts(by, self.day(ago), unit, number, "查看台账、抽查随访记录，听取情况介绍。")
        return record_supervision(area=self.county, facts=facts, by=self.commission)

    def found(self, of: Supervision, unit: Unit, what: str, due_ago: int, hook: Hook | None = None) -> Finding:
        facts = FindingFacts(what, unit, self.day(due_ago), hook, "现场查看台账")
        return record_finding(of, facts=facts, by=self.commission)

    def climb(self, finding: Finding, steps: Sequence[tuple[int, int]]) -> Finding:
        """`steps`: for each step of the ladder how many days ago it was decided and its term ends."""
        for rung, (ago, due_ago) in zip(STEPS, steps, strict=False):
            is_veto = rung is Rung.VETO
            facts = MeasureFacts(
                rung, self.day(ago), "到期没有整改，也没有说明原因。", self.clause, GROUP, number=f"试督〔{self.day(ago).year}〕{ago}号",
                due_on=None if is_veto else self.day(due_ago), year=self.today.year if is_veto else None,
                spoken_with=finding.name if rung is Rung.INTERVIEW else "",
            )  # fmt: skip
            take_step([finding], facts=facts, by=self.commission)
            finding.refresh_from_db()
        return finding

    def right(self, finding: Finding, ago: int, words: str) -> None:
        report_right(finding, put=Put(self.day(ago), words, "整改报告"), by=self.office)
        accept_right(finding, by=self.commission)


def fill(county: Division, accounts: Sequence[DemoAccount], *, today: date) -> int:
    """How many findings there are."""
    names = {account.role: account.username for account in accounts if account.area == county.code}
    commission, office, department = (
        User.objects.select_related("agency__division").get(username=names[role])
        for role in (Role.COMMISSION, Role.COUNTY_OFFICE, Role.DEPARTMENT)
    )
    with scope(commission):
        filler = _Filler(county, commission, office, today)
        units = {unit.value: unit for unit in units_of(county)}
        first, second, third = (units[f"place:{town.code}"] for town in demo_towns(county))
        education = next(unit for unit in units.values() if unit.kind == AgencyKind.EDUCATION)
        _first_town(filler, first)
        _second_town(filler, second)
        _third_town(filler, third)
        _education(filler, education, department)
    return Finding.objects.filter(supervision__area=county).count()


def _first_town(filler: _Filler, unit: Unit) -> None:
    """A listing that runs, something put right, something due soon, something sent back."""
    spring = filler.held(unit, 150, Supervisor.COMMISSION, "试卫健督〔2026〕3号")
    filler.right(filler.found(spring, unit, "综合管理小组半年没有开会。", 120), 130, "已恢复每月一次例会。")
    filler.climb(
        filler.found(spring, unit, "随访表缺项多，抽查 20 份有 9 份没有评估等级。", 120, filler.hooks[0]),
        [(115, 85), (80, 50), (45, -45)],
    )
    autumn = filler.held(unit, 25, Supervisor.COMMISSION)
    filler.found(autumn, unit, "外出患者的去向没有逐人核对。", -5)
    sent = filler.found(autumn, unit, "精防人员培训没有签到记录。", -20)
    report_right(sent, put=Put(filler.day(6), "补了签到表。", "签到表照片"), by=filler.office)
    send_back(sent, because="签到表没有日期，请补齐。", by=filler.commission)


def _second_town(filler: _Filler, unit: Unit) -> None:
    """A listing that has ended, a circular whose term runs."""
    held = filler.held(unit, 220, Supervisor.LEAD_GROUP, "试领办〔2026〕1号")
    finding = filler.found(held, unit, "免费发药的领药登记不全，三个村没有台账。", 190)
    filler.climb(finding, [(185, 155), (150, 120), (115, 25)])
    filler.right(finding, 30, "三个村补齐台账，逐月核对。")
    listing = finding.links.get(measure__rung=Rung.LISTING).measure
    end_measure(
        listing, to=MeasureState.DELISTED, on=filler.today, because="复查合格，台账齐全。", by=filler.commission
    )
    other = filler.found(filler.held(unit, 60, Supervisor.COMMISSION), unit, "两个村没有落实监护协议。", 30)
    filler.climb(other, [(20, -10)])


def _third_town(filler: _Filler, unit: Unit) -> None:
    """All four steps, and an interview whose term has passed, so that the next step is open."""
    held = filler.held(unit, 300, Supervisor.GOVERNMENT, "试政督〔2026〕2号")
    filler.climb(
        filler.found(held, unit, "专职精防人员长期空缺，随访无人负责。", 270),
        [(265, 235), (230, 200), (195, 105), (30, 0)],
    )
    filler.climb(filler.found(held, unit, "协同随访没有记录。", 120), [(115, 85), (80, 10)])


def _education(filler: _Filler, unit: Unit, department: User) -> None:
    """An agency of the county: one report that waits, one finding whose term has passed."""
    held = filler.held(unit, 75, Supervisor.LEAD_GROUP, "试领办〔2026〕6号")
    task = next((hook for hook in filler.hooks if hook.task), None)
    waits = filler.found(held, unit, "三所学校的心理辅导室没有开放。", -15, task)
    note_rectification(waits, put=Put(filler.day(30), "两所已开放。"), by=department)
    report_right(waits, put=Put(filler.day(4), "三所都已开放，每周有值班表。", "值班表"), by=department)
    filler.found(held, unit, "心理老师的转介流程没有张贴。", 12)
