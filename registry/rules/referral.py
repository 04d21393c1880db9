"""双向转诊: which step may follow which, what the two slips ask for, and which hospital the county's table names."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from accounts.rules.machine import Machine, Step
from accounts.terms import Permission
from registry.terms import DestinationCategory, ReferralState, SocialKind

S = ReferralState
_ASKS, _ANSWERS = Permission.REFER_PATIENT, Permission.ANSWER_REFERRAL

REFERRAL = Machine(
    "referral",
    "转诊单",
    "规范2018 双向转诊; 滕州 三(一) 绿色通道",
    tuple(S),
    frozenset({S.PROPOSED}),
    frozenset({S.DECLINED, S.COMPLETED, S.CANCELLED}),
    (
        Step(S.PROPOSED, S.RECEIVED, "签收", _ANSWERS, "registry.referral.received"),
        Step(S.PROPOSED, S.CANCELLED, "取消", _ASKS, "registry.referral.cancelled", needs_reason=True),
        Step(S.RECEIVED, S.ACCEPTED, "接诊", _ANSWERS, "registry.referral.accepted"),
        Step(S.RECEIVED, S.DECLINED, "不收", _ANSWERS, "registry.referral.declined", needs_reason=True),
        Step(S.RECEIVED, S.CANCELLED, "取消", _ASKS, "registry.referral.cancelled", needs_reason=True),
        Step(S.ACCEPTED, S.RETURNED, "填写回转单", _ANSWERS, "registry.referral.returned"),
        Step(S.ACCEPTED, S.CANCELLED, "取消", _ASKS, "registry.referral.cancelled", needs_reason=True),
        Step(S.RETURNED, S.COMPLETED, "签收回转单", _ASKS, "registry.referral.completed"),
    ),
)
OPEN = (S.PROPOSED, S.RECEIVED, S.ACCEPTED, S.RETURNED)

# Fields of the two slips in paper order. Source: 国家基本公共卫生服务规范（第三版） 双向转诊单.
PERSON = (
    ("name", "姓名"), ("sex", "性别"), ("age", "年龄"), ("number", "档案编号"), ("address", "家庭住址"),
    ("phone", "联系电话"), ("guardian", "监护人及电话"),
)  # fmt: skip
SLIP = (
    ("department", "转入科室"), ("doctor", "接诊医生"), ("impression", "初步印象"), ("present", "主要现病史（转出原因）"),
    ("past", "主要既往史"), ("treatment", "治疗经过"), ("sender", "转诊医生"), ("sender_phone", "转诊医生电话"),
)  # fmt: skip
RETURN = (
    ("diagnosis", "诊断结果"), ("checks", "主要检查结果"), ("treatment", "治疗经过"),
    ("advice", "下一步治疗方案及康复建议"), ("doctor", "转诊医生"), ("phone", "联系电话"),
)  # fmt: skip


_CATEGORY_OF = {SocialKind.TEKUN: DestinationCategory.DESTITUTE, SocialKind.VETERAN: DestinationCategory.VETERAN}


def category_of(held: Iterable[str]) -> DestinationCategory:
    """The category that the file suggests, in the order of the county's rule; whoever refers may choose another.

    Source: 邹城 二(五)(六). `held`: kinds of social facts that hold today.
    """
    found = {_CATEGORY_OF[kind] for kind in map(SocialKind, held) if kind in _CATEGORY_OF}
    return next((category for category in DestinationCategory if category in found), DestinationCategory.GENERAL)


PHONES = frozenset({"phone", "guardian"})  # of the person's own fields


def needs_phones(*, receives: bool, writes: bool, on_paper: bool, is_open: bool) -> bool:
    """Whether the person's and the guardian's numbers are shown in full.

    They stand on the slip for the unit that receives it, as long as it has to reach somebody: it reads them, and whoever
    writes the slip prints them for it. Everybody else reads them masked. Source: 精神卫生法 第四条; security.md (N).
    """
    return is_open and (receives or (writes and on_paper))


@dataclass(frozen=True)
class Destination:
    """A row of the county's table as it holds on a day. `agency` is a key, None when only the name is known."""

    category: DestinationCategory
    starts_on: date
    agency: int | None
    name: str
    basis: str = ""


@dataclass(frozen=True)
class Suggestion:
    """Where the table sends this person, and why in words. `name` empty: the table says nothing."""

    agency: int | None
    name: str
    because: str


def suggest(categories: Iterable[str], table: Iterable[Destination], *, today: date) -> Suggestion:
    """The hospital of the first category of the rule that applies to the person; a worker may choose otherwise.

    Order: 强制医疗, 传染病, 流浪乞讨, 特困, 退役军人, others. Source: 邹城 二(五)(六), 县级收治表 (with dates).
    """
    wanted = {*categories, DestinationCategory.GENERAL.value}
    holding = in_force(table, today)
    for category in DestinationCategory:
        row = holding.get(category)
        if category.value in wanted and row is not None:
            basis = f"，依据{row.basis}" if row.basis else ""
            since = f"{row.starts_on:%Y-%m-%d} 起"
            return Suggestion(
                row.agency, row.name, f"{category.label}患者由{row.name}收治（县级收治表 {since}{basis}）。"
            )
    return Suggestion(None, "", "县级收治表里没有适用的医院，请自行选择。")


def in_force(table: Iterable[Destination], today: date) -> Mapping[DestinationCategory, Destination]:
    """The newest row of each category that has begun. Units: local dates."""
    found: dict[DestinationCategory, Destination] = {}
    for row in sorted(table, key=lambda row: row.starts_on):
        if row.starts_on <= today:
            found[row.category] = row
    return found
