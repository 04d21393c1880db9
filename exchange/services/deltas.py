"""Corrections after a release: whoever holds rows that no longer stand so is told by a package of differences."""

import logging

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.scope import scope
from exchange.models import Package
from exchange.queries.deltas import bases_to_correct
from exchange.queries.templates import template_on
from exchange.rules.recipient_templates import is_stale
from exchange.services.failpoints import reached
from exchange.services.preparing import fill, one_snapshot

log = logging.getLogger(__name__)


class _Nothing(Exception):
    """Nothing has changed: the package that was begun is not written."""


def open_corrections(county: int | None = None) -> int:
    """From the clock: what every recipient holds against the records of today; what differs gets a correction.

    Source: issue 4, Build 3 and 4 (corrections and withdrawals reach every past recipient).
    """
    made = 0
    for base in bases_to_correct(county):
        try:
            made += correct_package(base)
        except Exception:  # one agency's fault must not hold up the others
            log.exception("package %s was not compared", base.uuid)
    return made


def correct_package(base: Package) -> bool:
    """Begin, fill and prepare a correction in one transaction; True when there was something to correct."""
    try:
        with one_snapshot(), scope(counties=[base.county_id], route="exchange.correct"):
            rows = Package.objects.select_for_update(of=("self",), skip_locked=True).select_related(
                "county", "template"
            )
            row = rows.filter(pk=base.pk).first()
            if row is None or not _holds(row):
                return False
            _made_from(row)
    except _Nothing:
        return False
    return True


def _holds(base: Package) -> bool:
    """A kind of exchange that was stopped, or whose assessment is too old, is not continued by corrections."""
    today = timezone.localdate()
    now = template_on(base.county, base.template.agency_kind, base.situation, today)
    return now is not None and not is_stale(base.template.assessed_on, today)


@transaction.atomic
def _made_from(base: Package) -> None:
    same = Package.objects.filter(
        county=base.county, agency=base.agency_id, situation=base.situation, period=base.period
    )  # fmt: skip
    version = max(same.values_list("version", flat=True)) + 1
    package = Package.objects.create(
        county=base.county, agency_id=base.agency_id, situation=base.situation, template=base.template,
        period=base.period, version=version, corrects=base,
    )  # fmt: skip
    audit.record("exchange.package.opened", package, by=None, facts={"period": base.period, "corrects": str(base.uuid)})
    reached("correction_opened")
    fill([package])
    if not package.rows:
        raise _Nothing
