"""Recording the emergency channel and the help with admission and discharge; and the county's table of hospitals."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.doors import authorise, where
from accounts.models import Agency, Division, User
from accounts.queries.calendar import work_calendar
from accounts.queries.policy import policies
from accounts.refusals import Denied, NotHere, Refused
from accounts.rules.calendar import add_working_days
from accounts.services.races import refusing
from accounts.terms import DivisionLevel, Permission
from registry.models import AdmissionHelp, GreenChannel, Patient, Referral, ReferralDestination
from registry.queries.away import household_township
from registry.rules.admission_help import HELP, duty_of
from registry.rules.away import household_to_tell
from registry.rules.green_channel import Passage, PassageRefused, check_passage
from registry.services.facts import checked_day, locked
from registry.services.notices import tell
from registry.services.refusals import DayRefused
from registry.services.stays import open_stay
from registry.terms import HelpDirection, HelpSigner, HelpState, NoticeKind

PASSAGE_DATES = ("arrived_on", "concluded_on", "second_asked_on", "second_on", "appraisal_asked_on", "appraisal_on")


def passage_of(values: Any) -> Passage:
    """The rule's facts from a row or a form's values."""
    read = values.get if isinstance(values, dict) else lambda name: getattr(values, name)
    facts: dict[str, Any] = {name: read(name) for name in (*PASSAGE_DATES, "guardian_agrees")}
    facts |= {name: read(name) or "" for name in ("ground", "second_result", "appraisal_result")}
    return Passage(**facts)


@transaction.atomic
def record_passage(
    *, patient: Patient, by: User, values: dict[str, Any], passage: GreenChannel | None = None,
    referral: Referral | None = None,
) -> GreenChannel:  # fmt: skip
    """Write down an emergency admission, or add what has happened since. The system records; the hospital decides.

    Source: 精神卫生法 第二十八、三十至三十五条; 滕州 三(一) 绿色通道. Raises: Denied, Refused, DayRefused.
    """
    patient = locked(patient)
    authorise(by, Permission.REFER_PATIENT, patient)
    today = timezone.localdate()
    checked_day(values["arrived_on"], patient, field="arrived_on", what="送达日期")
    try:
        check_passage(passage_of(values), today=today, days=int(_rule(patient, today, "second_opinion_days")))
    except PassageRefused as refusal:
        raise DayRefused(str(refusal), field=refusal.field) from None
    if passage is None:
        row = GreenChannel(patient=patient, entered_by=by, referral=referral, **values)
    else:
        found = GreenChannel.objects.select_for_update(of=("self",)).filter(pk=passage.pk, patient=patient).first()
        if found is None:
            raise NotHere
        row = found
        for name, value in values.items():
            setattr(row, name, value)
    row.save()
    action = "registry.green_channel.recorded" if passage is None else "registry.green_channel.changed"
    audit.record(action, row, by=by, person=patient.uuid, facts={"sent_by": row.sent_by, "ground": row.ground})
    return row


def _rule(patient: Patient, today: date, key: str) -> Any:
    return policies(patient.duty_county, today)[key]


@transaction.atomic
def ask_for_help(
    *, patient: Patient, by: User, direction: str, guardian: str, asked_on: date, asked_by: str = ""
) -> AdmissionHelp:
    """A guardian's or hospital's request becomes a task with a deadline in working days.

    Source: 邹城 二(五); the number of days is a setting (本系统). Raises: Denied, Refused, DayRefused.
    """
    patient = locked(patient)
    authorise(by, Permission.REFER_PATIENT, patient)
    today = timezone.localdate()
    checked_day(asked_on, patient, field="asked_on", what="提出日期")
    due = add_working_days(asked_on, int(_rule(patient, today, "help_days")), work_calendar())
    with refusing("admissionhelp_once", Refused("同样的协助事项还没有办结，请先办结它。", field="direction")):
        row = AdmissionHelp.objects.create(
            patient=patient, direction=direction, guardian=guardian, signer=duty_of(direction, guardian).signer,
            asked_on=asked_on, asked_by=asked_by or None, due_on=due, entered_by=by, admission=open_stay(patient),
            household_town=_household_town(patient),
        )  # fmt: skip
    audit.record("registry.help.asked", row, by=by, person=patient.uuid, facts={"direction": direction})
    if row.signer == HelpSigner.TOWNSHIP:
        _ask_household(patient, row, by)
    return row


def _ask_household(patient: Patient, row: AdmissionHelp, by: User) -> None:
    """Nobody else may sign: the township of the household registration is asked, where it does not keep the file."""
    home = household_to_tell(household_township(patient), duty=patient.duty_township, destination=None)
    if home is None:
        return
    town = Division.objects.select_related("parent").get(pk=patient.duty_township)
    what = "入院" if row.direction == HelpDirection.IN else "出院"
    words = f"户籍在您这里的{patient.name}没有监护人，请安排人员办理{what}手续（现由{town.parent}{town}管理）。"
    tell(kind=NoticeKind.ESCORT, words=words, by=by, patient=patient, to_township=home, due_on=row.due_on)


def _household_town(patient: Patient) -> str:
    """The township of the household registration, as far as the register knows it."""
    place: Division | None = patient.household_division
    while place is not None and place.level == DivisionLevel.VILLAGE:
        place = place.parent
    if place is not None:
        return place.name[:50]
    here = Division.objects.filter(pk=patient.duty_township).first()
    return here.name[:50] if here else ""


@transaction.atomic
def move_help(*, row: AdmissionHelp, after: HelpState, by: User, on: date, values: dict[str, str]) -> AdmissionHelp:
    """Arrange, finish or cancel. Who escorts stands with the arrangement, who signed with the end.

    Raises: Denied, NotHere, Refused.
    """
    found = AdmissionHelp.objects.select_for_update(of=("self",)).filter(pk=row.pk).first()
    if found is None:
        raise NotHere
    authorise(by, Permission.REFER_PATIENT, found)
    step = HELP.step(found.state, after)
    step.demand(values.get("note"), field="note")
    if after == HelpState.ARRANGED and not values.get("escorts"):
        raise Refused("请写明由谁护送。", field="escorts")
    if after == HelpState.DONE and not values.get("signed_by"):
        raise Refused("请写明手续由谁签字办理。", field="signed_by")
    if on > timezone.localdate() or on < found.asked_on:
        raise DayRefused(f"日期应在提出日期 {found.asked_on} 与今天之间。请核对日期。", field="on")
    found.state = after
    for name in ("escorts", "signed_by", "note"):
        if values.get(name):
            setattr(found, name, values[name])
    setattr(found, "arranged_on" if after == HelpState.ARRANGED else "ended_on", on)
    found.save()
    facts = {"from": str(step.before), "to": str(after), "on": on.isoformat()}
    audit.record(step.action, found, by=by, person=found.patient.uuid, facts=facts)
    return found


@transaction.atomic
def set_destination(
    *, county: Division, category: str, starts_on: date, by: User, agency: Agency | None = None, name: str = "",
    basis: str = "",
) -> ReferralDestination:  # fmt: skip
    """The county says which hospital a category goes to, from a day on. A row is never changed: a later one replaces it.

    Raises: Denied, Refused.
    """
    if county.pk not in where(by, Permission.EDIT_POLICY).counties:
        raise Denied
    if agency is None and not name:
        raise Refused("请选择医院，或写明医院名称。", field="name")
    taken = Refused("这一类别在这一天已有规定，请换一个开始日期。", field="starts_on")
    with refusing("referraldestination_once", taken):
        row = ReferralDestination.objects.create(
            county=county, category=category, starts_on=starts_on, agency=agency,
            name="" if agency else name, basis=basis,
        )  # fmt: skip
    audit.record("registry.destination.set", row, by=by, facts={"category": category, "from": starts_on.isoformat()})
    return row
