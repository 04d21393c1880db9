"""The clock's and the worker's entrances. What they do stands in services."""

from celery import shared_task


@shared_task(acks_late=True)
def make_report(uuid: str) -> str:
    from reports.services.plan_reports import render_report

    return render_report(uuid)


@shared_task
def sweep_reports() -> int:
    """Reports whose wake-up was lost, or whose worker died."""
    from reports.services.plan_reports import render_report, waiting_reports

    waiting = waiting_reports()
    for uuid in waiting:
        render_report(uuid)
    return len(waiting)


@shared_task
def recount_changed() -> int:
    """By the minute: what changed since it was counted."""
    from django.utils import timezone

    from reports.services.quarters import refresh_changed

    return refresh_changed(today=timezone.localdate())


@shared_task
def count_quarters() -> int:
    """By night: every county that has patients."""
    from django.utils import timezone

    from reports.services.quarters import refresh_quarters

    return refresh_quarters(today=timezone.localdate())
