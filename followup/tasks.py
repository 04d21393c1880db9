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


@shared_task(acks_late=True)
def sweep_colours() -> int:
    """By the minute: people who wait for a colour of 动态分色, and those whose county keeps none any more."""
    from accounts.scope import system_scope
    from followup.services import colours

    with system_scope():
        return colours.sweep_colours()


@shared_task(acks_late=True)
def judge_colours() -> int:
    """By night: everybody with a colour, for what time alone decides."""
    from accounts.scope import system_scope
    from followup.services import colours

    with system_scope():
        return colours.sweep_colours(whole=True)
