"""Is a family entitled on a day, by which class, and by which facts. The verdict is also the sheet “为什么没有我”.

It decides nothing about a person beyond the arithmetic: what nobody has found out stays unknown and asks for the paper.
Source: practice.md A1; 邹城 二(七) (“及” read as or, a setting); 浙江 2021 (two classes).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar

from subsidy.rules.schemes import PayClass, Scheme, Version
from subsidy.terms import Join, Met, Need

T = TypeVar("T")

PAPERS: Mapping[Need, str] = {
    Need.REGISTERED: "请镇街卫生院出具社区管理治疗服务证明",
    Need.POLICE_LIST: "请派出所核对公安名册",
    Need.LOCAL_HOUSEHOLD: "请出示患者户口簿",
    Need.OWN_OR_SPOUSE_HOUSEHOLD: "请出示患者或配偶的户口簿，用配偶户籍的另带结婚证",
    Need.LIVES_HERE: "请出示居住证明",
    Need.LIVES_TOGETHER: "请村（居）委会出具共同居住的证明",
    Need.GUARDIAN_ABLE: "请村（居）委会写明监护人的监护能力和实际履行情况",
    Need.AGREEMENT: "请签订监护协议（责任书）",
    Need.NO_INCIDENT: "请派出所写明监护年度内有无肇事肇祸",
    Need.POOR: "请民政部门出具低保、特困或困难家庭的认定",
    Need.HARDSHIP: "请民政部门认定生活困难",
    Need.DISABLED: "请出示残疾人证",
    Need.SEVERELY_DISABLED: "请出示写有等级的残疾人证",
    Need.INSURED: "请医保经办机构核对参保情况",
    Need.IRREGULAR: "请查看最近一次随访的服药依从性",
    Need.WEAK_GUARDIAN: "请村（居）委会写明监护情况",
    Need.LIKELY_INCIDENT: "请查看最近一次危险性评估",
    Need.UNIDENTIFIED: "请公安机关出具身份核查结果",
    Need.UNABLE_TO_PAY: "请医院和民政部门写明无力缴费的情况",
}


@dataclass(frozen=True, slots=True)
class Fact(Generic[T]):
    """What is known, since when and from where. `value` None: nobody has found out."""

    value: T | None = None
    on: date | None = None
    source: str = ""

    @property
    def origin(self) -> str:
        """（2026-03-01，随访记录）; empty when neither is known."""
        said = "，".join(part for part in (f"{self.on}" if self.on else "", self.source) if part)
        return f"（{said}）" if said else ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that eligibility looks at, as known on the day. A need that is not listed is unknown."""

    level: Fact[int] = field(default_factory=Fact)
    six_kinds: Fact[bool] = field(default_factory=Fact)
    incident_ever: Fact[bool] = field(default_factory=Fact)
    assistants: Fact[int] = field(default_factory=Fact)
    needs: Mapping[Need, Fact[bool]] = field(default_factory=dict)

    def need(self, need: Need) -> Fact[bool]:
        return self.needs.get(need, Fact())


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of the sheet: what is asked, whether it is met, the fact it was seen by, and what paper helps."""

    key: str
    label: str
    met: Met
    words: str
    paper: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`class_key` is the class when the verdict is yes. `criteria` in the order of the scheme."""

    met: Met
    class_key: str
    words: str
    criteria: tuple[Criterion, ...]

    @property
    def papers(self) -> tuple[str, ...]:
        """What to bring so that the unknown becomes known."""
        return tuple(dict.fromkeys(one.paper for one in self.criteria if one.paper and one.met is Met.UNKNOWN))


def judge(facts: Facts, scheme: Scheme, on: date) -> Verdict:
    """Which criteria of the scheme are met on a day, and so whether and by which class.

    Source: practice.md A1. One no is a no; without a no, one unknown leaves it unknown. Units: local dates.
    """
    version = scheme.version_on(on)
    if version is None:
        return Verdict(Met.NO, "", f"{scheme.title}在 {on} 还没有施行。", ())
    asked = [_need(need, facts.need(need)) for need in version.needs]
    if version.any_need:
        asked.append(_any_of(version.any_need, facts))
    if version.assistants_least:
        asked.append(_assistants(version.assistants_least, facts.assistants))
    met, class_key = Met.YES, ""
    if version.classes:
        met, class_key, lines = _class_of(version, facts)
        asked += lines
    result = _all([met, *(one.met for one in asked if not one.key.startswith("class:"))])
    return Verdict(
        result, class_key if result is Met.YES else "", _summary(scheme, version, result, class_key), tuple(asked)
    )


def _need(need: Need, fact: Fact[bool]) -> Criterion:
    if fact.value is None:
        return Criterion(need.value, need.label, Met.UNKNOWN, f"{need.label}：还不清楚。", PAPERS[need])
    met = Met.YES if fact.value else Met.NO
    return Criterion(need.value, need.label, met, f"{need.label}：{met.label}{fact.origin}。", PAPERS[need])


def _any_of(needs: Sequence[Need], facts: Facts) -> Criterion:
    found = [_need(need, facts.need(need)) for need in needs]
    label = "下列之一：" + "、".join(need.label for need in needs)
    met = _any([one.met for one in found])
    words = "下列之一即可：" + "".join(one.words for one in found)
    papers = "；".join(one.paper for one in found if one.met is Met.UNKNOWN) if met is Met.UNKNOWN else ""
    return Criterion("any_need", label, met, words, papers)


def _assistants(least: int, fact: Fact[int]) -> Criterion:
    label = f"协助监护人不少于 {least} 名"
    paper = "请村（居）委会为监护人配备协助监护人，并写进协议"
    if fact.value is None:
        return Criterion("assistants", label, Met.UNKNOWN, f"{label}：还不清楚。", paper)
    met = Met.YES if fact.value >= least else Met.NO
    return Criterion("assistants", label, met, f"{label}：现有 {fact.value} 名{fact.origin}，{met.label}。", paper)


def _class_of(version: Version, facts: Facts) -> tuple[Met, str, list[Criterion]]:
    """The first class that is met. A class above it that is still unknown leaves the whole unknown: it may bring more."""
    lines: list[Criterion] = []
    for one in version.classes:
        line = _class_line(one, facts)
        lines.append(line)
        if line.met is not Met.NO:
            return line.met, one.key, lines
    return Met.NO, "", lines


def _class_line(one: PayClass, facts: Facts) -> Criterion:
    parts: list[tuple[Met, str, str]] = []
    if one.from_level is not None:
        parts.append(_level(one, facts.level))
    if one.incident:
        parts.append(_bool("有肇事肇祸行为", facts.incident_ever, "请派出所写明有无肇事肇祸"))
    combine = _all if one.join is Join.AND else _any
    met = combine([part for part, _, _ in parts]) if parts else Met.YES
    if one.six_kinds:
        kinds = _bool("属于六种严重精神障碍", facts.six_kinds, "请出示诊断证明")
        met, parts = _all([met, kinds[0]]), [*parts, kinds]
    label = f"{one.label}：每{'月' if one.per == 'month' else '年'} {one.amount:,.2f} 元"
    joined = f"（{one.join.label}）" if one.from_level is not None and one.incident else ""
    words = f"{one.label}{joined}：" + ("；".join(said for _, said, _ in parts) or "不另设条件") + f"。{met.label}。"
    paper = "；".join(paper for part, _, paper in parts if part is Met.UNKNOWN) if met is Met.UNKNOWN else ""
    return Criterion(f"class:{one.key}", label, met, words, paper)


def _level(one: PayClass, fact: Fact[int]) -> tuple[Met, str, str]:
    wanted = f"{one.from_level} 级及以上" if one.to_level == 5 else f"{one.from_level}—{one.to_level} 级"
    if fact.value is None or one.from_level is None:
        return Met.UNKNOWN, f"危险性评估要求 {wanted}，还没有评估", "请镇街卫生院做一次危险性评估"
    met = Met.YES if one.from_level <= fact.value <= one.to_level else Met.NO
    return met, f"危险性评估要求 {wanted}，现为 {fact.value} 级{fact.origin}", ""


def _bool(label: str, fact: Fact[bool], paper: str) -> tuple[Met, str, str]:
    if fact.value is None:
        return Met.UNKNOWN, f"{label}：还不清楚", paper
    return (Met.YES if fact.value else Met.NO), f"{label}：{'是' if fact.value else '否'}{fact.origin}", ""


def _all(found: Sequence[Met]) -> Met:
    if Met.NO in found:
        return Met.NO
    return Met.UNKNOWN if Met.UNKNOWN in found else Met.YES


def _any(found: Sequence[Met]) -> Met:
    if Met.YES in found:
        return Met.YES
    return Met.UNKNOWN if Met.UNKNOWN in found else Met.NO


def _summary(scheme: Scheme, version: Version, met: Met, class_key: str) -> str:
    if met is Met.YES:
        one = version.class_of(class_key)
        return f"符合{scheme.title}的条件" + (f"，按{one.label}发放。" if one else "。")
    if met is Met.NO:
        return f"按现有资料不符合{scheme.title}的条件，不符合的是哪一项见下。资料有误的，可以申请更正后重新核对。"
    return f"是否符合{scheme.title}的条件还不能确定，请补齐下面写明的材料。"
