"""Nightly work of the register."""

from celery import shared_task


@shared_task(acks_late=True)
def forget_clues() -> int:
    """Excluded clues of long ago forget the person; on other nights nothing changes."""
    from accounts.scope import system_scope
    from registry.services.clues import forget_clues as forget

    with system_scope():
        return forget()
