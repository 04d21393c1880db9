from celery import shared_task


@shared_task
def clear_sessions() -> None:
    """Nightly: rows of logins that ended by themselves, and old failures. Safe to run twice."""
    from django.core.management import call_command

    from accounts.services.throttle import forget_old

    call_command("clearsessions")
    forget_old()
