"""A bill, from the total to what the person still pays: 医保报销、民政救助、财政兜底.

The shares always add up to the bill and none is negative. What has nothing to do with the illness, and what lies outside
the catalogue, is never borne by the county: the first follows ordinary insurance, the second is the person's.
Source: 邹城 二(六).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from accounts.refusals import Refused
from subsidy.rules.money import ZERO, say
from subsidy.terms import BillChannel, Payer

# Who has paid before the county's money comes in, in the order of the policy.
BEFORE = (Payer.BASIC, Payer.SERIOUS, Payer.COMMERCIAL, Payer.MEDICAL_AID, Payer.OTHER)


@dataclass(frozen=True, slots=True)
class Problem:
    field: str
    message: str


class BillRefused(Refused):
    """The bill cannot be true. Every fault with its field and what to do."""

    message = "费用单有不对的地方，请改正后再算。"

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__(" ".join(one.message for one in problems), field=problems[0].field)


@dataclass(frozen=True, slots=True)
class Bill:
    """Units: yuan. `unrelated`: treatment of another illness. `out_of_scope`: outside the catalogue (范围外自费).

    `paid`: what the earlier payers have paid of the related part in scope.
    """

    total: Decimal
    unrelated: Decimal = ZERO
    out_of_scope: Decimal = ZERO
    paid: Mapping[Payer, Decimal] = field(default_factory=dict)
    registered: bool = False
    designated: bool = False
    vagrant: bool = False
    destitute: bool = False
    veteran: bool = False

    @property
    def in_scope(self) -> Decimal:
        return self.total - self.unrelated - self.out_of_scope


@dataclass(frozen=True, slots=True)
class PaidShare:
    payer: Payer
    amount: Decimal
    words: str
    in_scope: bool = True  # of the related costs inside the catalogue


@dataclass(frozen=True, slots=True)
class Sheet:
    """一站式结算单: each payer's share in order, and why the rest falls where it falls."""

    channel: BillChannel
    shares: tuple[PaidShare, ...]
    because: str

    def of(self, payer: Payer) -> Decimal:
        return sum((one.amount for one in self.shares if one.payer is payer), ZERO)

    @property
    def personal_in_scope(self) -> Decimal:
        """What the person still pays of what the policy covers: 0 is what the indicator 免费救治 asks for."""
        return sum((one.amount for one in self.shares if one.payer is Payer.PERSON and one.in_scope), ZERO)


def pay(bill: Bill) -> Sheet:
    """Who pays what of a bill. Source: 邹城 二(六). Raises: BillRefused with every fault."""
    if problems := tuple(faults(bill)):
        raise BillRefused(problems)
    channel, because = channel_of(bill)
    earlier = [(payer, bill.paid.get(payer, ZERO)) for payer in BEFORE]
    left = bill.in_scope - sum((amount for _, amount in earlier), ZERO)
    shares = [PaidShare(payer, amount, f"{payer.label} {say(amount)}") for payer, amount in earlier if amount]
    last = {BillChannel.TREASURY: Payer.TREASURY, BillChannel.CIVIL_AFFAIRS: Payer.CIVIL_AFFAIRS}.get(channel)
    if left and last is not None:
        shares.append(PaidShare(last, left, f"范围内其余 {say(left)}，由{last.label}"))
    elif left:
        shares.append(PaidShare(Payer.PERSON, left, f"范围内其余 {say(left)}，由个人支付"))
    outside = (
        (bill.unrelated, f"与本次治疗无关的 {say(bill.unrelated)}，按普通医保政策另行核报"),
        (bill.out_of_scope, f"范围外自费 {say(bill.out_of_scope)}，由个人支付"),
    )
    shares += [PaidShare(Payer.PERSON, amount, words, in_scope=False) for amount, words in outside if amount]
    return Sheet(channel, tuple(shares), because)


def channel_of(bill: Bill) -> tuple[BillChannel, str]:
    """Which rule the rest of the bill follows, and why in words. Source: 邹城 二(六)."""
    groups = (("vagrant", "流浪乞讨人员"), ("destitute", "城市“三无”人员"), ("veteran", "复员退伍军人"))
    if group := next((label for name, label in groups if getattr(bill, name)), ""):
        return BillChannel.CIVIL_AFFAIRS, f"{group}的医疗费用按规定通过民政部门救助管理经费渠道解决。"
    if not bill.registered:
        return BillChannel.ORDINARY, "患者没有在册登记，财政不兜底。需要登记的，请联系镇街卫生院。"
    if not bill.designated:
        return BillChannel.ORDINARY, "不在定点医院就诊，按参保地政策报销，财政不兜底。"
    return BillChannel.TREASURY, "在册患者在定点医院，范围内医保、保险、救助之后仍需个人支付的部分由财政兜底。"


def faults(bill: Bill) -> Iterator[Problem]:
    """What cannot be true of a bill, each with the field and what to do about it."""
    named = [("total", "总费用", bill.total), ("unrelated", "无关费用", bill.unrelated),
             ("out_of_scope", "范围外自费", bill.out_of_scope)]  # fmt: skip
    named += [(payer.value, f"{payer.label}已付", amount) for payer, amount in bill.paid.items()]
    negative = [(name, label, amount) for name, label, amount in named if amount < 0]
    for name, label, amount in negative:
        yield Problem(name, f"{label}是 {say(amount)}，不能是负数。退费请改在原来的费用单上更正。")
    for payer in bill.paid:
        if payer not in BEFORE:
            yield Problem(payer.value, f"{payer.label}由系统计算，不能填写。请删去这一项。")
    if negative:
        return
    if bill.in_scope < 0:
        yield Problem(
            "out_of_scope",
            f"无关费用和范围外自费合计 {say(bill.unrelated + bill.out_of_scope)}，超过总费用 {say(bill.total)}。"
            "请对照费用清单改正。",
        )
        return
    paid = sum(bill.paid.values(), ZERO)
    if paid > bill.in_scope:
        named_payers = "、".join(payer.label for payer, amount in bill.paid.items() if amount)
        yield Problem(
            next(payer.value for payer in reversed(BEFORE) if bill.paid.get(payer)),
            f"{named_payers}合计 {say(paid)}，超过范围内费用 {say(bill.in_scope)}，多 {say(paid - bill.in_scope)}。"
            "请核对结算单，同一笔不要填两处。",
        )
