"""患者报告卡: drafted and reported by the hospital, accepted by the township, held and addressed by the county."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.doors import authorise, can
from accounts.models import Agency, User
from accounts.refusals import Conflict, Refused
from accounts.services.races import one_at_a_time
from accounts.terms import Permission
from registry.models import Patient, ReportCard
from registry.queries.cards import hospitals_in
from registry.rules.cards import check_card, check_draft
from registry.rules.person import PersonFacts, Problem
from registry.services.clues import link_known_clues
from registry.services.county_papers import hold_paper
from registry.services.discharges import settle_waiting
from registry.services.papers import (
    as_content,
    county_of,
    held_paper,
    lay_with_county,
    next_number,
    place_paper,
    step,
    take,
)
from registry.services.refusals import FactsRefused, IdKnown
from registry.services.registration import register_patient
from registry.services.status import close_patient
from registry.terms import ENDING, CardState, CareStatus, Held

S = CardState


@transaction.atomic
def save_card(
    *, said: Mapping[str, Any], form_id: UUID, by: User, send: bool, hospital: Agency | None = None,
    card: ReportCard | None = None, version: int | None = None,
) -> ReportCard:  # fmt: skip
    """Keep a draft, or report the card to the township it names (to the county where it names none).

    Source: 发病报告管理办法. `hospital`: in whose name the county enters a paper card.
    Raises: Denied, FactsRefused (by field), Conflict (somebody saved first), Refused. Same form again: the first card.
    """
    authorise(by, Permission.REPORT_CARD)
    _own_name(by, hospital)
    one_at_a_time(form_id)
    if card is None and (known := ReportCard.objects.filter(form_id=form_id, entered_by=by).first()):
        return known
    today = timezone.localdate()
    problems = check_draft(said) + (check_card(said, today=today) if send else [])
    if said.get("paper_on") is None and hospital is not None:
        problems.append(Problem("paper_on", "请填写收到纸质卡的日期：录入期限从这一天算起。"))
    if problems:
        raise FactsRefused({p.field: p for p in reversed(problems)}.values())
    row = _row(card, form_id, by, hospital, version)
    row.content, row.diagnosed_on, row.paper_on = as_content(said), said["diagnosed_on"], said.get("paper_on")
    place_paper(row, said, county_of(by))
    row.save()
    if not send:
        audit.record("registry.card.drafted", row, by=by)
        return row
    row.sent_on = row.reported_on = today
    if row.township_id is None:
        lay_with_county(row, Held.UNSETTLED)
    step(row, S.SENT if row.township_id else S.AT_COUNTY, by)
    return row


def _own_name(by: User, hospital: Agency | None) -> None:
    """A hospital reports in its own name; the county enters papers of its hospitals. Raises: Denied, FactsRefused."""
    if hospital is None or hospital == by.agency:
        return
    authorise(by, Permission.ADDRESS_CARD)
    if hospital not in hospitals_in(county_of(by)):
        raise FactsRefused.one("unit", "请从列表中选择本地的在用医院。")


def _row(card: ReportCard | None, form_id: UUID, by: User, hospital: Agency | None, version: int | None) -> ReportCard:
    if card is None:
        office, county = hospital or by.agency, county_of(by)
        return ReportCard(form_id=form_id, hospital=office, county=county, entered_by=by, number=next_number(county))
    row = held_paper(card, by, Permission.REPORT_CARD)
    if row.state != S.DRAFT:
        raise Refused("这张卡已经报告，不能再改。内容有误的，请撤销后重新报告。")
    if version is not None and version != row.version:
        raise Conflict
    row.version += 1
    return row


@transaction.atomic
def accept_card(*, card: ReportCard, patient: Patient, by: User) -> ReportCard:
    """接收 into a file that exists. Source: 管理治疗工作规范 2018. Raises: Denied, NotHere, Refused."""
    authorise(by, Permission.EDIT_PATIENT, patient)
    row = held_paper(card, by, Permission.RECEIVE_CARD)
    if patient.status in ENDING:
        raise Refused("这份档案已经结案。请先恢复档案，再接收报告卡；或者退回县级。")
    row.patient = patient
    take(row, by)
    step(row, S.ACCEPTED, by)
    settle_waiting(patient, by=by)
    link_known_clues(patient=patient, by=by)
    return row


def accept_new(*, card: ReportCard, facts: PersonFacts, by: User) -> Patient | None:
    """接收 by opening a file. None: the number is known elsewhere, and the card now lies with the county.

    The answer is the same neutral one whatever the register knows. Not atomic by itself: a question stays counted.
    Raises: as register_patient, except IdKnown.
    """
    if card.state != S.SENT:
        raise Refused("这张卡现在不能接收。请回到列表查看。")
    try:
        patient = register_patient(facts=facts, by=by)
    except IdKnown:
        hold_paper(paper=card, because=Held.KNOWN, reason="证件号需县级核对", by=by)
        return None
    accept_card(card=card, patient=patient, by=by)
    return patient


@transaction.atomic
def correct_card(*, card: ReportCard, on: date, reason: str, evidence: str, by: User) -> ReportCard:
    """更正: not a severe disorder after all, or reported by mistake. Before acceptance the card is simply withdrawn.

    Source: 精神卫生法 §35; 发病报告管理办法 订正. Raises: Denied, NotHere, Refused.
    """
    row = held_paper(card, by, Permission.REPORT_CARD)
    if not (row.diagnosed_on <= on <= timezone.localdate()):
        raise Refused(f"更正日期应在确诊日期 {row.diagnosed_on} 与今天之间。请核对日期。", field="on")
    row.corrected_on, row.correction = on, {"reason": reason, "evidence": evidence}
    if row.state == S.ACCEPTED and not evidence:
        raise Refused("请写明依据：哪家机构、哪一天、什么结论。", field="evidence")
    step(row, S.CORRECTING if row.state == S.ACCEPTED else S.WITHDRAWN, by, reason=reason)
    return row


@transaction.atomic
def settle_correction(*, card: ReportCard, on: date, by: User) -> ReportCard:
    """按更正结案: the person leaves the register as 排除, with the hospital's evidence. Raises: Denied, NotHere, Refused."""
    row = held_paper(card, by, Permission.RECEIVE_CARD)
    patient = row.patient
    if patient is None or row.state != S.CORRECTING:
        raise Refused("这张卡没有待办理的更正。")
    evidence = str((row.correction or {}).get("evidence", ""))[:150]  # type: ignore[union-attr,call-overload]
    if patient.status not in ENDING:
        close_patient(
            patient=patient, value=CareStatus.EXCLUDED, on=on, by=by, reason="报告医院更正诊断",
            evidence=f"报告卡 {row.number}：{evidence}",
        )  # fmt: skip
    elif not can(by, Permission.CLOSE_PATIENT, patient):
        raise Refused("这份档案不在您的管辖范围内。")
    step(row, S.WITHDRAWN, by)
    return row
