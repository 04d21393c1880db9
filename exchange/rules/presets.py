"""The templates this product ships, read from a text: what a county may put in force, never more than is written there."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from accounts.terms import AgencyKind
from exchange.rules.items import RECIPIENTS, not_for
from exchange.terms import Basis, DataItem, ListKind, Rhythm, Situation


@dataclass(frozen=True)
class Section:
    """One list of a file with its columns in order."""

    kind: ListKind
    items: tuple[DataItem, ...]

    def as_content(self) -> dict[str, Any]:
        return {"list": self.kind.value, "items": [item.value for item in self.items]}

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> "Section":
        """Raises: ValueError for a list or an item that this program does not know: it is then told to nobody."""
        return cls(ListKind(content["list"]), tuple(DataItem(code) for code in content["items"]))


@dataclass(frozen=True)
class Preset:
    """A template as shipped: the widest list of fields this kind of agency can get on this occasion."""

    agency: AgencyKind
    situation: Situation
    rhythm: Rhythm
    basis: Basis
    citation: str
    sections: tuple[Section, ...]

    @property
    def key(self) -> str:
        return f"{self.agency.value}.{self.situation.value}"


class PresetsRefused(Exception):
    """The file is not used at all; the text names place and fault."""


def read_presets(text: str) -> dict[str, Preset]:
    """Raises: PresetsRefused."""
    found: dict[str, Preset] = {}
    for number, raw in enumerate(tomllib.loads(text).get("template", []), 1):
        where = f"第 {number} 个模板"
        try:
            presets = _presets(raw)
        except (ValueError, KeyError) as fault:
            raise PresetsRefused(f"{where}：{fault}") from fault
        for preset in presets:
            if preset.key in found:
                raise PresetsRefused(f"{where}：{preset.key} 写了两次。")
            _judge(preset, where)
            found[preset.key] = preset
    return found


def _presets(raw: Mapping[str, Any]) -> list[Preset]:
    sections = tuple(Section.of(one) for one in raw["section"])
    rest = Situation(raw["situation"]), Rhythm(raw["rhythm"]), Basis(raw["basis"]), raw["citation"], sections
    return [Preset(AgencyKind(kind), *rest) for kind in raw["agencies"]]


def _judge(preset: Preset, where: str) -> None:
    for section in preset.sections:
        wrong = not_for(preset.agency, preset.situation, section.items)
        if wrong:
            raise PresetsRefused(f"{where}：不能告诉{preset.agency.label}：{'、'.join(str(i.label) for i in wrong)}。")
        if len(set(section.items)) != len(section.items) or not section.items:
            raise PresetsRefused(f"{where}：{section.kind.label}没有栏目或有重复的栏目。")
    if preset.agency not in RECIPIENTS or not preset.citation:
        raise PresetsRefused(f"{where}：没有依据，或这类单位不在接收单位之内。")
