"""The head of every page about one patient: who it is, masked, and the present situation in chips.

Floors above show the same head: `head = patient_head(patient, user, today)`, then
`{% include "registry/_patient_head.html" %}` and `{% include "registry/_patient_tabs.html" with tab="visits" %}`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, cast
from uuid import UUID

from accounts.audit import saw
from accounts.doors import can
from accounts.models import Division
from accounts.prepared import Prepared
from accounts.rules.day_words import short_day
from accounts.rules.places import whole_address
from accounts.terms import FieldGroup, Permission, Purpose
from registry.models import Consent, Guardian, Patient
from registry.queries.admitted import is_in_hospital
from registry.queries.death_reports import open_report
from registry.queries.doubts import met_after
from registry.queries.no_id import identity_state
from registry.queries.person import newest
from registry.rules.consent import chip_words as consent_words
from registry.rules.id_number import age_on
from registry.rules.masking import mask_id, mask_phone
from registry.rules.papers import PaperState, chip_words
from registry.terms import ENDING, SERVED, CareStatus, Colour, IdentityState

if TYPE_CHECKING:
    from accounts.models import User

CLASSES = {1: ("不稳定", "urgent", "alert"), 2: ("基本稳定", "caution", "pause"), 3: ("稳定", "", "check")}
_STATUS = {
    CareStatus.MANAGED: ("", "check"), CareStatus.ADMITTED: ("info", "hospital"), CareStatus.AWAY: ("info", "pin"),
    CareStatus.LOST: ("caution", "alert"), CareStatus.REFUSED: ("caution", "alert"),
    CareStatus.DETAINED: ("info", "shield"),
}  # fmt: skip
COLOURS = {
    Colour.RED: "urgent", Colour.ORANGE: "caution", Colour.YELLOW: "caution", Colour.GREEN: "good", Colour.GREY: "",
}  # fmt: skip
GROUPS = (FieldGroup.IDENTITY, FieldGroup.MANAGEMENT, FieldGroup.RISK, FieldGroup.CONSENT)


_PLACE = Prepared(lambda key: Division.objects.filter(pk=key)[:1], -1)
REVEAL_PURPOSES = (
    (Purpose.FOLLOW_UP.value, "随访"),
    (Purpose.PHONE.value, "电话联系"),
    (Purpose.REGISTER.value, "核对资料"),
    (Purpose.QUALITY.value, "质量控制"),
    (Purpose.ALERT.value, "预警处置"),
)


@dataclass(frozen=True)
class Chip:
    text: str
    icon: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Rights:
    """What the person may do and see here: the quiet twin of the checks in services and doors."""

    visits: bool
    alerts: bool
    record: bool
    edit: bool
    move: bool
    close: bool
    reveal: bool
    trail: bool
    stays: bool
    subsidy: bool


@dataclass(frozen=True)
class PatientHead:
    uuid: UUID
    name: str
    about: str
    number: str
    temporary_number: str
    id_number: str  # masked
    phone: str  # masked
    address: str
    household: str
    township: str
    village: str
    chips: tuple[Chip, ...]
    is_open: bool
    offered: bool  # whoever does not agree is not offered visits; recording stays possible
    rights: Rights
    guardian: Guardian | None
    consent: Consent | None
    purposes: tuple[tuple[str, str], ...] = REVEAL_PURPOSES  # why a number may be shown


def patient_head(patient: Patient, user: "User", today: date) -> PatientHead:
    """Four queries: township, guardian, consent, a reported death; a fifth where one is open."""
    saw([patient.uuid], GROUPS, Purpose.REGISTER)
    township = next((place.name for place in _PLACE(patient.duty_township)), "")
    village = patient.village.usual_name if patient.village else ""
    guardian = newest(Guardian, [patient.pk]).get(patient.pk)
    consent = newest(Consent, [patient.pk]).get(patient.pk)
    chips = _chips(patient, guardian, consent, today)
    if patient.closed_on is None and (report := open_report(patient)) is not None:
        met = met_after(patient, report.died_on)
        seen = f"；{short_day(met, today)} 随访见到本人，核实差异后恢复" if met else ""
        chips.insert(0, Chip(f"{report.agency.name}告知已死亡，待核实，发放暂停{seen}", "pause", "urgent"))
    if patient.id_index is None and (state := identity_state(patient)) != IdentityState.CONFIRMED:
        chips.append(Chip(f"无身份证，{state.label}", "info", "caution"))
    return PatientHead(
        uuid=patient.uuid,
        name=patient.name,
        about=_about(patient, today),
        number=f"{patient.number:05d}",
        temporary_number=patient.temporary_number or "",
        id_number=mask_id(cast("str | None", patient.id_number)),
        phone=mask_phone(cast("str | None", patient.phone)),
        address=whole_address(township, village, patient.residence_address),
        household=_household(patient),
        township=township,
        village=village,
        chips=tuple(chips),
        is_open=patient.closed_on is None,
        offered=consent is None or consent.agreed,
        rights=_rights(patient, user),
        guardian=guardian,
        consent=consent,
    )


def with_papers(head: PatientHead, states: Iterable[PaperState]) -> PatientHead:
    """The head with one more chip that says which of the four forms lack; unchanged when none does."""
    words = chip_words(states)
    return replace(head, chips=(*head.chips, Chip(words, "file", "caution"))) if words else head


def _about(patient: Patient, today: date) -> str:
    died = patient.status == CareStatus.DEAD
    age = age_on(patient.birth_on, (patient.closed_on if died else None) or today)
    words = [patient.get_sex_display(), "" if age is None else f"{age} 岁"]
    return " ".join(word for word in words if word)


def _household(patient: Patient) -> str:
    if patient.household_address:
        same = patient.household_address == patient.residence_address
        return "户籍同现住地" if same else f"户籍 {patient.household_address}"
    if patient.household_division is None:
        return ""
    return f"户籍 {patient.household_division.name}"


def _chips(patient: Patient, guardian: Guardian | None, consent: Consent | None, today: date) -> list[Chip]:
    status = CareStatus(patient.status)
    tone, icon = ("", "flag") if status in ENDING else _STATUS[status]
    ended = f"，{patient.closed_on:%Y-%m-%d} 结案" if patient.closed_on else ""
    chips = [Chip(f"{status.label}{ended}", icon, tone)]
    if patient.last_level is not None and patient.last_visit_on is not None:
        day = patient.last_visit_on
        shown = f"{day:%m-%d}" if day.year == today.year else f"{day:%Y-%m-%d}"
        tone = "urgent" if patient.last_level >= 3 else "caution" if patient.last_level else ""
        chips.append(Chip(f"危险性 {patient.last_level} 级 · {shown}", "info", tone))
    if patient.last_class in CLASSES:
        words, tone, icon = CLASSES[patient.last_class]
        chips.append(Chip(words, icon, tone))
    if patient.colour:
        chips.append(Chip(f"分色 {Colour(patient.colour).label}", "flag", COLOURS[Colour(patient.colour)]))
    if is_in_hospital(patient):
        chips.append(Chip("目前正在住院", "hospital", "info"))
    chips.append(Chip("有监护人", "people") if guardian else Chip("没有登记监护人", "people", "caution"))
    if consent is None:
        chips.append(Chip("没有知情同意记录", "file", "caution"))
    else:
        tone, icon = ("", "check") if consent.way in SERVED else ("caution", "info")
        words = consent_words(consent.way, is_unsigned=consent.is_unsigned)
        chips.append(Chip(words, "info" if consent.is_unsigned else icon, tone))
    return chips


def _rights(patient: Patient, user: "User") -> Rights:
    return Rights(
        visits=can(user, Permission.VIEW_VISIT, patient),
        alerts=can(user, Permission.VIEW_ALERT_STATUS, patient),
        record=can(user, Permission.RECORD_VISIT, patient),
        edit=can(user, Permission.EDIT_PATIENT, patient),
        move=can(user, Permission.MOVE_PATIENT, patient),
        close=can(user, Permission.CLOSE_PATIENT, patient),
        reveal=can(user, Permission.REVEAL_IDENTITY, patient),
        trail=can(user, Permission.VIEW_PATIENT_TRAIL, patient),
        stays=can(user, Permission.VIEW_REFERRAL, patient),
        subsidy=can(user, Permission.VIEW_SUBSIDY, patient),
    )
