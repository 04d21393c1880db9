"""Keep the outline of a county's townships for the map of the overview."""

from hashlib import sha256

from django.db import transaction

from accounts import audit
from accounts.doors import authorise
from accounts.models import Division, User
from accounts.refusals import Refused
from accounts.terms import DivisionLevel, Permission
from reports.doors import areas_of
from reports.models import AreaOutline
from reports.queries.outlines import towns_of
from reports.rules.outline import OutlineRefused, read_outline


class OutlineNotKept(Refused):
    code = "outline_refused"

    def __init__(self, faults: list[str]) -> None:
        super().__init__("；".join(faults), field="file")
        self.faults = faults


@transaction.atomic
def keep_outline(*, area: Division, raw: bytes, source: str, by: User) -> AreaOutline:
    """Source: 本系统; RFC 7946. Raises: Denied, OutlineNotKept with every fault (another area, a file that is not read)."""
    authorise(by, Permission.KEEP_OUTLINE)
    if area not in areas_of(by, Permission.KEEP_OUTLINE) or area.level != DivisionLevel.COUNTY:
        raise OutlineNotKept(["这个地区的地图不归您办理。"])
    try:
        outline = read_outline(raw, towns_of(area))
    except OutlineRefused as refusal:
        raise OutlineNotKept(refusal.faults) from refusal
    row = AreaOutline.objects.create(
        area=area,
        content=outline.as_content(),
        shapes=len(outline.shapes),
        sha256=sha256(raw).hexdigest(),
        source=source,
        kept_by=by,
    )
    facts = {"area": area.code, "shapes": row.shapes, "sha256": row.sha256}
    audit.record("reports.outline.kept", row, by=by, facts=facts)
    return row
