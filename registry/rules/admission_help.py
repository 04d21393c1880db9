"""协助入院、出院: who signs, what the township has to do, until when."""

from dataclasses import dataclass

from accounts.rules.machine import Machine, Step
from accounts.terms import Permission
from registry.terms import GuardianAble, HelpDirection, HelpSigner, HelpState

S = HelpState
_WHO = Permission.REFER_PATIENT

HELP = Machine(
    "admission_help",
    "协助入出院",
    "邹城 二(五)",
    tuple(S),
    frozenset({S.ASKED}),
    frozenset({S.DONE, S.CANCELLED}),
    (
        Step(S.ASKED, S.ARRANGED, "登记安排", _WHO, "registry.help.arranged"),
        Step(S.ASKED, S.DONE, "办结", _WHO, "registry.help.done"),
        Step(S.ASKED, S.CANCELLED, "取消", _WHO, "registry.help.cancelled", needs_reason=True),
        Step(S.ARRANGED, S.DONE, "办结", _WHO, "registry.help.done"),
        Step(S.ARRANGED, S.CANCELLED, "取消", _WHO, "registry.help.cancelled", needs_reason=True),
    ),
)


@dataclass(frozen=True)
class Duty:
    """Who signs, and the township's task in words."""

    signer: HelpSigner
    task: str


def duty_of(direction: str, guardian: str) -> Duty:
    """Who signs in or out, and what the township does. Source: 邹城 二(五).

    Guardian able or unable to escort: the guardian signs. Unwilling: the township urges, the guardian signs. None:
    the township of the household registration signs.
    """
    if guardian == GuardianAble.NONE:
        verb = "入院" if direction == HelpDirection.IN else "出院"
        return Duty(HelpSigner.TOWNSHIP, f"由户籍所在地镇街安排人员办理{verb}手续。")
    if direction == HelpDirection.IN:
        if guardian == GuardianAble.UNABLE:
            return Duty(
                HelpSigner.GUARDIAN, "村（居）委会或镇街会同派出所安排人员配合监护人送医，入院手续由监护人办理。"
            )
        if guardian == GuardianAble.UNWILLING:
            return Duty(HelpSigner.GUARDIAN, "向监护人说明法定职责，督促其送医并办理入院手续。")
        return Duty(HelpSigner.GUARDIAN, "入院手续由监护人办理，镇街了解办理情况。")
    if guardian == GuardianAble.UNWILLING:
        return Duty(HelpSigner.GUARDIAN, "由镇街督促监护人接收并办理出院手续。")
    return Duty(HelpSigner.GUARDIAN, "医院已通知监护人，出院手续由监护人办理，镇街了解办理情况。")
