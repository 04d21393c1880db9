"""Plan packs on disk, and which of them an area works by."""

from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from accounts.models import Division
from reports.models import AdoptedPlan
from reports.rules.pack import Pack
from reports.rules.pack_reading import PackRefused, read_pack

FOLDER = Path(__file__).resolve().parent.parent / "packs"


def pack_ids() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def pack(pack_id: str) -> Pack:
    """The pack as its file now stands. Raises: PackRefused with every fault, also for an unknown id."""
    if pack_id not in pack_ids():
        raise PackRefused([f"没有编号为“{pack_id}”的计划包。现有：{'、'.join(pack_ids())}。"])
    path = FOLDER / f"{pack_id}.toml"
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=32)
def _read(path: Path, changed: int) -> Pack:
    found = read_pack(path.read_text(encoding="utf-8"), path.name)
    if found.id != path.stem:
        raise PackRefused([f"{path.name}：id（计划编号）写的是“{found.id}”，应当与文件名“{path.stem}”一致。"])
    return found


def digest(pack_id: str) -> str:
    return sha256((FOLDER / f"{pack_id}.toml").read_bytes()).hexdigest()


def adopted_packs(area: Division) -> tuple[Pack, ...]:
    """Plans that hold in the area: its own first, then those of the areas above it, the newest plan first."""
    above = [area.code[:length] for length in (2, 4, 6, 9, 12) if length <= len(area.code)]
    rows = AdoptedPlan.objects.filter(area__code__in=above).select_related("area")
    packs = [(len(row.area.code), pack(row.pack)) for row in rows]
    packs.sort(key=lambda pair: (pair[0], pair[1].first_year, pair[1].id), reverse=True)
    return tuple(found for _, found in packs)


def plan_names(pack_ids_wanted: Iterable[str]) -> dict[str, str]:
    """The short title of each plan; of one whose file is gone its id."""
    known = set(pack_ids())
    return {wanted: pack(wanted).short_title if wanted in known else wanted for wanted in sorted(pack_ids_wanted)}
