"""Which year, half year or quarter a printed document speaks of."""

from dataclasses import dataclass
from datetime import date

from reports.rules.months import quarter_end, quarter_start

YEARS_BACK = 5
QUARTER_NAMES = "一二三四"


@dataclass(frozen=True, slots=True)
class Span:
    """Local days, both inside. `name` stands in addresses: 2026, 2026H1, 2026Q3."""

    name: str
    first: date
    last: date

    @property
    def label(self) -> str:
        year, part = self.name[:4], self.name[4:]
        if not part:
            return f"{year}年度"
        if part[0] == "H":
            return f"{year}年{'上' if part == 'H1' else '下'}半年"
        return f"{year}年第{QUARTER_NAMES[int(part[1]) - 1]}季度"

    def until(self, today: date) -> date:
        """The cut-off day: the last one, or today while it runs."""
        return min(self.last, today)

    def is_running(self, today: date) -> bool:
        return self.last > today


def year_span(year: int) -> Span:
    return Span(str(year), date(year, 1, 1), date(year, 12, 31))


def half_span(year: int, half: int) -> Span:
    return Span(f"{year}H{half}", quarter_start(year, 2 * half - 1), quarter_end(year, 2 * half))


def quarter_span(year: int, quarter: int) -> Span:
    return Span(f"{year}Q{quarter}", quarter_start(year, quarter), quarter_end(year, quarter))


def span_named(name: str) -> Span:
    """2026, 2026H1, 2026Q3. Raises: ValueError."""
    year, part = int(name[:4]), name[4:]
    if not part:
        return year_span(year)
    return half_span(year, int(part[1:])) if part[0] == "H" else quarter_span(year, int(part[1:]))


def years_offered(today: date) -> list[Span]:
    """The running year and those before it, the newest first."""
    return [year_span(today.year - back) for back in range(YEARS_BACK + 1)]


def quarters_offered(today: date, years: int = 2) -> list[Span]:
    """Quarters that have begun, the newest first."""
    found = [quarter_span(today.year - back, quarter) for back in range(years + 1) for quarter in (4, 3, 2, 1)]
    return [span for span in found if span.first <= today]


def exchange_spans(today: date) -> list[Span]:
    """Quarters, half years and years that have begun, the newest first, the longer ones after the shorter."""
    halves = [half_span(today.year - back, half) for back in range(3) for half in (2, 1)]
    years = [year_span(today.year - back) for back in range(3)]
    return [*quarters_offered(today), *(span for span in (*halves, *years) if span.first <= today)]


def last_ended(spans: list[Span], today: date) -> Span:
    """What is asked for most: the newest that is over, else the newest."""
    return next((span for span in spans if not span.is_running(today)), spans[0])
