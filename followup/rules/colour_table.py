"""The county's table of 动态分色 as data: colours, what speaks for each, how often who goes. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from typing import Any, Self

from accounts.rules.machine import Machine, Step
from accounts.terms import Permission
from followup.rules.choice import Problem
from followup.terms import Aside, ColourTableState, Criterion
from registry.terms import Colour

RANKED = tuple(one for one in Colour if one is not Colour.GREY)
LONGEST = 92  # the norm's three months: a colour never asks for less than the norm does
MONTHS = (1, 36)

S = ColourTableState
TABLE_MACHINE: Machine[ColourTableState] = Machine(
    name="colour_table",
    label="分色表",
    source="酉阳 十四 (动态分色); issue 3, Follow-up 7 (a county rule table with dates).",
    states=tuple(ColourTableState),
    starts=frozenset({S.DRAFT}),
    ends=frozenset({S.STOPPED, S.DROPPED}),
    steps=(
        Step(S.DRAFT, S.ACTIVE, "按生效日期启用", Permission.EDIT_POLICY, "followup.colour_table.activated"),
        Step(S.DRAFT, S.DROPPED, "作废", Permission.EDIT_POLICY, "followup.colour_table.dropped"),
        Step(S.ACTIVE, S.DROPPED, "撤回", Permission.EDIT_POLICY, "followup.colour_table.dropped"),
        Step(S.ACTIVE, S.STOPPED, "停用", Permission.EDIT_POLICY, "followup.colour_table.stopped", True),
    ),
)


@dataclass(frozen=True, slots=True)
class Days:
    """Every how many days each office goes; 0: the colour asks nothing of it. Units: whole days."""

    village: int = 0
    township: int = 0
    psychiatrist: int = 0
    police: int = 0


OFFICES = {"village": "村医", "township": "镇街精防人员", "psychiatrist": "精神科医师", "police": "民警（协同随访）"}


@dataclass(frozen=True, slots=True)
class Table:
    """`colours` in the order of grave to mild; `criteria` what speaks for which; `aside` the days of grey, if kept."""

    colours: Mapping[str, Days] = field(default_factory=dict)
    criteria: Mapping[Criterion, str] = field(default_factory=dict)
    incident_months: int = 6
    aside: Days | None = None
    aside_when: frozenset[Aside] = frozenset()

    def rank(self, colour: str) -> int:
        """0 is the gravest; no colour comes after all."""
        order = list(self.colours)
        return order.index(colour) if colour in order else len(order)

    @property
    def mildest(self) -> str:
        return list(self.colours)[-1]

    def days(self, colour: str) -> Days:
        if colour == Colour.GREY:
            return self.aside or Days()
        return self.colours.get(colour, Days())

    def as_content(self) -> dict[str, Any]:
        return {
            "colours": [{"colour": one, **asdict(days)} for one, days in self.colours.items()],
            "criteria": {one.value: colour for one, colour in self.criteria.items()},
            "incident_months": self.incident_months,
            "aside": None if self.aside is None else asdict(self.aside),
            "aside_when": sorted(one.value for one in self.aside_when),
        }

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> Self:
        rows = {row["colour"]: Days(**{k: v for k, v in row.items() if k != "colour"}) for row in content["colours"]}
        return cls(
            colours=rows,
            criteria={one: content["criteria"][one] for one in Criterion if one in content["criteria"]},
            incident_months=content["incident_months"],
            aside=None if content["aside"] is None else Days(**content["aside"]),
            aside_when=frozenset(Aside(one) for one in content["aside_when"]),
        )


# 起始值，须县里确认. Source: practice notes D (no published table was found; these are proposals, never a rule in force).
START = Table(
    colours={
        "red": Days(village=7, township=14, psychiatrist=31, police=14),
        "orange": Days(village=14, township=31, police=31),
        "yellow": Days(village=31, township=62),
        "green": Days(village=92),
    },
    criteria={
        **dict.fromkeys(
            (
                Criterion.LEVEL_5, Criterion.LEVEL_4, Criterion.LEVEL_3, Criterion.OPEN_INCIDENT,
                Criterion.RECENT_INCIDENT, Criterion.UNSTABLE,
            ),
            "red",
        ),
        **dict.fromkeys(
            (
                Criterion.LEVEL_2, Criterion.LEVEL_1, Criterion.PAST_INCIDENT, Criterion.NOT_TAKEN,
                Criterion.INTERRUPTED, Criterion.NO_GUARD, Criterion.WEAK_GUARD,
            ),
            "orange",
        ),
        Criterion.FAIR: "yellow",
    },
    incident_months=6,
    aside=Days(township=31),
    aside_when=frozenset(Aside),
)  # fmt: skip


def problems(table: Table) -> list[Problem]:
    """Everything that cannot be, field by field. Source: 本系统. Units: whole days, calendar months."""
    found = []
    if len(table.colours) < 2:
        found.append(Problem("use_red", "至少用两种颜色。"))
    if any(one not in RANKED for one in table.colours):
        found.append(Problem("use_red", "没有这种颜色。"))
    for criterion, colour in table.criteria.items():
        if colour not in table.colours:
            found.append(Problem(criterion.value, "这种颜色没有启用，请选择启用的颜色。"))
    graver = [one for one in table.colours if one != table.mildest] if table.colours else []
    for colour in graver:
        if colour not in table.criteria.values():
            found.append(
                Problem(f"use_{colour}", f"没有哪种情况列为{Colour(colour).label}，请至少列一种，或不用这种颜色。")
            )
    for colour, days in [*table.colours.items(), *([("grey", table.aside)] if table.aside else [])]:
        for office in OFFICES:
            if not 0 <= getattr(days, office) <= LONGEST:
                found.append(Problem(f"{colour}_{office}", f"请填 1 到 {LONGEST} 之间的天数，不要求的不填。"))
    if not MONTHS[0] <= table.incident_months <= MONTHS[1]:
        found.append(Problem("incident_months", f"请填 {MONTHS[0]} 到 {MONTHS[1]} 之间的月数。"))
    if table.aside is not None and not table.aside_when:
        found.append(Problem("aside_when", "请选择哪些情况列为灰色，或不用灰色。"))
    return [*found, *_order(table)]


def _order(table: Table) -> list[Problem]:
    """A graver colour is never seen less often than a milder one."""
    found, rows = [], list(table.colours.items())
    for (graver, more), (milder, less) in pairwise(rows):
        for office, name in OFFICES.items():
            often, rarely = getattr(more, office), getattr(less, office)
            if rarely and (not often or often > rarely):
                words = f"{Colour(graver).label}的{name}天数不能比{Colour(milder).label}的长。"
                found.append(Problem(f"{graver}_{office}", words))
    return found
