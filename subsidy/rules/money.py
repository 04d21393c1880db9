"""Money: yuan with two places, never a float; shares of it are whole fen that add up.

Source: architecture, "Money". Units: yuan (Decimal), fen (int).
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction

FEN = Decimal("0.01")
ZERO = Decimal("0.00")
MOST_YUAN = Decimal("9999999.99")  # nothing here is more, so whatever is was a slip of the pen


class MoneyRefused(ValueError):
    """Carries the Chinese sentence; the caller adds the field."""


def yuan(fen: int) -> Decimal:
    return (Decimal(fen) * FEN).quantize(FEN)


def fen(amount: Decimal) -> int:
    """Raises: MoneyRefused when the amount has parts of a fen."""
    found = amount / FEN
    if found != found.to_integral_value():
        raise MoneyRefused(f"金额 {amount} 元有不足一分的零头。请写到分。")
    return int(found)


def nearest(exact: Fraction) -> Decimal:
    """The nearest fen; half a fen goes up, as on paper."""
    whole = (exact * 100 + Fraction(1, 2)).__floor__()
    return yuan(whole)


def read_yuan(raw: object, *, may_be_negative: bool = False) -> Decimal:
    """An amount as people or files write it: 1,800、2400.00、￥200元. Raises: MoneyRefused, in words."""
    if isinstance(raw, bool | float):
        raise MoneyRefused("金额被存成了浮点数，可能已经不准。请按文字填写，例如 200.00。")
    text = (
        str(raw if raw is not None else "").strip().translate(str.maketrans("０１２３４５６７８９．，", "0123456789.,"))
    )
    text = text.removeprefix("￥").removeprefix("¥").removesuffix("元").replace(",", "").strip()
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise MoneyRefused("没有看懂金额。请写数字，例如 200.00。") from None
    if not amount.is_finite():
        raise MoneyRefused("没有看懂金额。请写数字，例如 200.00。")
    if amount < 0 and not may_be_negative:
        raise MoneyRefused("金额不能是负数。")
    if abs(amount) > MOST_YUAN:
        raise MoneyRefused(f"金额超过 {MOST_YUAN} 元，请核对小数点。")
    fen(amount)
    return amount.quantize(FEN, rounding=ROUND_HALF_UP)


def split(total: Decimal, parts: Sequence[int | Fraction]) -> tuple[Decimal, ...]:
    """`total` in whole fen by these parts; the fen left over go to the largest remainders, the first one wins a tie.

    Source: issue 6, Build 5. Units: yuan. Raises: ValueError without a part, or with a negative one.
    """
    if not parts or any(part < 0 for part in parts) or not any(parts):
        raise ValueError("there is nobody to share between")
    whole, sign = abs(fen(total)), -1 if total < 0 else 1
    exact = [Fraction(whole) * Fraction(part) / sum(map(Fraction, parts)) for part in parts]
    shares = [share.__floor__() for share in exact]
    by_remainder = sorted(range(len(parts)), key=lambda n: (shares[n] - exact[n], n))
    for n in by_remainder[: whole - sum(shares)]:
        shares[n] += 1
    return tuple(yuan(sign * share) for share in shares)


def say(amount: Decimal) -> str:
    """For sentences: 2,400.00 元."""
    return f"{amount:,.2f} 元"
