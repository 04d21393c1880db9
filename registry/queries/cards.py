"""Report cards and discharge notices as each side may see them, their clocks, and their lines of 今日工作."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse

from accounts.doors import where
from accounts.models import Agency, Division, User
from accounts.queries.places import townships_under
from accounts.reach import Reach, standing
from accounts.rules.work import Topic, WorkItem, urgency_of
from accounts.terms import AgencyKind, Permission
from registry.models import DischargeNotice, Patient, ReportCard
from registry.models.card import AnyPaper
from registry.queries.clocks import Clocks, clocks
from registry.rules.clocks import Clock
from registry.terms import CardState, CareStatus, DischargeState

S, D = CardState, DischargeState
Paper = TypeVar("Paper", ReportCard, DischargeNotice)


def papers_in(reach: Reach) -> Q:
    """The hospital's own, the county's, and what was sent to the townships."""
    return (
        Q(hospital__in=reach.offices)
        | Q(county__in=reach.counties)
        | Q(township__in=reach.townships, sent_on__isnull=False)
    )


def cards_for(user: User, permission: Permission = Permission.VIEW_CARD) -> QuerySet[ReportCard]:
    rows = ReportCard.objects.filter(papers_in(where(user, permission)))
    return rows.select_related("hospital", "township", "county", "patient", "entered_by")


def discharges_for(user: User, permission: Permission = Permission.VIEW_CARD) -> QuerySet[DischargeNotice]:
    rows = DischargeNotice.objects.filter(papers_in(where(user, permission)))
    return rows.select_related("hospital", "township", "county", "patient", "entered_by")


def hospitals_in(county: Division) -> list[Agency]:
    """In whose name the county may enter a paper card."""
    rows = Agency.objects.filter(kind=AgencyKind.HOSPITAL, is_active=True, division__code__startswith=county.code[:4])
    return list(rows.select_related("division").order_by("name"))


def townships_of_county(county: Division) -> list[tuple[str, str]]:
    return [(town.code, town.name) for town in townships_under(county)]


def entry_clock(card: ReportCard, has: Clocks) -> Clock:
    """10 working days from the diagnosis to the entry; for a paper card 5 from its arrival. Source: 发病报告管理办法."""
    if card.paper_on is not None:
        return has.run("card_paper_days", card.paper_on, card.county_id, card.reported_on)
    return has.run("card_enter_days", card.diagnosed_on, card.county_id, card.reported_on)


def discharge_clock(notice: DischargeNotice, has: Clocks) -> Clock:
    """10 working days from the discharge to the entry. Source: 管理治疗工作规范 2018."""
    return has.run("discharge_enter_days", notice.discharged_on, notice.county_id, notice.reported_on)


def running_clock(paper: AnyPaper, has: Clocks) -> Clock | None:
    """The limit that runs now, for whoever must act next."""
    state, county = paper.state, paper.county_id
    if isinstance(paper, ReportCard) and state == S.DRAFT:
        return entry_clock(paper, has)
    if state == S.SENT and paper.sent_on:
        return has.run("card_accept_days", paper.sent_on, county)
    if state == S.AT_COUNTY and paper.held_on:
        return has.run("card_address_days", paper.held_on, county)
    if isinstance(paper, ReportCard) and state == S.CORRECTING and paper.corrected_on:
        return has.run("card_accept_days", paper.corrected_on, county)
    if isinstance(paper, DischargeNotice) and state == D.NEEDS_CARD and paper.sent_on:
        return has.run("card_enter_days", paper.sent_on, county)
    return None


def first_visit_clock(paper: AnyPaper, has: Clocks) -> Clock | None:
    """10 working days from the acceptance to the first visit, until one is on file. Source: 管理治疗工作规范 2018.

    Counted against the patient's newest visit; a discharge counts visits after the day the person went home.
    """
    patient: Patient | None = paper.patient
    if patient is None or paper.accepted_on is None or patient.closed_on is not None:
        return None
    since = paper.discharged_on if isinstance(paper, DischargeNotice) else patient.opened_on
    if patient.last_visit_on is not None and patient.last_visit_on >= since:
        return None
    return has.run("first_visit_days", paper.accepted_on, paper.county_id)


def awaiting_visit(since: str) -> Q:
    """Accepted papers whose person is at home and has not been seen since; the newest rows of a person decide."""
    unseen = Q(patient__last_visit_on=None) | Q(patient__last_visit_on__lt=F(since))
    at_home = ~Q(patient__status__in=[CareStatus.ADMITTED, CareStatus.DETAINED])
    return unseen & at_home & Q(state="accepted", patient__closed_on=None)


def name_of(paper: AnyPaper) -> str:
    return str(paper.said.get("name") or "")


def _line(paper: AnyPaper, verb: str, why: str, running: Clock | None, today: date, href: str) -> WorkItem:
    due = running.due_on if running else None
    place = paper.township.name if paper.township else paper.county.name
    words = f"{why}，{running.words}。" if running else f"{why}。"
    return WorkItem(
        topic=Topic.RECEIVED, verb=verb, href=href, name=name_of(paper), place=place, why=words, due_on=due,
        urgency=urgency_of(due, today=today), person=paper.uuid,
    )  # fmt: skip


def _lines(rows: Iterable[AnyPaper], verb: str, why: str, has: Clocks, url: str) -> list[WorkItem]:
    found = []
    for paper in rows:
        said = why.format(hospital=paper.hospital.name)
        href = reverse(url, args=[paper.uuid])
        found.append(_line(paper, verb, said, running_clock(paper, has), has.today, href))
    return found


def work_lines(user: User, today: date) -> list[WorkItem]:
    """收到的 of 今日工作: for the hospital, the township and the county, each what it must do next."""
    held, has = standing(user).permissions, clocks(today)
    found: list[WorkItem] = []
    if Permission.REPORT_CARD in held:
        found += _of_writer(user, has)
    if Permission.RECEIVE_CARD in held and where(user, Permission.RECEIVE_CARD).townships:
        found += _of_township(user, has)
    if Permission.ADDRESS_CARD in held:
        cards, notices = cards_for(user, Permission.ADDRESS_CARD), discharges_for(user, Permission.ADDRESS_CARD)
        found += _lines(cards.filter(state=S.AT_COUNTY), "核对报告卡", "报告卡待县级处理", has, "registry:card")
        found += _lines(
            notices.filter(state=D.AT_COUNTY), "核对出院单", "出院信息单待县级处理", has, "registry:discharge"
        )
        found += _lines(_registered_elsewhere(notices), "核对出院单", REGISTERED_SINCE, has, "registry:discharge")
    return found


REGISTERED_SINCE = "患者已在别的乡镇建档，出院信息单还在等报告卡"


def _registered_elsewhere(notices: QuerySet[DischargeNotice]) -> QuerySet[DischargeNotice]:
    """Notices that wait for a card while the person has a file in another township: neither township sees both."""
    file = Patient.objects.filter(id_index=OuterRef("id_index"), closed_on=None)
    return notices.filter(Exists(file.exclude(duty_township=OuterRef("township_id"))), state=D.NEEDS_CARD)


def _of_writer(user: User, has: Clocks) -> list[WorkItem]:
    own = Q(hospital__in=where(user, Permission.REPORT_CARD).offices) | Q(entered_by=user)
    drafts = cards_for(user, Permission.REPORT_CARD).filter(own, state=S.DRAFT)
    asked = discharges_for(user, Permission.REPORT_CARD).filter(own, state=D.NEEDS_CARD)
    lines = _lines(drafts, "填完并报告", "报告卡还没有报告", has, "registry:card_edit")
    return lines + _lines(asked, "补报告卡", "出院信息单的患者还没有报告卡", has, "registry:discharge")


def _of_township(user: User, has: Clocks) -> list[WorkItem]:
    """Two statements, however many kinds of lines they make."""
    cards, notices = cards_for(user, Permission.RECEIVE_CARD), discharges_for(user, Permission.RECEIVE_CARD)
    card = _by_state(cards.filter(Q(state__in=[S.SENT, S.CORRECTING]) | awaiting_visit("patient__opened_on")))
    own = Patient.objects.filter(
        id_index=OuterRef("id_index"), closed_on=None, duty_township=OuterRef("township_id")
    )  # a file opened without the card that the notice waits for
    arrived = Q(state=D.SENT) | (Q(state=D.NEEDS_CARD) & Exists(own))
    notice = _by_state(notices.filter(arrived | awaiting_visit("discharged_on")))
    return [
        *_lines(card[S.SENT], "接收", "{hospital}的报告卡", has, "registry:card"),
        *_lines(card[S.CORRECTING], "按更正结案", "{hospital}更正了诊断", has, "registry:card"),
        *_lines(notice[D.SENT], "接收", "{hospital}的出院信息单", has, "registry:discharge"),
        *_lines(
            notice[D.NEEDS_CARD], "接收", "患者已建档，可以接收{hospital}的出院信息单", has, "registry:discharge_accept"
        ),
        *_first_visits(notice[D.ACCEPTED], "出院后还没有随访", has),
        *_first_visits(card[S.ACCEPTED], "报告卡接收后还没有首次随访", has),
    ]


def _by_state(rows: Iterable[Paper]) -> dict[str, list[Paper]]:
    found: dict[str, list[Paper]] = defaultdict(list)
    for row in rows:
        found[row.state].append(row)
    return found


def _first_visits(rows: Iterable[AnyPaper], why: str, has: Clocks) -> list[WorkItem]:
    return [
        _line(row, "首次随访", why, first_visit_clock(row, has), has.today,
              reverse("followup:visit_new", args=[row.patient.uuid]))
        for row in rows
        if row.patient is not None and not has.stands_on_the_list(row.patient)
    ]  # fmt: skip
