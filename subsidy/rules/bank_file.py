"""The file for the bank: text cells, totals in the head, a neutral memo; no patient, no illness.

A layout is data: which columns in which order, what they are called, how many rows a file may have. Source: practice.md
A3 (≤ 3,000–5,000 rows, account as text, head with count and total that equal the sum); security T20, T40.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from accounts.refusals import Refused
from subsidy.rules.money import ZERO, say
from subsidy.rules.neutral import illness_words
from subsidy.terms import BankFailure

# What a layout may ask for. There is no word for the patient: the bank has no business with them.
CELLS = ("number", "reference", "name", "account", "bank", "amount", "memo", "id_number")
_NAME = re.compile(r"[^\W\d_]+(?:[·. ][^\W\d_]+)*")
_DIGITS = re.compile(r"[0-9]{8,30}")


@dataclass(frozen=True, slots=True)
class Layout:
    """One bank's file. `success`, `failed`: the bank's words for a result; any other (处理中) is no answer yet.

    `failures`: its words or codes for the cause → ours; a cause that is not listed is “其他原因”.
    """

    key: str
    columns: tuple[tuple[str, str], ...]
    memo: str = "监护人补贴"
    most_rows: int = 3000
    failures: Mapping[str, BankFailure] = field(default_factory=dict)
    success: tuple[str, ...] = ("成功",)
    failed: tuple[str, ...] = ("失败", "退回")


PLAIN = Layout(
    "plain",
    (("number", "序号"), ("reference", "流水号"), ("name", "户名"), ("account", "账号"), ("bank", "开户行"),
     ("amount", "金额"), ("memo", "摘要")),
    failures={one.label: one for one in BankFailure},
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Credit:
    """One credit. `reference` is our own number of the payment, without any meaning."""

    reference: str
    name: str
    account: str
    bank: str
    amount: Decimal
    id_number: str = ""


@dataclass(frozen=True, slots=True)
class BankFile:
    """`rows` are text, ready to be written as text cells; count and total stand in the head."""

    number: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    count: int
    total: Decimal

    @property
    def head(self) -> tuple[tuple[str, str], ...]:
        return (("批次号", self.number), ("总笔数", str(self.count)), ("总金额", f"{self.total:.2f}"))


def bank_files(number: str, credits: Sequence[Credit], layout: Layout) -> tuple[BankFile, ...]:
    """The files of a batch, in its order, none longer than the bank takes; their totals make up the batch.

    Source: practice.md A3. Raises: Refused at the field (layout, memo, name, account, amount, reference).
    """
    _demand_layout(layout)
    if not credits:
        raise Refused("这一批没有可以发放的款项。", field="rows")
    references = [one.reference for one in credits]
    if len(set(references)) != len(references):
        raise Refused("流水号有重复，不能生成文件。", field="reference")
    for one in credits:
        _demand_credit(one)
    files = []
    for part, start in enumerate(range(0, len(credits), layout.most_rows), 1):
        held = credits[start : start + layout.most_rows]
        name = number if len(credits) <= layout.most_rows else f"{number}-{part}"
        rows = tuple(_cells(start + n, one, layout) for n, one in enumerate(held, 1))
        total = sum((one.amount for one in held), ZERO)
        files.append(BankFile(name, tuple(label for _, label in layout.columns), rows, len(held), total))
    return tuple(files)


def _cells(number: int, one: Credit, layout: Layout) -> tuple[str, ...]:
    values = {
        "number": str(number), "reference": one.reference, "name": one.name, "account": one.account, "bank": one.bank,
        "amount": f"{one.amount:.2f}", "memo": layout.memo, "id_number": one.id_number,
    }  # fmt: skip
    return tuple(values[key] for key, _ in layout.columns)


def _demand_layout(layout: Layout) -> None:
    keys = [key for key, _ in layout.columns]
    if unknown := [key for key in keys if key not in CELLS]:
        raise Refused(f"银行文件没有“{unknown[0]}”这一列。可用的是：{'、'.join(CELLS)}。", field="layout")
    needed = [key for key in ("reference", "name", "account", "amount") if key not in keys]
    if needed or len(set(keys)) != len(keys) or layout.most_rows < 1:
        raise Refused("银行文件的列要有流水号、户名、账号和金额，各一列；每个文件至少一行。", field="layout")
    for text in (layout.memo, *(label for _, label in layout.columns)):
        if words := illness_words(text):
            raise Refused(f"“{text}”里有不能外送的字样：{'、'.join(words)}。请换成“补贴”一类的说法。", field="memo")


def _demand_credit(one: Credit) -> None:
    """What cannot be a name or an account never becomes a cell: no formula, no lost digit. Source: security T20."""
    if not _NAME.fullmatch(one.name):
        raise Refused(f"流水号 {one.reference} 的户名不是姓名，请核对。", field="name")
    if not _DIGITS.fullmatch(one.account):
        raise Refused(f"流水号 {one.reference} 的账号应为 8—30 位数字，请核对。", field="account")
    if one.amount <= 0:
        raise Refused(f"流水号 {one.reference} 的金额是 {say(one.amount)}，不能送银行。", field="amount")
    if words := illness_words(one.bank):
        raise Refused(f"流水号 {one.reference} 的开户行里有不能外送的字样：{'、'.join(words)}。", field="bank")
    if one.bank[:1] in ("=", "+", "-", "@"):
        raise Refused(f"流水号 {one.reference} 的开户行不能以符号开头。", field="bank")
