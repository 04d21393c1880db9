"""疾病应急救助: unpaid emergency costs in the payer order of the plan; the fund pays only the gap.

Source: 滕州 三(一)3; 中原 二(一)3 (emergency admission elsewhere is reported within a week). Units: yuan, local dates.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from subsidy.rules.money import ZERO, say
from subsidy.rules.waterfall import BillRefused, Problem
from subsidy.terms import EmergencyPayer, Met

BEFORE_FUND = tuple(payer for payer in EmergencyPayer if payer is not EmergencyPayer.FUND)
REPORT_DAYS = 7


@dataclass(frozen=True, slots=True)
class EmergencyDebt:
    """`paid`: what each earlier channel bears; a channel that nobody has asked yet is missing, one that pays nothing is 0."""

    owed: Decimal
    unidentified: bool | None = None
    unable_to_pay: bool | None = None
    paid: Mapping[EmergencyPayer, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FundSheet:
    """`gap` is what may be applied for; only when `met` is yes."""

    met: Met
    gap: Decimal
    words: tuple[str, ...]


def gap_of(debt: EmergencyDebt) -> FundSheet:
    """What the fund may be asked for, after every earlier channel has answered.

    Source: 滕州 三(一)3 (无上述渠道或上述渠道费用支付有缺口时). Raises: BillRefused with every fault.
    """
    _refuse(debt)
    left, words = debt.owed, [f"拖欠的急救费用 {say(debt.owed)}。"]
    unasked = []
    for payer in BEFORE_FUND:
        if payer not in debt.paid:
            unasked.append(payer)
            words.append(f"{payer.label}：还没有结果。")
            continue
        left -= debt.paid[payer]
        words.append(f"{payer.label}：{say(debt.paid[payer])}，还差 {say(left)}。")
    if debt.unidentified is False and debt.unable_to_pay is False:
        return FundSheet(Met.NO, ZERO, (*words, "身份明确而且能够缴费，不属于疾病应急救助的范围。"))
    if not (debt.unidentified or debt.unable_to_pay):
        return FundSheet(Met.UNKNOWN, ZERO, (*words, "身份不明或无力缴费还没有核实，请公安机关和民政部门出具结果。"))
    if left == 0:
        return FundSheet(Met.NO, ZERO, (*words, "没有缺口，不需要申请基金。"))
    if unasked:
        named = "、".join(payer.label for payer in unasked)
        return FundSheet(Met.UNKNOWN, ZERO, (*words, f"请先向{named}申请，有了结果（没有的写 0）再算缺口。"))
    return FundSheet(Met.YES, left, (*words, f"缺口 {say(left)}，可以申请疾病应急救助基金。"))


def _refuse(debt: EmergencyDebt) -> None:
    problems = []
    if debt.owed < 0:
        problems.append(Problem("owed", f"拖欠的急救费用是 {say(debt.owed)}，不能是负数。请核对。"))
    for payer, amount in debt.paid.items():
        if payer is EmergencyPayer.FUND:
            problems.append(Problem(payer.value, "基金支付的数额由系统计算，不能填写。请删去这一项。"))
        elif amount < 0:
            problems.append(Problem(payer.value, f"{payer.label}是 {say(amount)}，不能是负数。请核对。"))
    paid = sum(debt.paid.values(), ZERO)
    if not problems and paid > debt.owed:
        problems.append(
            Problem("paid", f"各渠道合计 {say(paid)}，超过拖欠的 {say(debt.owed)}。请核对，同一笔不要填两处。")
        )
    if problems:
        raise BillRefused(tuple(problems))


@dataclass(frozen=True, slots=True)
class Report:
    """异地急诊住院报备. `last_day`: the last day on which it is in time."""

    last_day: date
    in_time: bool | None
    words: str


def report_elsewhere(admitted_on: date, reported_on: date | None, today: date, days: int = REPORT_DAYS) -> Report:
    """Whether an emergency admission elsewhere was reported to the insurer within a week.

    Source: 中原 二(一)3 (一周内向经办机构报备). Units: local dates; the day of admission does not count.
    """
    last = admitted_on + timedelta(days=days)
    if reported_on is not None and reported_on < admitted_on:
        raise BillRefused((Problem("reported_on", f"报备日期 {reported_on} 早于入院日期 {admitted_on}。请核对日期。"),))
    if reported_on is not None:
        in_time = reported_on <= last
        said = "在期限内" if in_time else f"超过期限 {(reported_on - last).days} 天，请向经办机构说明原因"
        return Report(last, in_time, f"{reported_on} 已报备，期限 {last}，{said}。")
    if today > last:
        return Report(
            last, False, f"还没有报备，期限 {last} 已过 {(today - last).days} 天。请尽快向经办机构报备并说明原因。"
        )
    return Report(last, None, f"还没有报备，期限 {last}，还剩 {(last - today).days} 天。")
