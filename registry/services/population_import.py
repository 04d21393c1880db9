"""The population file: 区划代码* 年份* 常住人口*. Key: township and year."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from accounts import audit
from accounts.doors import authorise, where
from accounts.models import User
from accounts.scope import scope
from accounts.terms import Permission
from registry.models import Population
from registry.queries.places import Place, places_by_code
from registry.rules.table import Cells, RowRefusal, Table, check_columns
from registry.services.importing import ImportResult, blocks, in_block

COLUMNS = ("区划代码", "年份", "常住人口")
LARGEST = 5_000_000


@dataclass(frozen=True)
class Said:
    row: int
    code: str
    year: int
    people: int


def import_population(*, table: Table, by: User, dry_run: bool = False) -> ImportResult:
    """Import resident population by township and year. Units: people. Raises: Denied, TableRefused."""
    authorise(by, Permission.IMPORT_REGISTER)
    check_columns(table, known=COLUMNS, required=COLUMNS)
    result = ImportResult()
    said = _said(table, result)
    for block in blocks(said):
        with scope(by):
            in_block(lambda block=block: _write(block, by, result), dry_run=dry_run)  # type: ignore[misc]
    return result


def _said(table: Table, result: ImportResult) -> list[Said]:
    today = timezone.localdate()
    found: list[Said] = []
    first_row: dict[tuple[str, int], int] = {}
    for row in table.rows:
        cells = Cells(row, today)
        code = cells.text("区划代码", required=True)
        year = cells.whole("年份", low=1990, high=today.year + 1, required=True)
        people = cells.whole("常住人口", low=1, high=LARGEST, required=True)
        if code is None or year is None or people is None:
            result.refuse(cells.problems)
        elif (earlier := first_row.setdefault((code, year), row.number)) != row.number:
            result.refuse(
                [RowRefusal(row.number, "区划代码", code, f"与第 {earlier} 行是同一乡镇同一年。请只留一行。")]
            )
        else:
            found.append(Said(row.number, code, year, people))
    return found


def _write(block: Sequence[Said], by: User, result: ImportResult) -> None:
    places = places_by_code(one.code for one in block)
    reach = where(by, Permission.IMPORT_REGISTER)
    known = {
        (row.township_id, row.year): row
        for row in Population.objects.filter(township__in=[place.township for place in places.values()])
    }
    fresh = []
    for one in block:
        place = places.get(one.code)
        if place is None or place.village is not None:
            result.refuse(
                [RowRefusal(one.row, "区划代码", one.code, "不是现有的乡镇（街道）代码，应为 9 位。请核对。")]
            )
        elif not _inside(place, reach.townships, reach.counties):
            result.refuse([RowRefusal(one.row, "区划代码", one.code, "不在您的管辖范围内。请核对代码。")])
        elif (row := known.get((place.township, one.year))) is None:
            fresh.append(Population(township_id=place.township, year=one.year, people=one.people))
            result.counts.created += 1
        elif row.people == one.people:
            result.counts.unchanged += 1
        else:
            row.people = one.people
            row.save(update_fields=["people"])
            result.counts.updated += 1
    Population.objects.bulk_create(fresh)
    if fresh or result.counts.updated:
        audit.record("registry.population.imported", None, by=by, facts={"rows": len(block)})


def _inside(place: Place, townships: frozenset[int], counties: frozenset[int]) -> bool:
    return place.township in townships or place.county in counties
