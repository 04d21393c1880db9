"""Shipped schemes on disk: the rules of real places, to start a county's own from."""

from functools import lru_cache
from pathlib import Path

from subsidy.rules.scheme_reading import SchemeRefused, read_scheme
from subsidy.rules.schemes import Scheme

FOLDER = Path(__file__).resolve().parent.parent / "presets"


def preset_ids() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def preset(scheme_id: str) -> Scheme:
    """The scheme as its file now stands. Raises: SchemeRefused with every fault, also for an unknown id."""
    if scheme_id not in preset_ids():
        raise SchemeRefused([f"没有编号为“{scheme_id}”的办法。现有：{'、'.join(preset_ids())}。"])
    path = FOLDER / f"{scheme_id}.toml"
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _read(path: Path, changed: int) -> Scheme:
    found = read_scheme(path.read_text(encoding="utf-8"), path.name)
    if found.id != path.stem:
        raise SchemeRefused([f"{path.name}：id（固定编号）写的是“{found.id}”，应当与文件名“{path.stem}”一致。"])
    return found


def preset_text(scheme_id: str) -> str:
    """The file of a shipped scheme, whole. Raises: SchemeRefused for an unknown id."""
    preset(scheme_id)
    return (FOLDER / f"{scheme_id}.toml").read_text(encoding="utf-8")


def preset_title(scheme_id: str) -> str:
    found = preset(scheme_id)
    return f"{found.place} {found.title}"
