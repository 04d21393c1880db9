"""The kinds of lists that come in, read from a text: columns, what is compared, what becomes a task."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from accounts.terms import AgencyKind
from exchange.terms import InboundItem, InboundKind, Ours, Rhythm, RowClass


@dataclass(frozen=True)
class Kind:
    """`work`: classes that become a township's task. `holds`: a match with an open file stops payments at once."""

    code: InboundKind
    agencies: tuple[AgencyKind, ...]
    rhythm: Rhythm
    required: tuple[InboundItem, ...]
    optional: tuple[InboundItem, ...]
    compare: tuple[InboundItem, ...]
    work: frozenset[RowClass]
    ours: Ours
    says: Mapping[InboundItem, str]
    whole: bool = False  # everybody of its kind: what the next one no longer shows agrees now
    elsewhere: bool = False  # from offices outside the county
    holds: bool = False
    platform: bool = False  # we report to it ourselves: differences are followed until an export agrees
    switch: str = ""  # the county's setting that opens it; empty: open
    headers: Mapping[InboundItem, str] = field(default_factory=dict)  # where a column is not called as its item

    @property
    def columns(self) -> tuple[InboundItem, ...]:
        return self.required + self.optional

    def header(self, item: InboundItem) -> str:
        return self.headers.get(item, str(item.label))

    def with_headers(self, headers: Mapping[InboundItem, str]) -> "Kind":
        """The same kind with a county's own names of columns."""
        return replace(self, headers={**self.headers, **headers})


class KindsRefused(Exception):
    """The file is not used at all; the text names place and fault."""


def read_kinds(text: str) -> dict[InboundKind, Kind]:
    """Raises: KindsRefused."""
    found: dict[InboundKind, Kind] = {}
    for number, raw in enumerate(tomllib.loads(text).get("kind", []), 1):
        where = f"第 {number} 种名册"
        try:
            kind = _kind(raw)
        except (ValueError, KeyError, TypeError) as fault:
            raise KindsRefused(f"{where}：{fault}") from fault
        if kind.code in found:
            raise KindsRefused(f"{where}：{kind.code} 写了两次。")
        _judge(kind, where)
        found[kind.code] = kind
    return found


def _kind(raw: Mapping[str, Any]) -> Kind:
    def items(name: str) -> tuple[InboundItem, ...]:
        return tuple(InboundItem(code) for code in raw[name])

    return Kind(
        code=InboundKind(raw["code"]), agencies=tuple(AgencyKind(one) for one in raw["agencies"]),
        rhythm=Rhythm(raw["rhythm"]), required=items("required"), optional=items("optional"), compare=items("compare"),
        work=frozenset(RowClass(one) for one in raw["work"]), ours=Ours(raw["ours"]),
        says={InboundItem(name): str(said) for name, said in raw.get("says", {}).items()},
        whole=bool(raw.get("whole")), elsewhere=bool(raw.get("elsewhere")), holds=bool(raw.get("holds")),
        platform=bool(raw.get("platform")), switch=str(raw.get("switch", "")),
        headers={InboundItem(name): str(said) for name, said in raw.get("headers", {}).items()},
    )  # fmt: skip


def _judge(kind: Kind, where: str) -> None:
    if len(set(kind.columns)) != len(kind.columns) or InboundItem.NAME not in kind.required:
        raise KindsRefused(f"{where}：栏目重复，或没有把姓名列为必填。")
    if len({kind.header(one) for one in kind.columns}) != len(kind.columns):
        raise KindsRefused(f"{where}：两个栏目用了同一个列名。")
    if lost := [one.label for one in kind.compare if one not in (*kind.columns, *kind.says)]:
        raise KindsRefused(f"{where}：要比对的栏目不在名册里：{'、'.join(map(str, lost))}。")
    if (kind.ours is Ours.NOBODY) is (RowClass.ONLY_OURS in kind.work):
        raise KindsRefused(f"{where}：要查“仅我方有”，须写明比对我方哪些人；不查的，两处都不写。")
    if kind.work & {RowClass.SAME, RowClass.REFUSED} or RowClass.UNSURE not in kind.work:
        raise KindsRefused(f"{where}：一致和不能识别的行不能交办，待人工核对的必须交办。")
