"""Whose money a batch is: by parts, or a fixed sum of one source and the rest of another. Every fen has one source.

Source: 康乐 (34,200 = 省级 33,269 + 县级 931); issue 6, Build 5. Units: yuan.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from accounts.refusals import Refused
from subsidy.rules.money import ZERO, say, split
from subsidy.rules.schemes import Source


@dataclass(frozen=True, slots=True)
class Share:
    source: str
    label: str
    amount: Decimal


def fund(total: Decimal, sources: Sequence[Source], given: Mapping[str, Decimal] | None = None) -> tuple[Share, ...]:
    """What each source bears of a batch, in the order of the scheme; `given`: what the fixed sources give this time.

    A fixed source bears no more than the batch, in the order of the scheme. What is left goes by parts (largest remainder
    first) or to the one source that bears the rest. A scheme without sources is borne by nobody in particular: ().
    Source: 康乐. Raises: Refused, at the field `given`, when a fixed sum is missing, negative or unknown; at `total`.
    """
    if total < 0:
        raise Refused(f"本批合计是 {say(total)}，不能是负数。请先核对抵扣。", field="total")
    sums = _given(sources, given or {})
    left, amounts = total, dict.fromkeys((one.key for one in sources), ZERO)
    for one in sources:
        if one.fixed:
            amounts[one.key] = min(sums[one.key], left)
            left -= amounts[one.key]
    bearing = [one for one in sources if not one.fixed]
    if bearing:
        parts = [one.parts if one.parts is not None else 1 for one in bearing]
        amounts.update(zip((one.key for one in bearing), split(left, parts), strict=True))
    elif sources and left:
        raise Refused(f"各来源给定的数额合计比本批少 {say(left)}，这一部分没有人承担。", field="given")
    return tuple(Share(one.key, one.label, amounts[one.key]) for one in sources)


def _given(sources: Sequence[Source], given: Mapping[str, Decimal]) -> dict[str, Decimal]:
    fixed = {one.key: one for one in sources if one.fixed}
    if strange := sorted(given.keys() - fixed.keys()):
        raise Refused(f"“{strange[0]}”不是每批给定数额的来源。", field="given")
    for key, one in fixed.items():
        if key not in given:
            raise Refused(f"请填写{one.label}本批给定的数额。", field="given")
        if given[key] < 0:
            raise Refused(f"{one.label}给定的数额不能是负数。", field="given")
    return {key: given[key] for key in fixed}


def unused(shares: Sequence[Share], given: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """What fixed sources gave and the batch did not need."""
    borne = {one.source: one.amount for one in shares}
    return {key: amount - borne.get(key, ZERO) for key, amount in given.items() if amount > borne.get(key, ZERO)}
