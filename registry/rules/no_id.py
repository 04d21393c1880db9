"""People without an identity number: counted from the opening of the file, confirmed by somebody else.

Source: issue 3, registry 8; indicators.md "Registered" (a file opened counts); docs/adr/0007.
"""

from accounts.rules.machine import Machine, Step
from accounts.terms import Permission
from registry.terms import IdentityState

S = IdentityState
IDENTITY = Machine(
    name="identity",
    label="无证件人员核实",
    source="本系统（docs/adr/0007）",
    states=tuple(S),
    starts=frozenset({S.WAITING}),
    ends=frozenset({S.CONFIRMED}),
    steps=(
        Step(S.WAITING, S.CONFIRMED, "核实无误", Permission.SETTLE_ID_CHECK, "registry.identity.confirmed", True),
        Step(S.WAITING, S.RETURNED, "退回补查", Permission.SETTLE_ID_CHECK, "registry.identity.returned", True),
        Step(S.RETURNED, S.WAITING, "补查后再报", Permission.EDIT_PATIENT, "registry.identity.reported", True),
    ),
)


def may_confirm(opener: str, reporter: str, user: str) -> bool:
    """Four eyes: who opened the file or reported last does not confirm it. An unknown opener stops nobody."""
    return user not in (opener, reporter)
