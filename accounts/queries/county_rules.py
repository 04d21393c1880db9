"""The county's settings and the year's calendar, as their pages show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from accounts.models import CalendarDay, CountyPolicy, Division
from accounts.queries.calendar import days_of_year, work_calendar
from accounts.refusals import Denied
from accounts.rules.calendar import is_working_day
from accounts.rules.policy_keys import POLICY_DEFAULTS, POLICY_KEYS, PolicyKey

WEEKDAYS = "一二三四五六日"
SATURDAY = 5


@dataclass(frozen=True)
class PolicyLine:
    key: str
    facts: PolicyKey
    now: str
    is_default: bool
    rows: tuple[tuple[CountyPolicy, str], ...]  # newest first, each with its value in words


def first_county(keys: Iterable[int]) -> Division:
    """The county whose settings are shown: the one in reach, the first by code when there are several."""
    county = Division.objects.filter(pk__in=list(keys)).order_by("code").first()
    if county is None:
        raise Denied
    return county


def policy_lines(county: Division, today: date) -> list[PolicyLine]:
    """Every setting with what holds today and every dated row, the coming ones included."""
    rows = CountyPolicy.objects.filter(county=county).select_related("set_by").order_by("-starts_on", "-pk")
    by_key: dict[str, list[CountyPolicy]] = {}
    for row in rows:
        by_key.setdefault(row.key, []).append(row)
    lines = []
    for key, facts in POLICY_KEYS.items():
        own = by_key.get(key, [])
        holding = next((row for row in own if row.starts_on <= today), None)
        value = holding.value if holding else POLICY_DEFAULTS[key]
        said = tuple((row, facts.say(row.value)) for row in own)
        lines.append(PolicyLine(key, facts, facts.say(value), holding is None, said))
    return lines


@dataclass(frozen=True)
class CalendarLine:
    """A day that is not what its weekday says, or that the county has set."""

    day: date
    weekday: str
    works: bool
    why: str
    is_own: bool


@dataclass(frozen=True)
class CalendarYear:
    year: int
    is_announced: bool
    lines: list[CalendarLine]
    working_days: int


def calendar_year(year: int) -> CalendarYear:
    calendar = work_calendar()
    own = {row.day: row for row in CalendarDay.objects.filter(day__year=year)}
    announced = calendar.is_announced(year)
    lines, working = [], 0
    for day in days_of_year(year):
        works = is_working_day(day, calendar)
        working += works
        if day in own or works != (day.weekday() < SATURDAY):
            why = own[day].note if day in own else _why(works, announced)
            lines.append(CalendarLine(day, f"星期{WEEKDAYS[day.weekday()]}", works, why, day in own))
    return CalendarYear(year, announced, lines, working)


def _why(works: bool, announced: bool) -> str:
    if not announced:
        return "法定节假日（未公布，按固定日期推定）"
    return "调休上班" if works else "放假"
