"""乡镇地图 of the overview: every township's shape with its rate, its band's pattern, and the same in a table."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse

from accounts.terms import DivisionLevel
from reports.queries.dashboard import Dashboard
from reports.queries.outlines import outline_of
from reports.rules.indicators import INDICATORS, STANDARD
from reports.rules.map_bands import Band, bands_of
from reports.rules.outline import Shape
from reports.rules.rates import printed
from reports.terms import Operator, Unit
from reports.views.asked import Asked

ROOM_FOR_A_NAME = 46  # units of the picture: narrower shapes carry no words, the table has them
SHORT = 4
RISING = (Operator.AT_LEAST, Operator.MORE_THAN, Operator.EQUAL)


@dataclass(frozen=True)
class MapShape:
    shape: Shape
    band: Band
    words: str
    short: str
    value: str


def township_map(found: Dashboard, wanted: Asked, code: str) -> dict[str, Any] | None:
    """None where the county has kept no outline, or the area is no county."""
    if wanted.area.level != DivisionLevel.COUNTY or (outline := outline_of(wanted.area)) is None:
        return None
    offered = codes_offered(found, wanted)
    code = code if code in offered else STANDARD.code
    places = {place.area.code: place for place in found.places}
    values = {key: place.figures[code].exact for key, place in places.items()}
    target = _target(found, code)
    bands, legend = bands_of(values, target)
    texts = {key: printed(place.figures[code].rate, Unit.PERCENT) for key, place in places.items()}
    names = {key: place.area.name for key, place in places.items()}
    shapes = [
        _shape(shape, bands[shape.code], names[shape.code], texts[shape.code])
        for shape in outline.shapes
        if shape.code in places
    ]
    counts = {band: sum(each is band for each in bands.values()) for band in legend}
    lines = sorted(places, key=lambda key: (Decimal(1000) if values[key] is None else values[key], key))
    return {
        "code": code,
        "name": INDICATORS[code].name,
        "offered": [(each, INDICATORS[each].name) for each in offered],
        "width": outline.width,
        "height": outline.height,
        "shapes": shapes,
        "legend": [(band, counts[band]) for band in legend],
        "words": f"{INDICATORS[code].name}：" + "，".join(f"{band.label} {counts[band]} 个" for band in legend),
        "lines": [
            {
                "name": names[key],
                "value": texts[key],
                "band": bands[key],
                "href": reverse("reports:indicator", args=[code]) + wanted.query(area=key),
            }
            for key in lines
        ],
    }


def codes_offered(found: Dashboard, wanted: Asked) -> list[str]:
    """Rates that are counted already; in a meeting none of which a small number could point at a person."""
    return [
        code
        for code, indicator in INDICATORS.items()
        if indicator.unit is Unit.PERCENT
        and indicator.is_good
        and code in found.figures.counts
        and not (wanted.veiled and indicator.sensitive)
    ]


def _target(found: Dashboard, code: str) -> Decimal | None:
    rows = [row for row in (*found.rows, *found.in_text) if row.row.code == code]
    return next((row.target.value for row in rows if row.target.operator in RISING), None)


def _shape(shape: Shape, band: Band, name: str, value: str) -> MapShape:
    has_room = shape.width >= ROOM_FOR_A_NAME
    return MapShape(shape, band, f"{name} {value} {band.label}", name[:SHORT] if has_room else "", value)
