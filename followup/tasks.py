"""The clock's work of follow-up."""

from celery import shared_task


@shared_task(acks_late=True)
def open_year() -> int:
    """On New Year's night every registered patient gets the row of the new year; on others nothing changes."""
    from accounts.scope import system_scope
    from followup.services.years import open_years

    with system_scope():
        return open_years()


@shared_task(acks_late=True)
def clear_drafts() -> int:
    """Every night: drafts that have run out are removed."""
    from accounts.scope import system_scope
    from followup.services import drafts

    with system_scope():
        return drafts.clear_drafts()


@shared_task(acks_late=True)
def sweep_windows() -> int:
    """By the minute: due windows of people whose status or township changed."""
    from accounts.scope import system_scope
    from followup.services.windows import sweep_stale

    with system_scope():
        return sweep_stale()


@shared_task(acks_late=True)
def close_windows() -> int:
    """By night: due windows whose day has passed."""
    from accounts.scope import system_scope
    from followup.services.windows import sweep_passed

    with system_scope():
        return sweep_passed()
