"""Codes of GB/T 31000—2015 that are worked out from several facts: who takes part, how somebody is treated. Pure.

Source: practice notes B1.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.terms import AgencyKind
from followup.terms import Adherence, TeamRole

T, K = TeamRole, AgencyKind
HEALTH, POLICE, CIVIL, DISABLED, VILLAGE, OTHER = "01", "02", "03", "04", "05", "99"
_ROLES: dict[str, str] = {
    T.WORKER: HEALTH, T.NURSE: HEALTH, T.DOCTOR: HEALTH, T.POLICE: POLICE, T.CIVIL_AFFAIRS: CIVIL, T.FEDERATION: DISABLED,
    T.COMMITTEE: VILLAGE,
}  # fmt: skip
_OFFICES: dict[str, str] = {
    K.HEALTH_CENTRE: HEALTH, K.VILLAGE_CLINIC: HEALTH, K.POLICE: POLICE, K.CIVIL_AFFAIRS: CIVIL,
    K.DISABLED_FEDERATION: DISABLED, K.VILLAGE_COMMITTEE: VILLAGE,
}  # fmt: skip
IN_HOSPITAL, MEDICATED, NEVER = "01", "02", "04"
TAKEN = frozenset({Adherence.REGULAR, Adherence.INTERRUPTED})


def team_codes(roles: Iterable[str], offices: Iterable[str]) -> tuple[str, ...]:
    """参与管理人员: of the person's own team by role, of the village's 关爱帮扶小组 by the member's office."""
    found = {_ROLES.get(role, OTHER) for role in roles} | {_OFFICES.get(kind, OTHER) for kind in offices}
    return tuple(sorted(found))


@dataclass(frozen=True)
class Treatment:
    """What the records say of somebody's treatment on a day. `adherence`: of the newest record that says any."""

    in_hospital: bool = False
    adherence: int | None = None
    ever_taken: bool = False
    ever_admitted: bool = False
    past_admissions: int | None = None  # before the file; None: not known


def treatment_code(said: Treatment) -> str:
    """治疗情况. Empty where no code is true: treated once and not now, or nothing known. 03 is in no record of ours."""
    if said.in_hospital:
        return IN_HOSPITAL
    if said.adherence in TAKEN:
        return MEDICATED
    never = said.adherence == Adherence.NOT_TAKEN and said.past_admissions == 0
    return NEVER if never and not said.ever_taken and not said.ever_admitted else ""
