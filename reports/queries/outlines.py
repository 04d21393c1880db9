"""The outline that an area's map is drawn from, and the townships it may name."""

from accounts.models import Division
from accounts.queries.places import townships_under
from reports.models import AreaOutline
from reports.rules.outline import Outline


def newest_outline(area: Division) -> AreaOutline | None:
    return AreaOutline.objects.filter(area=area).select_related("kept_by", "area").order_by("-pk").first()


def outline_of(area: Division) -> Outline | None:
    row = newest_outline(area)
    return Outline.of(row.content) if row else None


def has_outline(area: Division) -> bool:
    return AreaOutline.objects.filter(area=area).exists()


def towns_of(area: Division) -> dict[str, str]:
    """Code → name of the townships that exist today."""
    return {town.code: town.name for town in townships_under(area) if town.valid_to is None}
