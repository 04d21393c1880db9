"""The pages of 动态分色 under bad input, two tabs and the wrong person."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.sessions import PROVEN
from followup.forms.colour import table_initial
from followup.models import ColourTable
from followup.rules.colour_table import START, Table
from tests.followup.colours import red
from tests.followup.conftest import days_ago

__all__ = ["red"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def office(world, log_in):
    """A client of the county office that has just proven itself."""
    client = log_in(world.county_office)
    session = client.session
    session[PROVEN] = timezone.now().isoformat()
    session.save()
    return client


def sheet(**more):
    """The start values as the form sends them."""
    values = {name: "on" if value is True else value for name, value in table_initial(START).items()}
    return {**values, "starts_on": f"{timezone.localdate():%Y-%m-%d}", "basis": "试1号", **more}


@pytest.mark.parametrize(
    "more",
    [
        {"red_village": "三天"}, {"red_village": "-7"}, {"red_village": "9999999999"}, {"incident_months": ""},
        {"level_5": "black"}, {"aside_when": ["gone"]}, {"starts_on": "2020-01-01"}, {"starts_on": "31"},
        {"basis": "\x00"}, {"use_red": ""}, {"use_red": "", "use_orange": "", "use_yellow": ""}, {"version": "x"},
        {"version": "3"},
    ],
)  # fmt: skip
def test_what_the_sheet_cannot_take_comes_back_beside_the_field_and_nothing_is_written(world, office, more):
    answer = office.post(reverse("followup:colour_table_edit"), sheet(**more))
    assert answer.status_code == 400
    assert "data-errors" in answer.content.decode()
    assert ColourTable.objects.count() == 0


def test_two_people_on_one_draft(world, office):
    page = reverse("followup:colour_table_edit")
    assert office.post(page, sheet()).status_code == 302
    assert office.post(page, sheet(version="1", red_village="6")).status_code == 302
    stale = office.post(page, sheet(version="1", red_village="5"))
    assert (stale.status_code, "别人改了这份草稿" in stale.content.decode()) == (400, True)
    assert 'name="version" value="2"' in stale.content.decode()
    assert Table.of(ColourTable.objects.get().content).colours["red"].village == 6
    row = ColourTable.objects.get()
    for _twice in range(2):
        office.post(reverse("followup:colour_table_activate", args=[row.uuid]), {"version": "2", "seen": "0"})
    row.refresh_from_db()
    assert row.state == "active"
    assert office.post(reverse("followup:colour_table_withdraw", args=[row.uuid]), {}).status_code == 302
    row.refresh_from_db()
    assert row.state == "active"  # without a reason nothing is stopped


def test_the_village_doctor_sees_why_and_assesses_nothing(world, log_in, red):
    client, page = log_in(world.village_doctor), reverse("followup:colour", args=[red.uuid])
    seen = client.get(page).content.decode()
    assert [word for word in ("最近评估 3 级", "等待评估", "首次分色") if word not in seen] == []
    assert client.post(reverse("followup:colour_assess", args=[red.uuid]), {"to": "assessed"}).status_code == 403
    assert log_in(world.worker_b).get(page).status_code == 404


def test_the_lists_say_the_colour_and_find_by_it(world, log_in, record, red):
    green = world.patient(name="绿叶")
    record(green, world.worker, days_ago(100))
    client, page = log_in(world.worker), reverse("registry:patients")
    assert "红色" in client.get(page).content.decode()
    only = client.get(page, {"colour": "green"}).content.decode()
    assert ("绿叶" in only, red.name in only) == (True, False)
    assert 'icon-flag" aria-hidden="true"></span>绿色' in client.get(reverse("followup:worklist")).content.decode()
    elsewhere = log_in(world.stranger).get(page).content.decode()
    assert "分色" not in elsewhere  # a county without a table
