"""The bank's answer held against what was sent, row by row. Nothing here writes; what does not fit is shown, not applied.

Sum of a file: paid + failed + still open = sent, to the fen. Source: practice.md A3; issue 6, Shows 2 and "Bad input".
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from subsidy.rules.bank_file import Credit, Layout
from subsidy.rules.money import ZERO, MoneyRefused, read_yuan, say
from subsidy.terms import BankFailure


class Misfit(StrEnum):
    """Why a row of the answer is not applied."""

    UNKNOWN = "unknown"
    TWICE = "twice"
    AMOUNT = "amount"
    ACCOUNT = "account"
    CONTRADICTS = "contradicts"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Answer:
    """A row of the bank's file, as text. `result` in the bank's own words; `reason` of a failure."""

    reference: str
    account: str
    amount: str
    result: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    reference: str
    failure: BankFailure
    said: str


@dataclass(frozen=True, slots=True)
class Strange:
    """A row that a person has to look at. `line` counts from 1."""

    line: int
    reference: str
    misfit: Misfit
    words: str


@dataclass(frozen=True, slots=True)
class Matched:
    """`known`: rows that say again what is known. `open`: references that the bank has not answered yet."""

    paid: tuple[str, ...]
    failed: tuple[Failed, ...]
    strange: tuple[Strange, ...]
    known: tuple[str, ...]
    open: tuple[str, ...]
    sent: Decimal
    paid_amount: Decimal
    failed_amount: Decimal
    open_amount: Decimal

    @property
    def is_complete(self) -> bool:
        return not self.open and not self.strange


def match(
    sent: Sequence[Credit], answers: Sequence[Answer], layout: Layout, settled: Mapping[str, bool] | None = None
) -> Matched:
    """Hold the answers against what was sent. `settled`: references answered before → whether they were paid.

    The same file again says nothing new; half a file leaves the rest open; a changed amount or account, an unknown or
    doubled reference is strange and applied to nobody. Source: practice.md A3.
    """
    by_reference = {one.reference: one for one in sent}
    before = dict(settled or {})
    counts = Counter(one.reference.strip() for one in answers)
    paid, failed, strange, known = [], [], [], []
    for line, answer in enumerate(answers, 1):
        reference = answer.reference.strip()
        credit = by_reference.get(reference)
        misfit = _misfit(answer, credit, counts[reference], layout)
        is_paid = answer.result.strip() in layout.success
        if misfit is None and reference in before:
            if before[reference] == is_paid:
                known.append(reference)
                continue
            was = "到账" if before[reference] else "退回"
            misfit = Misfit.CONTRADICTS, f"流水号 {reference} 以前回的是{was}，这次不同。请和银行核对，不自动更改。"
        if misfit is not None:
            strange.append(Strange(line, reference, *misfit))
        elif is_paid:
            paid.append(reference)
        else:
            failed.append(Failed(reference, failure_of(answer, layout), answer.reason.strip() or answer.result.strip()))
    return _sum_up(by_reference, paid, failed, strange, known, before)


def _misfit(answer: Answer, credit: Credit | None, times: int, layout: Layout) -> tuple[Misfit, str] | None:
    reference = answer.reference.strip()
    if credit is None:
        return Misfit.UNKNOWN, f"流水号 {reference or '（空）'} 不在送出的文件里。请确认是不是别的批次的回单。"
    if times > 1:
        return Misfit.TWICE, f"流水号 {reference} 在回单里出现 {times} 次。请银行更正回单。"
    try:
        amount = read_yuan(answer.amount)
    except MoneyRefused as refusal:
        return Misfit.UNREADABLE, f"流水号 {reference}：{refusal}"
    if amount != credit.amount:
        return Misfit.AMOUNT, f"流水号 {reference} 送出 {say(credit.amount)}，回单是 {say(amount)}。请和银行核对。"
    if answer.account.strip() != credit.account:
        return Misfit.ACCOUNT, f"流水号 {reference} 回单的账号和送出的不同。请和银行核对。"
    result = answer.result.strip()
    if result not in (*layout.success, *layout.failed, *layout.failures):
        return Misfit.UNREADABLE, f"流水号 {reference} 的结果是“{result or '空白'}”，不是成功也不是失败。请和银行核对。"
    return None


def failure_of(answer: Answer, layout: Layout) -> BankFailure:
    """The bank's words as one of our causes. A word that the layout does not know is “其他原因”, kept as the bank said it."""
    for said in (answer.reason.strip(), answer.result.strip()):
        if said in layout.failures:
            return layout.failures[said]
    return BankFailure.OTHER


def _sum_up(
    sent: Mapping[str, Credit],
    paid: list[str],
    failed: list[Failed],
    strange: list[Strange],
    known: list[str],
    before: Mapping[str, bool],
) -> Matched:
    paid_now = {*paid, *(key for key, was_paid in before.items() if was_paid and key in sent)}
    failed_now = {*(one.reference for one in failed), *(key for key, was in before.items() if not was and key in sent)}
    still_open = tuple(key for key in sent if key not in paid_now and key not in failed_now)

    def total(keys: set[str] | tuple[str, ...]) -> Decimal:
        return sum((sent[key].amount for key in keys), ZERO)

    return Matched(
        tuple(paid), tuple(failed), tuple(strange), tuple(known), still_open,
        sum((one.amount for one in sent.values()), ZERO), total(paid_now), total(failed_now), total(still_open),
    )  # fmt: skip
