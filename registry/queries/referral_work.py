"""What referrals, stays and help with admission have for one person today."""

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, cast

from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q
from django.urls import reverse

from accounts.doors import can, where
from accounts.reach import reach_filter
from accounts.rules.day_words import long_day
from accounts.rules.work import Topic, WorkItem, urgency_of
from accounts.terms import Permission
from registry.models import Admission, AdmissionHelp, GreenChannel, Referral
from registry.queries.clocks import clocks
from registry.queries.referrals import referrals_for
from registry.rules.admission_help import duty_of
from registry.rules.green_channel import second_opinion_until
from registry.terms import Ground, HelpState, ReferralDirection, ReferralState

if TYPE_CHECKING:
    from accounts.models import User

S = ReferralState
AT_MOST = 50
ANSWERING = {S.PROPOSED: ("签收转诊单", "收到转诊单，请签收。"), S.RECEIVED: ("接诊或不收", "已签收，请登记接诊或不收。"),
             S.ACCEPTED: ("填写回转单", "已接诊，结束后请填写回转单。")}  # fmt: skip


def work_lines(user: "User", today: date) -> list[WorkItem]:
    """Lines of the hospital that answers and of the township that asked."""
    if not can(user, Permission.VIEW_REFERRAL):
        return []
    return [
        *_to_answer(user, today),
        *_asked(user, today),
        *_sent_down(user, today),
        *_helps(user, today),
        *_opinions(user, today),
    ]


def _line(row: Referral, verb: str, why: str, due: date | None, today: date) -> WorkItem:
    return WorkItem(
        topic=Topic.RECEIVED, verb=verb, href=reverse("registry:referral", args=[row.uuid]),
        name=str(cast("dict[str, Any]", row.slip).get("name", "")), place=row.destination, why=why, due_on=due,
        urgency=urgency_of(due, today=today, danger=row.urgent and row.state == S.PROPOSED), person=row.person,
    )  # fmt: skip


def _to_answer(user: "User", today: date) -> list[WorkItem]:
    if not can(user, Permission.ANSWER_REFERRAL):
        return []
    reach = where(user, Permission.ANSWER_REFERRAL)
    mine = referrals_for(user, Permission.ANSWER_REFERRAL).filter(state__in=ANSWERING)
    mine = mine.select_related(None).select_related("to_agency")
    if reach.offices:
        mine = mine.filter(to_agency__in=reach.offices)
    else:
        mine = mine.filter(direction=ReferralDirection.DOWN, duty_township__in=reach.townships)
    found = []
    for row in mine.order_by("proposed_on", "pk")[:AT_MOST]:
        verb, why = ANSWERING[S(row.state)]
        day = row.proposed_on if row.state == S.PROPOSED else None
        found.append(_line(row, verb, f"{long_day(row.proposed_on)} 转来，{why}", day, today))
    return found


def _asked(user: "User", today: date) -> list[WorkItem]:
    """Sent from here: no receipt yet, the visit within two weeks, a stay to register, a return slip to sign for."""
    towns = where(user, Permission.REFER_PATIENT).townships
    if not towns:
        return []
    entered = Admission.objects.filter(patient=OuterRef("patient"), source_uuid=OuterRef("uuid"))
    unseen = Q(patient__last_visit_on=None) | Q(patient__last_visit_on__lte=F("proposed_on"))
    rows = (
        Referral.objects.filter(
            duty_township__in=towns, direction=ReferralDirection.UP, proposed_on__gte=today - timedelta(days=90)
        )
        .exclude(state=S.CANCELLED)
        .annotate(
            to_enter=ExpressionWrapper(Q(admitted_on__isnull=False) & ~Exists(entered), BooleanField()),
            to_visit=ExpressionWrapper(unseen & Q(patient__closed_on=None), BooleanField()),
        )
        .filter(Q(state__in=[S.RETURNED, S.PROPOSED]) | Q(to_enter=True) | Q(to_visit=True))
    )
    has, found = clocks(today), list[WorkItem]()
    for row in rows.select_related("to_agency").order_by("proposed_on", "pk")[:AT_MOST]:
        if row.state == S.RETURNED:
            found.append(_line(row, "签收回转单", "医院已填写回转单，请签收并按建议随访。", today, today))
        if row.to_enter:
            found.append(_to_enter(row, today))
        if row.state == S.PROPOSED:
            receipt = has.run("referral_receive_days", row.proposed_on, row.duty_county)
            why = f"{long_day(row.proposed_on)} 转出，医院还没有签收，请电话联系。"
            found += [_line(row, "看转诊单", why, receipt.due_on, today)] if receipt.is_late else []
        if row.to_visit:
            due = row.proposed_on + timedelta(days=has.days("referral_follow_days", row.duty_county))
            found.append(_line(row, "看转诊单", f"转诊后两周内了解治疗情况，{long_day(due)}前。", due, today))
    return found


def _sent_down(user: "User", today: date) -> list[WorkItem]:
    """Sent to a township by this person: its return slip waits for a signature."""
    if not can(user, Permission.REFER_PATIENT):
        return []
    mine = referrals_for(user, Permission.REFER_PATIENT).filter(direction=ReferralDirection.DOWN, state=S.RETURNED)
    mine = mine.select_related(None).select_related("to_agency").filter(proposed_by=user).order_by("proposed_on", "pk")
    return [_line(row, "签收回转单", "乡镇已填写回转单，请签收。", today, today) for row in mine[:AT_MOST]]


def _to_enter(row: Referral, today: date) -> WorkItem:
    day = f" {long_day(row.admitted_on)} " if row.admitted_on else ""
    line = _line(row, "登记入院", f"医院{day}收住院，请登记。", today, today)
    return replace(line, href=f"{reverse('registry:stay_admit', args=[row.person])}?referral={row.uuid}")


def _helps(user: "User", today: date) -> list[WorkItem]:
    towns = where(user, Permission.REFER_PATIENT).townships
    rows = AdmissionHelp.objects.filter(duty_township__in=towns, state__in=[HelpState.ASKED, HelpState.ARRANGED])
    return [
        WorkItem(
            topic=Topic.RECEIVED, verb="办理" + row.get_direction_display(), name=row.patient.name,
            href=reverse("registry:help", args=[row.uuid]), place=row.household_town,
            why=duty_of(row.direction, row.guardian).task, due_on=row.due_on, urgency=urgency_of(row.due_on, today=today),
            person=row.patient.uuid,
        )
        for row in rows.select_related("patient").order_by("due_on", "pk")[:AT_MOST]
    ]  # fmt: skip


def _opinions(user: "User", today: date) -> list[WorkItem]:
    """The last day to ask for a second diagnosis is told before it passes. Source: 精神卫生法 第三十二条."""
    reach = where(user, Permission.REFER_PATIENT)
    rows = GreenChannel.objects.filter(
        reach_filter(reach), ground=Ground.ITEM_2, second_asked_on=None, concluded_on__gte=today - timedelta(days=3)
    )
    found = []
    for row in rows.select_related("patient").order_by("concluded_on")[:AT_MOST]:
        last = second_opinion_until(cast("date", row.concluded_on))  # the filter asked for a day
        why = f"请告知监护人可以要求再次诊断，{long_day(last)}前（第三十二条）。"
        found.append(
            WorkItem(
                topic=Topic.RECEIVED, verb="看绿色通道", href=reverse("registry:passage", args=[row.uuid]),
                name=row.patient.name, place=row.hospital_name, why=why, due_on=last,
                urgency=urgency_of(last, today=today), person=row.patient.uuid,
            )
        )  # fmt: skip
    return found
