"""A plan pack is written anew from the template, and loaded so that an area works by it."""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import transaction

from accounts import audit
from accounts.models import Division, User
from accounts.refusals import Refused
from accounts.rules.toml_table import YEARS
from reports.models import AdoptedPlan
from reports.queries import packs
from reports.queries.packs import digest, pack
from reports.rules.pack_reading import read_pack
from reports.services.plan_tasks import enter_tasks

TEMPLATE = Path(__file__).resolve().parent.parent / "packs" / "template.txt"
PACK_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
LONGEST_ID = 40
CODE_LENGTHS = (2, 4, 6, 9)


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
        entered = enter_tasks(found, area)  # none, but after an update of this system that reads more of the file
        if not entered:
            return row, "unchanged"
        outcome = "updated"
    else:
        row.digest, row.area = text, area
        row.save(update_fields=["digest", "area"])
        outcome = "updated"
    enter_tasks(found, area)
    audit.record("reports.plan.loaded", row, by=by, facts={"pack": pack_id, "area": area.code, "sha256": text[:16]})
    return row, outcome


class PlanNotWritten(Refused):
    code = "plan_not_written"


@dataclass(frozen=True)
class NewPlan:
    id: str
    title: str
    area: str
    first_year: int
    last_year: int
    document_number: str
    issuing_body: str
    issued_on: date


def new_plan(wanted: NewPlan) -> Path:
    """Write the file of a county's own plan, ready to be filled in: it validates and loads as it stands.

    Raises: PlanNotWritten (the key, and what it may be), PackRefused.
    """
    _check(wanted)
    path = packs.FOLDER / f"{wanted.id}.toml"
    if path.exists():
        raise PlanNotWritten(f"已经有 {path.name} 这个文件。请换一个编号，或直接修改那个文件。")
    facts = {
        "id": wanted.id,
        "area": wanted.area,
        "base_year": wanted.first_year - 1,
        "first_year": wanted.first_year,
        "last_year": wanted.last_year,
        "issued_on": wanted.issued_on.isoformat(),
        **{key: _quoted(getattr(wanted, key)) for key in ("title", "document_number", "issuing_body")},
    }
    text = TEMPLATE.read_text(encoding="utf-8").format(**facts)
    read_pack(text, path.name)
    path.write_text(text, encoding="utf-8")
    return path


def _check(wanted: NewPlan) -> None:
    if not PACK_ID.fullmatch(wanted.id) or len(wanted.id) > LONGEST_ID:
        raise PlanNotWritten(f"编号“{wanted.id}”不能用。请用小写字母、数字和连字符，例如 jiaxian-2026，最多 40 个。")
    if not (wanted.area.isascii() and wanted.area.isdecimal() and len(wanted.area) in CODE_LENGTHS):
        raise PlanNotWritten(f"区划代码“{wanted.area}”不对。请写 2、4、6 或 9 位数字。")
    if not (wanted.first_year in YEARS and wanted.first_year - 1 in YEARS and wanted.last_year in YEARS):
        raise PlanNotWritten("年份不可用。请写 2001 到 2100 之间的四位年份。")
    if wanted.first_year > wanted.last_year:
        raise PlanNotWritten("开始年份不能晚于结束年份。")
    for key, label in (("title", "计划名称"), ("document_number", "发文字号"), ("issuing_body", "发文机关")):
        if not getattr(wanted, key).strip():
            raise PlanNotWritten(f"{label}不能是空的。")


def _quoted(text: str) -> str:
    """As it may stand between a TOML text's quotation marks; also in the comment of the first line."""
    plain = "".join(letter if letter.isprintable() else " " for letter in text).strip()
    return plain.replace("\\", "\\\\").replace('"', '\\"')
