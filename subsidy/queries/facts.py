"""What the register and the follow-up know of one person on a day, as eligibility looks at it.

Dated facts only (decisions A5). What nobody has written down stays unknown and asks for its paper; a sheet for the
family never says no to that. The patient has come through a door.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from followup.models import Incident
from followup.queries.incidents import day_of
from followup.queries.records import Line, complete_lines
from followup.terms import Adherence, IncidentState
from registry.models import Diagnosis, Patient, PatientStatus
from registry.queries.around import Around, around
from registry.queries.asof import NOT_REGISTERED
from registry.terms import SIX_KINDS, CareStatus, GuardianshipState, SocialKind
from subsidy.models import Agreement
from subsidy.queries.agreements import agreement_on
from subsidy.rules.eligibility import Fact, Facts
from subsidy.terms import Need

VISIT, REGISTER, AROUND, PAPER = "随访记录", "登记资料", "身边的人", "监护协议"
HERE = (CareStatus.MANAGED, CareStatus.ADMITTED, CareStatus.REFUSED)
WEAK = (GuardianshipState.WEAK, GuardianshipState.NONE, GuardianshipState.AWAY)
LIKELY_FROM = 3


def facts_on(patient: Patient, day: date) -> Facts:
    """Everything that the schemes ask about, with the day and the place where it was seen."""
    lines = [line for line in complete_lines([patient.pk]) if line.visited_on <= day]
    leveled = [line for line in lines if line.record.level is not None]
    level: Fact[int] = Fact(leveled[-1].record.level, leveled[-1].visited_on, VISIT) if leveled else Fact()
    people = around(patient, day)
    agreement = agreement_on(patient, day)
    return Facts(
        level=level,
        six_kinds=_six_kinds(patient, day),
        incident_ever=_incident_ever(patient, lines, day),
        assistants=_assistants(people, agreement),
        needs={**_of_register(patient, day), **_of_people(people), **_of_papers(agreement), **_of_care(lines, level)},
    )


def _six_kinds(patient: Patient, day: date) -> Fact[bool]:
    row = Diagnosis.objects.filter(patient=patient, starts_on__lte=day).order_by("-starts_on").first()
    return Fact(row.code in SIX_KINDS, row.starts_on, "诊断") if row else Fact()


def _incident_ever(patient: Patient, lines: list[Line], day: date) -> Fact[bool]:
    """A confirmed 肇事肇祸, or one that a record counts. Without either, records that say none; else nobody knows."""
    told = Incident.objects.filter(patient=patient, state__in=[IncidentState.CONFIRMED, IncidentState.CLOSED])
    days = [day_of(row.happened_at) for row in told if row.trouble or row.crime]
    days = [on for on in days if on <= day]
    if days:
        return Fact(True, max(days), "事件记录")
    counted = [line.visited_on for line in lines if line.record.incident]
    if counted:
        return Fact(True, counted[-1], VISIT)
    return Fact(False, lines[-1].visited_on, VISIT) if lines else Fact()


def _assistants(people: Around, agreement: Agreement | None) -> Fact[int]:
    if agreement is not None:
        return Fact(agreement.assistants.count(), agreement.starts_on, PAPER)
    return Fact(len(people.assistants), None, AROUND)


def _of_register(patient: Patient, day: date) -> Mapping[Need, Fact[bool]]:
    status = PatientStatus.objects.filter(patient=patient, starts_on__lte=day).order_by("-starts_on").first()
    if status is None:
        return {}
    held = status.value not in NOT_REGISTERED and patient.opened_on <= day
    since = patient.opened_on if held else status.starts_on
    found: dict[Need, Fact[bool]] = {Need.REGISTERED: Fact(held, since, REGISTER)}
    if not held or status.value in HERE:
        found[Need.LIVES_HERE] = Fact(held, since, REGISTER)
    household = patient.household_division
    if household is not None:
        county = patient.village.parent.parent if patient.village and patient.village.parent else None
        if county is not None:
            local = household.code.startswith(county.code)
            found[Need.LOCAL_HOUSEHOLD] = Fact(local, None, REGISTER)
            if local:  # a spouse's household stands in no file: without one's own nobody knows
                found[Need.OWN_OR_SPOUSE_HOUSEHOLD] = Fact(True, None, REGISTER)
    return found


def _of_people(people: Around) -> Mapping[Need, Fact[bool]]:
    social = {row.kind: row for row in people.social}
    found: dict[Need, Fact[bool]] = {}
    poor = [row for kind in (SocialKind.DIBAO, SocialKind.TEKUN) if (row := social.get(kind)) is not None]
    if any(row.holds for row in poor) or people.poor:
        on = max((row.starts_on for row in poor if row.holds), default=None)
        found[Need.POOR] = Fact(True, on, AROUND)
    elif poor or people.poor is False:
        found[Need.POOR] = Fact(False, max((row.starts_on for row in poor), default=None), AROUND)
    if (card := social.get(SocialKind.DISABILITY)) is not None:
        found[Need.DISABLED] = Fact(card.holds, card.starts_on, AROUND)
        if not card.holds or card.grade is not None:
            found[Need.SEVERELY_DISABLED] = Fact(card.holds and card.grade in (1, 2), card.starts_on, AROUND)
    if (insured := social.get(SocialKind.INSURED)) is not None:
        found[Need.INSURED] = Fact(insured.holds, insured.starts_on, AROUND)
    state = people.guardianship
    if people.guardian is None:
        found[Need.WEAK_GUARDIAN] = Fact(True, None, AROUND)
    elif state is not None:
        found[Need.WEAK_GUARDIAN] = Fact(state.state in WEAK, state.starts_on, AROUND)
    return found


def _of_papers(agreement: Agreement | None) -> Mapping[Need, Fact[bool]]:
    """Whether the incident-free year holds is for the police to write: it is never read out of silence."""
    if agreement is None:
        return {Need.AGREEMENT: Fact(False)}
    on = agreement.starts_on
    return {
        Need.AGREEMENT: Fact(True, on, PAPER),
        Need.LIVES_TOGETHER: Fact(agreement.lives_together, on, PAPER),
        Need.GUARDIAN_ABLE: Fact(agreement.is_able, on, PAPER),
    }


def _of_care(lines: list[Line], level: Fact[int]) -> Mapping[Need, Fact[bool]]:
    found: dict[Need, Fact[bool]] = {}
    taken: list[Any] = [line for line in lines if line.record.adherence is not None and not line.record.in_hospital]
    if taken:
        irregular = taken[-1].record.adherence in (Adherence.INTERRUPTED, Adherence.NOT_TAKEN)
        found[Need.IRREGULAR] = Fact(irregular, taken[-1].visited_on, VISIT)
    if level.value is not None and (level.value >= LIKELY_FROM or level.value == 0):
        found[Need.LIKELY_INCIDENT] = Fact(level.value >= LIKELY_FROM, level.on, VISIT)
    return found
