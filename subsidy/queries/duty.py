"""Over which stretches of an agreement a word on duty is said, as the county's scheme cuts them."""

from datetime import date, timedelta

from subsidy.models import Agreement
from subsidy.queries.schemes import adopted_on
from subsidy.rules.agreements import CALENDAR, duty_periods
from subsidy.rules.scheme_reading import PERIODIC
from subsidy.rules.schemes import Version
from subsidy.rules.spans import Span


def rewarded_by(county: int, on: date) -> Version | None:
    """The rules of the county's reward for guardians on the day; None while it has adopted none."""
    versions = [one.version_on(on) for one in adopted_on(county, on) if one.scheme.kind in PERIODIC]
    return next((version for version in versions if version is not None), None)


def periods_of(agreement: Agreement, today: date) -> tuple[Span, ...]:
    """The stretches that have begun, newest first: by the scheme's care year and months, else by calendar quarters."""
    last = agreement.ends_on
    if agreement.ended_on is not None:
        last = min(last, agreement.ended_on - timedelta(days=1))
    version = rewarded_by(agreement.patient.duty_county, min(today, agreement.ends_on))
    starts, months = (version.year_starts, version.duty.every_months) if version else (CALENDAR, 3)
    return duty_periods(Span(agreement.starts_on, last), today, starts, months)
