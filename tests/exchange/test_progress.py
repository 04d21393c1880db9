"""How far a preparation is can be seen while it runs, and what a dead worker left does not stay."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.terms import Role
from exchange.models import Package, PackageRun
from exchange.services import preparing
from exchange.services.preparing import open_due, prepare_due
from tests.accounts.trail import _ask
from tests.exchange.test_packages import house

__all__ = ["house"]


@pytest.mark.django_db(transaction=True)
def test_progress_is_seen_from_outside_while_the_transaction_is_open(house, log_in, monkeypatch):
    open_due(timezone.localdate())
    package = Package.objects.get()
    seen = []

    def look(point):
        if point == "package_batch":
            seen.append(_ask("SELECT done, total FROM exchange_packagerun WHERE package = %s", str(package.uuid)))

    monkeypatch.setattr(preparing, "reached", look)
    client, url = log_in(house["who"][Role.EXCHANGE_CLERK]), reverse("exchange:package_progress", args=[package.uuid])
    assert "等待系统开始" in client.get(url).content.decode()
    assert prepare_due() == 1
    assert seen == [[(3, 3)]]
    answer = client.get(url, headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == reverse("exchange:package", args=[package.uuid])
    assert client.get(url).status_code == 302


def test_what_was_prepared_before_is_no_dead_worker(house, log_in):
    open_due(timezone.localdate())
    package = Package.objects.get()
    PackageRun.objects.create(package=package.uuid, done=8000, total=8000)
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        page = log_in(house["who"][Role.EXCHANGE_CLERK]).get(reverse("exchange:package", args=[package.uuid]))
    assert "等待系统开始" in page.content.decode()


def test_what_a_dead_worker_left_is_said_to_begin_anew(house, log_in):
    open_due(timezone.localdate())
    package = Package.objects.get()
    PackageRun.objects.create(package=package.uuid, done=1500, total=8000)
    client, url = log_in(house["who"][Role.EXCHANGE_CLERK]), reverse("exchange:package", args=[package.uuid])
    page = client.get(url).content.decode()
    assert "已读 1500 人，共约 8000 人" in page
    assert 'value="18"' in page
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        assert "系统会自动从头再做" in log_in(house["who"][Role.EXCHANGE_CLERK]).get(url).content.decode()
