"""Nightly work of follow-up."""

from celery import shared_task


@shared_task(acks_late=True)
def open_year() -> int:
    """On New Year's night every registered patient gets the row of the new year; on others nothing changes."""
    from accounts.scope import system_scope
    from followup.services.years import open_years

    with system_scope():
        return open_years()
