"""What the trend's chart is given to draw."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from reports.queries.trend import Point, Trend, chart
from reports.rules.indicators import STANDARD

ROW = SimpleNamespace(
    target=SimpleNamespace(year=2025, value=Decimal(95)), projected=Decimal("96.4"),
    line=SimpleNamespace(base_year=2022), row=SimpleNamespace(base=Decimal("90.2")),
)  # fmt: skip


def ending_on(day):
    point = Point(day, "", 9, 10, Decimal(90), None)
    return Trend(STANDARD.code, (point,), {}, {})


@pytest.mark.parametrize(
    ("day", "is_ahead"), [(date(2025, 9, 30), True), (date(2025, 12, 30), True), (date(2025, 12, 31), False)]
)
def test_the_target_stands_behind_the_last_point_only_until_its_day(day, is_ahead):
    """A plan that is over had “2025 年底” drawn to the right of 2026."""
    assert chart(ending_on(day), ROW)["target"] == {"label": "2025 年底", "value": 95.0, "is_ahead": is_ahead}
