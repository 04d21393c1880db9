"""The tables beside the overview's charts as XLSX: the page's own numbers, hidden where the page hides them."""

from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from reports.views.asked import MEETING
from tests.conftest import VILLAGE_A1, VILLAGE_B1
from tests.reports.histories import Line
from tests.reports.records import add_visits

pytestmark = pytest.mark.django_db


@pytest.fixture
def county(world, plan):
    for level in (0, 0, 0, 0, 0, 3):
        add_visits(world.patient(VILLAGE_A1), [Line(date(2025, 9, 1), level=level)], world.worker)
    world.patient(VILLAGE_B1)
    return world


def lines_of(client, table, **query):
    answer = client.get(reverse("reports:sheet", args=[table]), {"as_of": "2025-09-30", **query})
    assert answer.headers["Content-Disposition"].endswith('20250930.xlsx"')
    return [[cell for cell in row if cell is not None] for row in load_workbook(BytesIO(answer.content)).active.values]


def test_the_levels_as_on_the_page_and_hidden_in_a_meeting(county, log_in, events):
    client = log_in(county.commission)
    lines = lines_of(client, "levels")
    assert ["0 级", 5, 71.43] in lines
    assert ["3 级", 1, 14.29] in lines
    client.post(reverse("reports:mode"), {"mode": "meeting"})
    assert client.session[MEETING]
    hidden = lines_of(client, "levels")
    assert ["3 级", "<5", "—"] in hidden
    assert [event.action for event in events] == ["reports.sheet.downloaded"] * 2


def test_the_townships_with_their_total(county, log_in):
    lines = lines_of(log_in(county.commission), "places")
    assert lines[2][:4] == ["地区", "规范管理人数", "在册", "规范管理率（%）"]
    assert lines[3][:4] == ["东街道", 6, 6, 100]
    assert lines[5][:4] == ["合计", 6, 7, 85.71]


def test_the_trend_quarter_by_quarter(county, log_in):
    lines = lines_of(log_in(county.commission), "trend")
    assert lines[-1][1:4] == [6, 7, 85.71]


def test_a_table_that_does_not_exist_or_is_not_ones_own(county, log_in):
    client = log_in(county.worker)
    assert client.get(reverse("reports:sheet", args=["people"])).status_code == 404
    assert client.get(reverse("reports:sheet", args=["levels"]), {"area": county.town_b.code}).status_code == 404
