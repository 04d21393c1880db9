"""Nightly work of the register."""

from celery import shared_task


@shared_task(acks_late=True)
def forget_clues() -> int:
    """Excluded clues of long ago forget the person; on other nights nothing changes."""
    from accounts.scope import system_scope
    from registry.services.clues import forget_clues as forget

    with system_scope():
        return forget()


@shared_task(acks_late=True)
def settle_places() -> int:
    """Nightly: transfers visited since, temporary files that are over, and who has no township. Safe to run twice."""
    from django.utils import timezone

    from accounts.scope import system_scope
    from registry.services import nightly

    today = timezone.localdate()
    with system_scope("registry.settle_places"):
        settled = nightly.settle_transfers(today) + nightly.settle_temporary_files(today)
        nightly.report_breaches(today)
    return settled
