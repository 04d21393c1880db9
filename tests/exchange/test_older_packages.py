"""What was told in an older quarter and proves wrong reaches whoever was told, though newer packages have come since.

Source: issue 4, Build 3 (corrections and withdrawals reach every past recipient).
"""

from datetime import datetime, time, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from accounts.scope import scope
from accounts.terms import Role
from config.celery import app
from exchange.models import Disclosure, Package
from exchange.queries.deltas import bases_to_correct, counties_to_correct
from exchange.queries.packages import rows_of
from exchange.services.deltas import open_corrections
from exchange.services.packages import recall_package, reopen_package, sign_package
from exchange.services.preparing import prepare_due
from exchange.services.told import print_told
from exchange.tasks import correct_packages
from followup.rules.incidents import IncidentFacts
from followup.services.incidents import confirm_incident, end_incident, record_incident
from followup.terms import IncidentState
from registry.models import Patient
from tests.exchange.test_deltas import next_quarter
from tests.exchange.test_packages import house, made, signed

__all__ = ["house"]


def happened(house, on):
    """An incident of 高危甲, recorded by the township and confirmed by the county."""
    world = house["world"]
    at = timezone.make_aware(datetime.combine(on, time(10)))
    facts = IncidentFacts(happened_at=at, level=3, trouble=1, place="村口")
    with scope(world.worker):
        row = record_incident(
            about=Patient.objects.get(pk=house["high"].pk), facts=facts, form_id=uuid4(), by=world.worker
        )
    with scope(world.county_office):
        return confirm_incident(incident=row, source="1", by=world.county_office)


def wrong(house, row):
    office = house["world"].county_office
    with scope(office):
        row.refresh_from_db()
        end_incident(incident=row, to=IncidentState.DISMISSED, because="查无此事", by=office)


def sign_later(house, package):
    for role in (Role.COMMISSION, Role.PRIVACY_OFFICER):
        package = sign_package(package=package, seen=package.content_sha256, by=house["who"][role])
    return package


@pytest.fixture
def two(house):
    """Two quarters that the police hold; an incident stands in the first."""
    incident = happened(house, house["one"].last - timedelta(days=4))
    first = signed(house, made(house))
    assert first.counts["incidents"]["rows"] == 1
    second = next_quarter(house)
    with time_machine.travel(timezone.now() + timedelta(days=120)):
        second = sign_later(house, second)
        yield {**house, "incident": incident, "first": first, "second": second}


def changes(package) -> dict[str, list[list[str]]]:
    with scope(counties=[package.county_id]):
        kinds = [part.kind.value for part in package.template.parts]
        found = {kind: [cells[:3] for _key, cells in rows_of(package, kind, is_change=True)] for kind in kinds}
    return {kind: rows for kind, rows in found.items() if rows}


def correction_of(package) -> Package:
    rows = Package.objects.select_related("county", "agency", "template", "corrects")
    return rows.get(corrects=package, state="prepared")


def test_nothing_changed_makes_no_correction_of_any_quarter(two):
    assert [row.pk for row in bases_to_correct()] == [two["second"].pk, two["first"].pk]
    assert open_corrections() == 0


def test_an_incident_that_was_none_is_taken_out_of_the_quarter_in_which_it_was_told(two):
    wrong(two, two["incident"])
    assert open_corrections() == 1
    package = correction_of(two["first"])
    assert changes(package) == {"incidents": [["移除", "资料更正", "=高危甲"]]}
    assert package.counts["incidents"] == {"rows": 1, "new": 0, "gone": 1, "changed": 0}
    assert package.counts["high_risk"]["rows"] == 0
    reopen_package(package=package, because="再看一次", by=two["who"][Role.EXCHANGE_CLERK])
    assert prepare_due() == 1  # prepared anew it says the same
    package = correction_of(two["first"])
    assert changes(package) == {"incidents": [["移除", "资料更正", "=高危甲"]]}
    sign_later(two, package)
    assert open_corrections() == 0
    with scope(counties=[two["county"].pk]):
        (line,) = Disclosure.objects.filter(release=package.uuid)
        assert (line.act, line.person) == ("recalled", two["high"].uuid)
    world = two["world"]
    with scope(world.worker):
        paper = print_told(patient=Patient.objects.get(pk=two["high"].pk), asked_by="patient", by=world.worker)
    assert "已通知该单位从名单里移除，不再使用" in [line.words for one in paper for line in one.lines]


def test_an_incident_of_an_older_quarter_that_is_written_down_late_is_told_with_that_quarter(two):
    happened(two, two["one"].last - timedelta(days=2))
    assert open_corrections() == 1
    assert changes(correction_of(two["first"])) == {"incidents": [["新增", "补录", "=高危甲"]]}


def test_a_new_address_is_told_with_the_newest_quarter_only(two):
    with scope(counties=[two["county"].pk]):
        Patient.objects.filter(pk=two["high"].pk).update(residence_address="甲村新址九号")
    assert open_corrections() == 0  # 高危甲 stands in the older one only


def test_what_was_called_back_is_not_corrected(two):
    recall_package(package=two["first"], because="发错", by=two["who"][Role.PRIVACY_OFFICER])
    wrong(two, two["incident"])
    assert open_corrections() == 0


@pytest.fixture
def at_once():
    """What is given to the worker is done here and now."""
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


def test_each_county_is_compared_for_itself(two, at_once):
    wrong(two, two["incident"])
    elsewhere = two["world"].town_c.parent.pk
    assert counties_to_correct() == [two["county"].pk]
    assert open_corrections(elsewhere) == 0
    assert correct_packages() == 1  # county
    assert correction_of(two["first"]).counts["incidents"]["gone"] == 1
