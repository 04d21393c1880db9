"""Loading places from a file of codes. Running it again changes nothing; a name that changed is corrected."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from accounts import audit
from accounts.models import Division
from accounts.refusals import Refused
from accounts.terms import CODE_LENGTHS, DivisionLevel

OWN_FILE = Path(__file__).resolve().parent.parent / "fixtures" / "divisions.csv"
COLUMNS = ("code", "name", "level", "parent_code")


@dataclass(frozen=True)
class Loaded:
    created: int
    updated: int
    unchanged: int


def load_divisions(path: Path = OWN_FILE) -> Loaded:
    """Columns `code,name,level,parent_code`, parents before or after their children. Raises: Refused, with the line."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise Refused(f"第 1 行应为 {','.join(COLUMNS)}。")
        rows = [(line, {key: (row[key] or "").strip() for key in COLUMNS}) for line, row in enumerate(reader, 2)]
    return save_divisions(rows)


@transaction.atomic
def save_divisions(rows: Iterable[tuple[int, dict[str, str]]]) -> Loaded:
    """Write the rows level by level, so that every parent exists first."""
    checked = sorted((_checked(line, row) for line, row in rows), key=lambda row: (len(row["code"]), row["code"]))
    known = {division.code: division for division in Division.objects.filter(valid_to=None)}
    created = updated = unchanged = 0
    for length in CODE_LENGTHS:
        fresh = []
        for row in (row for row in checked if len(row["code"]) == length):
            parent = known.get(row["parent_code"])
            if row["parent_code"] and parent is None:
                raise Refused(f"区划 {row['code']}：上级 {row['parent_code']} 不在文件里，也没有登记过。")
            there = known.get(row["code"])
            if there is None:
                fresh.append(Division(code=row["code"], name=row["name"], level=row["level"], parent=parent))
            elif there.name != row["name"]:
                there.name = row["name"]
                there.save(update_fields=["name"])
                updated += 1
            else:
                unchanged += 1
        known |= {division.code: division for division in Division.objects.bulk_create(fresh)}
        created += len(fresh)
    if created or updated:
        audit.record("accounts.divisions.loaded", None, by=None, facts={"created": created, "updated": updated})
    return Loaded(created, updated, unchanged)


def _checked(line: int, row: dict[str, str]) -> dict[str, str]:
    code, level = row["code"], row["level"]
    if not (code.isascii() and code.isdigit()) or CODE_LENGTHS.get(len(code)) != level:
        raise Refused(f"第 {line} 行：代码“{code}”的位数与层级“{level}”不符。", field="code")
    if not row["name"]:
        raise Refused(f"第 {line} 行：缺名称。", field="name")
    if row["parent_code"] != _parent_code(code, row["parent_code"]):
        raise Refused(f"第 {line} 行：上级代码“{row['parent_code']}”不是“{code}”的前缀。", field="parent_code")
    if level != DivisionLevel.PROVINCE and not row["parent_code"]:
        raise Refused(f"第 {line} 行：缺上级代码。", field="parent_code")
    return row


def _parent_code(code: str, given: str) -> str:
    lengths = list(CODE_LENGTHS)
    above = lengths.index(len(code)) - 1
    return code[: lengths[above]] if above >= 0 and given else ""
