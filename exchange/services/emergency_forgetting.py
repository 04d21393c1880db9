"""Urgent questions do not stay: number, scene and telephone are about people whom the register may not even know."""

from datetime import date, timedelta

from django.db import transaction

from accounts import audit
from accounts.models import Division
from accounts.queries.policy import CountyRules
from exchange.models import EmergencyRequest


@transaction.atomic
def forget_emergencies(*, today: date) -> int:
    """A county's questions go once they are older than its term, answered or not; ledger and trail say that they were.

    Source: issue 4, Build 8; 个人信息保护法 §19, §47; county setting emergency_forget_days. Runs in the system's scope.
    """
    rules, done = CountyRules(today), 0
    for county in Division.objects.filter(pk__in=EmergencyRequest.objects.values("county")).order_by("pk"):
        last = today - timedelta(days=int(rules[county.pk]["emergency_forget_days"]))
        forgotten, _tables = EmergencyRequest.objects.filter(county=county, asked_at__date__lte=last).delete()
        if forgotten:
            facts = {"requests": forgotten, "until": last.isoformat()}
            audit.record("exchange.emergency.forgotten", county, by=None, facts=facts)
        done += forgotten
    return done
