"""Consent to being told of: who has to sign before an office may be told on no other ground."""

from datetime import date

from registry.rules.consent import ConsentRefused
from registry.rules.id_number import age_on
from registry.terms import Signer

ALONE_FROM = 14  # years
GUARDIANS = (Signer.GUARDIAN, Signer.BOTH)
TOO_YOUNG = "不满 14 周岁的，要由监护人同意。请选监护人签字。"


def check_sharing(*, agreed: bool, signer: str, relation: str, birth_on: date | None, on: date) -> None:
    """Whose signature can stand. A refusal or a withdrawal needs no reason.

    Source: 个人信息保护法 §15 (withdrawn as easily as given), §16, §29 (a consent of its own), §31 (under 14 the
    guardian's). Units: local date. Raises: ConsentRefused.
    """
    if not signer:
        raise ConsentRefused("请选择由谁签字。", field="signer")
    if signer in GUARDIANS and not relation:
        raise ConsentRefused("监护人签字的，请选择与患者的关系。", field="relation")
    age = age_on(birth_on, on)
    if agreed and age is not None and age < ALONE_FROM and signer not in GUARDIANS:
        raise ConsentRefused(TOO_YOUNG, field="signer")
