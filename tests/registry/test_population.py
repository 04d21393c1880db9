"""The population file."""

import pytest

from registry.models import Population
from tests.conftest import TOWN_A, VILLAGE_A1
from tests.registry.sheets import run, write_csv

pytestmark = pytest.mark.django_db


def test_population(world, tmp_path, capsys):
    assert world.county_office
    rows = [
        {"区划代码": TOWN_A, "年份": "2025", "常住人口": "32100"},
        {"区划代码": TOWN_A, "年份": "2026", "常住人口": "32000"},
    ]
    path = write_csv(tmp_path / "n.csv", rows)
    options = {"by": "county_office", "command": "import_population"}
    assert run(capsys, path, **options) == ("created 2, updated 0, unchanged 0, refused 0", 0)
    assert run(capsys, path, **options) == ("created 0, updated 0, unchanged 2, refused 0", 0)
    rows[0]["常住人口"] = "32101"
    rows += [
        {"区划代码": "990002201", "年份": "2025", "常住人口": "1000"},
        {"区划代码": TOWN_A, "年份": "2025", "常住人口": "1"},
        {"区划代码": VILLAGE_A1, "年份": "2025", "常住人口": "1000"},
        {"区划代码": TOWN_A, "年份": "x", "常住人口": "-1"},
    ]  # fmt: skip
    path = write_csv(tmp_path / "n.csv", rows)
    assert run(capsys, path, **options) == ("created 0, updated 1, unchanged 1, refused 4", 1)
    assert list(Population.objects.order_by("year").values_list("year", "people")) == [(2025, 32101), (2026, 32000)]
