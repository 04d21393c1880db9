"""An outline for the map: invented shapes on a crooked grid, one a township. No real boundary is drawn."""

import json
import math
from collections.abc import Sequence

from accounts.models import Division, User
from accounts.scope import scope
from config.demo.chance import dice
from config.demo.staff import DemoAccount
from reports.queries.outlines import towns_of
from reports.services.outlines import keep_outline

LEFT, TOP, STEP = 108.5, 29.1, 0.09  # degrees: somewhere inland, a cell of about nine kilometres
Point = tuple[float, float]


def fill(county: Division, accounts: Sequence[DemoAccount]) -> int:
    name = next(account.username for account in accounts if account.role == "county_office")
    office = User.objects.select_related("agency__division").get(username=name)
    with scope(office):
        raw = json.dumps(invented(towns_of(county)), ensure_ascii=False).encode()
        return keep_outline(area=county, raw=raw, source="演示用，图形是编造的", by=office).shapes


def invented(towns: dict[str, str]) -> dict[str, object]:
    """A grid whose corners are moved a little: neighbours share their corners, so that no gap opens."""
    across = max(1, math.ceil(math.sqrt(len(towns))))
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"code": code, "name": name},
                "geometry": {"type": "Polygon", "coordinates": [_cell(at // across, at % across)]},
            }
            for at, (code, name) in enumerate(towns.items())
        ],
    }


def _cell(row: int, column: int) -> list[Point]:
    corners = [(row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column)]
    ring: list[Point] = []
    for here, there in zip(corners, corners[1:] + corners[:1], strict=True):
        ring += [_corner(*here), _halfway(here, there)]
    return [*ring, ring[0]]


def _corner(row: int, column: int) -> Point:
    draw = dice("outline", row, column)
    return round(LEFT + (column + draw.uniform(-0.28, 0.28)) * STEP, 5), round(
        TOP - (row + draw.uniform(-0.28, 0.28)) * STEP, 5
    )


def _halfway(here: tuple[int, int], there: tuple[int, int]) -> Point:
    """The middle of an edge, bent the same way from both sides."""
    first, second = sorted((here, there))
    a, b, draw = _corner(*first), _corner(*second), dice("outline edge", *first, *second)
    return (
        round((a[0] + b[0]) / 2 + draw.uniform(-0.12, 0.12) * STEP, 5),
        round((a[1] + b[1]) / 2 + draw.uniform(-0.12, 0.12) * STEP, 5),
    )
