"""外出: when the destination opens a temporary file, and whom else to tell.

Source: 邹城 三(三) (外出一个月以上由流入地建立临时档案并告知经常居住地; 经常居住地与户籍地不同的, 告知户籍地).
"""

from datetime import date

from accounts.rules.machine import Machine, Step
from accounts.terms import Permission
from registry.terms import AwayState

S = AwayState
TEMPORARY_FILE = Machine(
    name="temporary_file", label="临时档案", source="邹城 三(三)", states=tuple(AwayState), starts=frozenset({S.OPEN}),
    ends=frozenset({S.ENDED}),
    steps=(
        Step(S.OPEN, S.TAKEN, "建立临时档案", Permission.MOVE_PATIENT, "registry.temporary_file.taken"),
        Step(S.OPEN, S.ENDED, "返回或结案", None, "registry.temporary_file.ended"),
        Step(S.TAKEN, S.ENDED, "返回或结案", None, "registry.temporary_file.ended"),
    ),
)  # fmt: skip


def needs_file(away_from: date, until: date | None, *, today: date, days: int) -> bool:
    """True when the absence lasts, or is expected to last, more than `days`; an unknown return counts as long.

    Units: calendar days.
    """
    return until is None or (max(until, today) - away_from).days > days


def household_to_tell(household: int | None, *, duty: int, destination: int | None) -> int | None:
    """The township of the household registration, where it is neither the one on duty nor the destination."""
    return household if household is not None and household not in (duty, destination) else None
