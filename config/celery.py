"""The worker and its clock. Redis only wakes the worker early: what must happen stands in the database and is swept."""

import os

from celery import Celery
from celery.schedules import crontab
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

app = Celery("config")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_configure.connect
def set_clock(sender: Celery, **kwargs: object) -> None:
    """Times are Shanghai's: CELERY_TIMEZONE."""
    sender.conf.beat_schedule = {
        "deliver what waits": {"task": "exchange.tasks.sweep", "schedule": settings.SWEEP_SECONDS},
        "tell the next in line of silence": {"task": "exchange.tasks.escalate", "schedule": 300},
        "tell addresses outside": {"task": "exchange.tasks.send_notices", "schedule": settings.SWEEP_SECONDS},
        "packages of an ended period": {
            "task": "exchange.tasks.open_packages",
            "schedule": crontab(hour="1,7,13", minute=10),
        },
        "notices past their days": {"task": "exchange.tasks.follow_notices", "schedule": 60},
        "notices against the records": {
            "task": "exchange.tasks.compare_notices",
            "schedule": crontab(hour=2, minute=50),
        },
        "rows that came back": {"task": "exchange.tasks.follow_refusals", "schedule": 60},
        "lists of other agencies that wait": {"task": "exchange.tasks.compare_lists", "schedule": 60},
        "answered lists forget": {"task": "exchange.tasks.forget_lists", "schedule": crontab(hour=0, minute=55)},
        "urgent questions forget": {"task": "exchange.tasks.forget_requests", "schedule": crontab(hour=0, minute=57)},
        "rows that recipients hold": {
            "task": "exchange.tasks.correct_packages",
            "schedule": crontab(hour=2, minute=40),
        },
        "packages that wait": {"task": "exchange.tasks.prepare_packages", "schedule": settings.SWEEP_SECONDS},
        "figures that changed": {"task": "reports.tasks.recount_changed", "schedule": 60},
        "reports that wait": {"task": "reports.tasks.sweep_reports", "schedule": settings.SWEEP_SECONDS},
        "months of the logs": {"task": "accounts.tasks.make_partitions", "schedule": crontab(hour=0, minute=20)},
        "logins that ran out": {"task": "config.tasks.clear_sessions", "schedule": crontab(hour=0, minute=30)},
        "excluded clues forget": {"task": "registry.tasks.forget_clues", "schedule": crontab(hour=0, minute=50)},
        "drafts that ran out": {"task": "followup.tasks.clear_drafts", "schedule": crontab(hour=0, minute=35)},
        "due windows after a change": {"task": "followup.tasks.sweep_windows", "schedule": 60},
        "colours that wait": {"task": "followup.tasks.sweep_colours", "schedule": 60.0},
        "colours of a new day": {"task": "followup.tasks.judge_colours", "schedule": crontab(hour=0, minute=25)},
        "due windows that passed": {"task": "followup.tasks.close_windows", "schedule": crontab(hour=0, minute=5)},
        "a new year's summaries": {"task": "followup.tasks.open_year", "schedule": crontab(hour=0, minute=40)},
        "who has a township": {"task": "registry.tasks.settle_places", "schedule": crontab(hour=0, minute=50)},
        "the quarters' figures": {"task": "reports.tasks.count_quarters", "schedule": crontab(hour=1, minute=0)},
    }
