"""未签收预警: the number, its words and the page behind them count cases, however much each of them holds."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.scope import scope
from exchange.models import Receipt
from tests.exchange.conftest import deliver, save, sign

pytestmark = pytest.mark.django_db


def shown(client):
    """Number and words of the headline, its panel, and the page behind."""
    board = client.get(reverse("reports:dashboard"))
    (head,) = [head for head in board.context["headlines"] if head.label == "未签收预警"]
    page = client.get(head.href)
    lines = page.context["alerts"]
    assert f"未签收预警 {head.number} 件" in board.content.decode()
    assert f"{head.number} 件已送达" in page.content.decode()
    assert len({line.number for line in lines}) == len(lines)
    return head.number, head.about, len(lines), sum(line.is_late for line in lines)


def test_two_entries_of_one_case_are_one(world, log_in):
    patient = world.patient()
    with time_machine.travel(timezone.now() - timedelta(hours=24, seconds=30)):
        save(world.worker, patient, 3)
        deliver()
    with scope(world.worker):
        cases = Receipt.objects.count()
    client = log_in(world.commission)
    save(world.worker, patient, 4)
    deliver()
    with scope(world.worker):
        assert Receipt.objects.count() > cases
    assert shown(client) == (str(cases), f"{cases} 件已超 24 小时", cases, cases)
    sign(world.police)
    assert shown(client)[0] == str(cases - 1)
