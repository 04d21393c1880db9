"""GET indicators/ and the command: one shape, the same digits."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from reports.queries.answer import veil
from reports.rules.indicators import DEFINED
from tests.conftest import COUNTY, OTHER_COUNTY, TOWN_A, TOWN_B, VILLAGE_A1
from tests.reports.conftest import PLAN
from tests.reports.histories import Line
from tests.reports.records import add_visits

pytestmark = pytest.mark.django_db


@pytest.fixture
def county(world):
    add_visits(world.patient(VILLAGE_A1), [Line(date(2025, 9, 1), level=3, stability=1)], world.worker)
    world.patient(VILLAGE_A1)
    world.patient(VILLAGE_A1)
    return world


def _command(**said):
    out = StringIO()
    call_command("indicators", **({"area": COUNTY, "as_of": "2025-09-30", "format": "json"} | said), stdout=out)
    return out.getvalue()


def test_the_command_prints_the_agreed_shape(county):
    found = json.loads(_command())
    assert (found["area"], found["as_of"], found["townships"]) == (COUNTY, "2025-09-30", {})
    figures = found["indicators"]
    assert set(figures) == set(DEFINED)
    assert figures["managed"] == {"numerator": 1, "denominator": 3, "rate": "33.33"}
    assert (figures["registered"], figures["risk_3"], figures["risk_0"]) == (3, 1, 0)
    assert figures["stable"] == {"numerator": 0, "denominator": 1, "rate": "0.00"}
    assert figures["prevalence"] == {"numerator": 3, "denominator": None, "rate": None}
    assert figures["free_sga"] == {
        "numerator": 0, "denominator": 3, "rate": "0.00", "of_registered": {"numerator": 0, "denominator": 3, "rate": "0.00"},
    }  # fmt: skip
    assert figures["staff_ratio"] == {"numerator": 3, "denominator": 0, "rate": None}
    assert figures["rehab_home"] == {"numerator": None, "denominator": None, "rate": None}


def test_by_township_lists_every_township_and_a_rate_of_nobody_is_null(county):
    found = json.loads(_command(by="township"))["townships"]
    assert list(found) == [TOWN_A, TOWN_B]
    assert found[TOWN_B]["managed"] == {"numerator": 0, "denominator": 0, "rate": None}
    assert found[TOWN_A]["registered"] == 3


@pytest.mark.parametrize(
    ("area", "registered"), [("99", 3), ("9900", 3), (TOWN_A, 3), (TOWN_B, 0), (VILLAGE_A1, 3), (OTHER_COUNTY, 0)]
)
def test_an_area_may_be_of_any_level(county, area, registered):
    assert json.loads(_command(area=area))["indicators"]["registered"] == registered


def test_with_a_plan_it_adds_the_rows_and_as_a_table_it_is_for_people(county, plan):
    rows = json.loads(_command(plan=PLAN))["plan"]["rows"]
    assert [row["number"] for row in rows] == list(range(1, 14))
    assert (rows[10]["value"], rows[10]["standing_label"], rows[10]["missing"]) == ("33.33%", "差距大", 2)
    assert (rows[7]["standing_label"], rows[12]["standing_label"]) == ("暂无数据", "差距大")
    table = _command(plan=PLAN, format="table")
    assert ("33.33%  1 / 3" in table, "暂无数据" in table, "差距大" in table) == (True, True, True)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"area": "123"}, "没有区划代码 123"),
        ({"as_of": "2025-02-30"}, "不是日期"),
        ({"plan": "none"}, "没有编号为“none”"),
    ],
)
def test_a_wrong_question_is_answered_in_words(county, said, words):
    with pytest.raises(CommandError, match=words):
        _command(**said)


def test_the_api_answers_what_the_command_prints(county, log_in):
    client = log_in(county.commission)
    for said in ({"as_of": "2025-09-30"}, {"as_of": "2025-08-17"}, {"as_of": "2025-09-30", "area": TOWN_A}):
        answered = client.get(reverse("api:indicators"), said | {"by": "township"}).json()
        assert answered == json.loads(_command(by="township", **said))
    today = f"{timezone.localdate():%Y-%m-%d}"
    assert client.get(reverse("api:indicators")).json() == json.loads(_command(as_of=today))


def test_the_api_keeps_to_the_persons_area_and_right(county, log_in):
    address = reverse("api:indicators")
    assert log_in(county.worker).get(address, {"area": COUNTY}).status_code == 404
    assert log_in(county.worker).get(address).json()["area"] == TOWN_A
    assert log_in(county.police).get(address).status_code == 403


@pytest.mark.parametrize(
    ("said", "field"), [({"as_of": "soon"}, "as_of"), ({"by": "village"}, "by"), ({"colour": "red"}, "colour")]
)
def test_the_api_names_what_it_does_not_understand(county, log_in, said, field):
    answered = log_in(county.commission).get(reverse("api:indicators"), said)
    assert (answered.status_code, list(answered.json()["fields"])) == (400, [field])


def test_a_veiled_answer_hides_small_sensitive_numbers_and_what_gives_them_back(county):
    found = veil(json.loads(_command(by="township")))
    assert (found["indicators"]["risk_3"], found["indicators"]["risk_0"], found["indicators"]["registered"]) == (
        "<5",
        0,
        3,
    )
    assert found["indicators"]["incident_patients"] == {"numerator": 0, "denominator": 3, "rate": "0.00"}
    assert found["indicators"]["managed"]["numerator"] == 1  # work counts are not sensitive
    assert found["indicators"]["scz_treated"] == {"numerator": "<5", "denominator": "<5", "rate": None}
