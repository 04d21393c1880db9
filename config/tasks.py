from celery import shared_task


@shared_task
def clear_sessions() -> None:
    """Nightly: rows of logins that ended by themselves. Safe to run twice."""
    from django.core.management import call_command

    call_command("clearsessions")
