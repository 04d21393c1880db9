from django.db import transaction

from accounts import audit
from accounts.models import Division, User
from accounts.refusals import Refused
from reports.models import AdoptedPlan
from reports.queries.packs import digest, pack


class NoSuchArea(Refused):
    code = "no_such_area"
    message = "计划包里的区划代码还没有载入。请先运行 load_divisions。"


@transaction.atomic
def load_plan(pack_id: str, *, by: User | None = None) -> tuple[AdoptedPlan, str]:
    """Let an area work by a plan pack. Returns the row and created, updated or unchanged.

    Raises: PackRefused (the file's faults), NoSuchArea.
    """
    found = pack(pack_id)
    area = Division.objects.filter(code=found.area, valid_to=None).first()
    if area is None:
        raise NoSuchArea(f"计划包 {pack_id} 的区划代码 {found.area} 还没有载入。请先运行 load_divisions。")
    text = digest(pack_id)
    row, created = AdoptedPlan.objects.select_for_update().get_or_create(
        pack=pack_id, defaults={"area": area, "digest": text}
    )
    if created:
        outcome = "created"
    elif (row.digest, row.area_id) == (text, area.pk):
        return row, "unchanged"
    else:
        row.digest, row.area = text, area
        row.save(update_fields=["digest", "area"])
        outcome = "updated"
    audit.record("reports.plan.loaded", row, by=by, facts={"pack": pack_id, "area": area.code, "sha256": text[:16]})
    return row, outcome
