"""Numbers and periods of an agency's lists: each once, in order, a hole only with its reason. Source: security T17."""

from datetime import date

from exchange.rules.periods import NoPeriod, Period, ended_before, period
from exchange.terms import Rhythm

OFFERED = 4
AGAIN = "这份名册已经收到过（第 {number} 份），没有重复登记。要报新的一期，请核对文件。"


def sequence_problem(number: int, last: int, gap_because: str) -> str:
    """Why a list with this number cannot follow the last one received; "" when it can."""
    if number <= last:
        return f"已经收到第 {last} 份，第 {number} 份是旧的。请核对份号；要更正已报的内容，请用第 {last + 1} 份报送。"
    if number > last + 1 and not gap_because:
        missing = f"第 {last + 1} 份" if number == last + 2 else f"第 {last + 1} 至 {number - 1} 份"
        return f"还没有收到{missing}。请先报送；确实没有的，请写明缺号的原因。"
    return ""


def period_problem(name: str, rhythm: Rhythm, today: date) -> str:
    """Why a list of this kind cannot be of this period; "" when it can."""
    try:
        asked = period(name)
    except NoPeriod as fault:
        return str(fault)
    wanted = Rhythm.HALF_YEARLY if rhythm is Rhythm.HALF_YEARLY else Rhythm.QUARTERLY
    if asked.rhythm is not wanted:
        return f"这种名册按{'半年' if wanted is Rhythm.HALF_YEARLY else '季度'}报送，请选对应的所属期。"
    if asked.first > today:
        return f"{asked.label}还没有开始。请核对所属期。"
    return ""


def periods_offered(rhythm: Rhythm, today: date) -> list[Period]:
    """The running period and the ended ones before it, newest first."""
    wanted = Rhythm.HALF_YEARLY if rhythm is Rhythm.HALF_YEARLY else Rhythm.QUARTERLY
    parts = ("H1", "H2") if wanted is Rhythm.HALF_YEARLY else ("Q1", "Q2", "Q3", "Q4")
    running = next(one for part in parts if (one := period(f"{today.year}{part}")).holds(today))
    ended = [one for one in ended_before(today, back=OFFERED) if one.rhythm is wanted]
    return [running, *reversed(ended)]
