"""任务台账 and 联席会议 of the demo county: tasks in every state, one given to the demo townships, meetings of the year."""

from collections.abc import Sequence
from datetime import date, timedelta

from accounts.models import Division, User
from accounts.scope import scope
from accounts.terms import AgencyKind, Role
from config.demo.staff import DemoAccount, demo_towns
from reports.models import Meeting, Task
from reports.queries.meetings import departments_of
from reports.queries.people_of_tasks import may_be_named
from reports.services.meetings import (
    Attendance,
    MeetingFacts,
    Resolution,
    call_meeting,
    keep_minutes,
    resolve,
)
from reports.services.tasks import Said, confirm_done, give_task, name_person, note_progress, report_done

ASKED = (
    AgencyKind.HEALTH_COMMISSION, AgencyKind.POLITICAL_LEGAL, AgencyKind.POLICE, AgencyKind.CIVIL_AFFAIRS,
    AgencyKind.EDUCATION, AgencyKind.FINANCE,
)  # fmt: skip
AGENDA = "一、通报上季度随访和规律服药情况\n二、免费发药的经费安排\n三、学校心理辅导室建设"
MINUTES = "会议听取了工作情况，同意增加免费发药经费；教育部门在学期末前补齐辅导室；各镇街每月通报外出患者去向。"


def fill(county: Division, accounts: Sequence[DemoAccount], *, today: date) -> int:
    """How many meetings and notes were written."""
    names = {account.role: account.username for account in accounts if account.area in (county.code,)}
    commission, office, department = (
        User.objects.select_related("agency__division").get(username=names[role])
        for role in (Role.COMMISSION, Role.COUNTY_OFFICE, Role.DEPARTMENT)
    )
    with scope(commission):
        held = _meetings(county, commission, today)
        notes = _tasks(county, held, (commission, office, department), today)
    return notes + Meeting.objects.filter(area=county).count()


def _meetings(county: Division, by: User, today: date) -> Meeting:
    kinds: dict[str, str] = {}
    for name, kind in departments_of(county):
        kinds.setdefault(kind, name)
    asked = tuple(kinds[kind] for kind in ASKED if kind in kinds)
    held = [_held(county, by, on, asked) for on in (today - timedelta(days=160), today - timedelta(days=70))]
    education, finance = kinds[AgencyKind.EDUCATION], kinds[AgencyKind.FINANCE]
    for name, lead, due_on in (
        ("补齐中小学心理辅导室，学期末前验收", education, today - timedelta(days=9)),
        ("落实第二代药物免费发放的下半年经费", finance, today + timedelta(days=30)),
    ):
        resolve(held[-1], resolution=Resolution(name, (lead,), (kinds[AgencyKind.HEALTH_COMMISSION],), due_on), by=by)
    call_meeting(area=county, facts=_facts(today + timedelta(days=17), asked), by=by)
    return held[-1]


def _facts(on: date, asked: tuple[str, ...]) -> MeetingFacts:
    return MeetingFacts(on, "县卫生健康委会议室", "试验副县长", AGENDA, asked)


def _held(county: Division, by: User, on: date, asked: tuple[str, ...]) -> Meeting:
    found = call_meeting(area=county, facts=_facts(on, asked), by=by)
    seats = list(found.seats.order_by("place"))
    came = {
        seat.pk: Attendance(came=place != len(seats) - 1, who=f"试验人员{place + 1}")
        for place, seat in enumerate(seats)
    }
    return keep_minutes(found, minutes=MINUTES, attendance=came, by=by)


def _tasks(county: Division, held: Meeting, people: tuple[User, User, User], today: date) -> int:
    commission, office, department = people
    decided = Task.objects.filter(meeting=held, parent=None).order_by("pk")[0]
    note_progress(decided, said=Said(today - timedelta(days=20), "已验收 12 所，还有 3 所在装修。"), by=department)
    plan = list(Task.objects.filter(area=county, parent=None, meeting=None).order_by("pk"))
    if not plan:
        return 1
    first, second, third, *_ = plan
    note_progress(first, said=Said(today - timedelta(days=40), "床位扩建已立项，正在走招标。", "立项批复"), by=office)
    report_done(second, said=Said(today - timedelta(days=5), "16 家开了精神科门诊。", "门诊设置汇总表"), by=office)
    report_done(third, said=Said(today - timedelta(days=60), "独立科室已设，专职 5 人。", "编办批复"), by=office)
    confirm_done(third, by=commission)
    for child in give_task(first, places=demo_towns(county), by=commission)[:1]:
        worker = may_be_named(child, today).filter(assignments__role=Role.TOWNSHIP_WORKER).first()
        name_person(child, person=worker, by=commission)
        if worker is not None:
            note_progress(child, said=Said(today - timedelta(days=3), "已向村里宣传，摸底完成。"), by=worker)
    return 6
