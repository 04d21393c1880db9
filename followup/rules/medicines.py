"""The dictionary of drugs: reading the shipped file, and what a county may add. Pure; a drug is data, never advice."""

import re
import tomllib
from dataclasses import dataclass, replace

from followup.rules.choice import Problem
from followup.terms import DoseForm, DoseUnit, DrugClass

# What a box adds to the name of a drug that is taken by mouth: 奥氮平片 and 奥氮平口崩片 are 奥氮平.
ORAL_FORMS = (
    "片", "分散片", "口崩片", "缓释片", "控释片", "肠溶片", "咀嚼片", "胶囊", "缓释胶囊", "肠溶胶囊", "颗粒", "口服溶液", "糖浆",
)  # fmt: skip
INTERVALS = (7, 190)  # days between two injections of one drug
KEYS = {"code", "name", "aliases", "kind", "form", "unit", "interval_days", "essential"}
_CODE = re.compile(r"[a-z][a-z0-9-]{1,39}")


class DictionaryRefused(ValueError):
    """Names the entry, the key and what is wanted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One drug. Units: days; `essential` None is not known, which is not no."""

    code: str
    name: str
    kind: str
    aliases: tuple[str, ...] = ()
    form: str = DoseForm.ORAL
    unit: str = DoseUnit.MG
    interval_days: int | None = None
    essential: bool | None = None

    @property
    def long_acting(self) -> bool:
        return self.interval_days is not None

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.aliases)


def with_forms(entry: Entry) -> Entry:
    """The drug known by its boxes as well. An injection is not: another preparation of it has another interval."""
    if entry.form != DoseForm.ORAL:
        return entry
    bare = [name for name in entry.names if not name.endswith(ORAL_FORMS)]
    boxes = (f"{name}{form}" for name in bare for form in ORAL_FORMS)
    return replace(entry, aliases=tuple(dict.fromkeys((*entry.aliases, *boxes))))


def read_dictionary(text: str) -> tuple[str, tuple[Entry, ...]]:
    """Version and drugs of a file. Raises: DictionaryRefused."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DictionaryRefused(f"不是有效的 TOML：{error}") from None
    version = data.get("version")
    if not isinstance(version, str) or not version:
        raise DictionaryRefused("缺少 version。")
    entries = tuple(_entry(number, row) for number, row in enumerate(data.get("medicine", []), start=1))
    for what, found in (("code", [e.code for e in entries]), ("名称", [n for e in entries for n in e.names])):
        twice = sorted({one for one in found if found.count(one) > 1})
        if twice:
            raise DictionaryRefused(f"{what}重复：{'、'.join(twice)}。")
    return version, entries


def _entry(number: int, row: dict[str, object]) -> Entry:
    here = f"第 {number} 条（{row.get('name') or row.get('code') or '没有名称'}）"
    if unknown := sorted(set(row) - KEYS):
        raise DictionaryRefused(f"{here}：不认识的键 {'、'.join(unknown)}。")
    try:
        entry = Entry(**{**row, "aliases": tuple(row.get("aliases", ()))})  # type: ignore[arg-type]
    except TypeError:
        raise DictionaryRefused(f"{here}：code、name、kind 必须有。") from None
    if not isinstance(entry.code, str) or not _CODE.fullmatch(entry.code):
        raise DictionaryRefused(f"{here}：code 只用小写字母、数字和连字符。")
    for key, codes in (("kind", DrugClass), ("form", DoseForm), ("unit", DoseUnit)):
        if getattr(entry, key) not in codes.values:
            raise DictionaryRefused(f"{here}：{key} 只能是 {'、'.join(codes.values)}。")
    if found := entry_problems(entry):
        raise DictionaryRefused(f"{here}：{found[0].message}")
    return with_forms(entry)


def entry_problems(entry: Entry) -> list[Problem]:
    """The shape of one drug, from the file or a county's page."""
    found = []
    if not entry.name or len(entry.name) > 60:
        found.append(Problem("name", "请填通用名，最多 60 个字。"))
    if entry.interval_days is not None:
        low, high = INTERVALS
        if not isinstance(entry.interval_days, int) or not low <= entry.interval_days <= high:
            found.append(Problem("interval_days", f"注射间隔应在 {low} 到 {high} 天之间。"))
        if entry.form != DoseForm.INJECTION:
            found.append(Problem("form", "只有注射剂才有注射间隔。"))
    return found
