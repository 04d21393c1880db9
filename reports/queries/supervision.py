"""督导整改: units that may be supervised, what a finding may hang on, the list with its filters, the ladder of an area."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import BooleanField, Count, ExpressionWrapper, Prefetch, Q, QuerySet

from accounts.models import Division
from accounts.queries.policy import policies
from accounts.rules.policy_keys import POLICY_DEFAULTS
from accounts.terms import AgencyKind, DivisionLevel
from reports.models import Finding, FindingNote, Measure, Supervision, Task
from reports.queries.meetings import departments_of
from reports.queries.packs import adopted_packs
from reports.rules.ladder import COMMON, Ladder
from reports.rules.pack import Pack
from reports.terms import FindingState, MeasureState, Rung, TaskState

NO_UNIT = (AgencyKind.GOVERNMENT, AgencyKind.VILLAGE_COMMITTEE, AgencyKind.VILLAGE_CLINIC)  # the places stand for them


@dataclass(frozen=True)
class Unit:
    """Who is supervised or has to put something right: a place right below the area, or one of its agencies."""

    name: str
    kind: str
    place: Division | None = None

    @property
    def value(self) -> str:
        """What a form's select sends."""
        return f"place:{self.place.code}" if self.place else f"name:{self.name}"


def units_of(area: Division) -> list[Unit]:
    """Places right below, then the agencies as the area's plan calls them."""
    places = Division.objects.filter(parent=area, valid_to=None).order_by("code")
    found = [Unit(place.name, AgencyKind.GOVERNMENT, place) for place in places]
    return found + [Unit(name, kind) for name, kind in departments_of(area) if kind not in NO_UNIT]


def unit_of(row: Supervision | Finding | Measure) -> Unit:
    return Unit(row.name, row.kind, row.place)


def same_unit(rows: QuerySet[Finding], unit: Unit) -> QuerySet[Finding]:
    return rows.filter(place=unit.place, kind=unit.kind, name=unit.name)


@dataclass(frozen=True)
class Hook:
    """What a finding hangs on: a row of a plan, or a task. Neither: free words, or nothing."""

    label: str
    pack: str = ""
    row_key: str = ""
    task: Task | None = None

    @property
    def value(self) -> str:
        return f"task:{self.task.uuid}" if self.task else f"row:{self.pack}:{self.row_key}"


def hooks_of(area: Division) -> list[tuple[str, list[Hook]]]:
    """By group: the rows of each plan that holds in the area, then the area's tasks."""
    groups = [
        (f"指标 · {pack.short_title}", [Hook(row.name, pack=pack.id, row_key=row.key) for row in pack.rows])
        for pack in adopted_packs(area)
    ]
    tasks = Task.objects.filter(area=area, parent=None).exclude(state=TaskState.DROPPED).order_by("pk")
    groups.append(("任务台账", [Hook(task.name, task=task) for task in tasks]))
    return [(label, hooks) for label, hooks in groups if hooks]


def row_name(pack_id: str, key: str, packs: Iterable[Pack]) -> tuple[str, str]:
    """The name of a plan's row and the code of its figure; the key where the plan no longer has it."""
    for pack in packs:
        if pack.id == pack_id and (row := pack.row(key)):
            return row.name, row.code
    return key, ""


def ladder_of(area: Division) -> Ladder:
    """Of the nearest plan that names its steps, else the common one."""
    for pack in adopted_packs(area):
        if pack.work.supervision and pack.work.supervision.ladder:
            return pack.work.supervision.ladder
    return COMMON


def holds_supervision(area: Division) -> bool:
    return area.level not in (DivisionLevel.TOWNSHIP, DivisionLevel.VILLAGE)


@dataclass(frozen=True)
class FindingFilters:
    """Which findings are wanted. Empty: all of the state."""

    state: str = "open"  # open, late, waiting, right, all
    unit: str = ""  # as Unit.value
    rung: str = ""  # one of Rung, or `none`


def filtered_findings(rows: QuerySet[Finding], wanted: FindingFilters) -> QuerySet[Finding]:
    """By everything but the state: see findings_in."""
    what, _, name = wanted.unit.partition(":")
    if what == "place":
        rows = rows.filter(place__code=name)
    elif what == "name":
        rows = rows.filter(place=None, name=name)
    if wanted.rung:
        rows = rows.filter(rung="" if wanted.rung == "none" else wanted.rung)
    return rows


def _conditions(today: date) -> dict[str, Q]:
    """`late` as rules.findings.is_overdue judges one. What waits for the commission is unfinished too."""
    return {
        "open": Q(state__in=(FindingState.OPEN, FindingState.REPORTED)),
        "late": Q(state=FindingState.OPEN, due_on__lt=today),
        "waiting": Q(state=FindingState.REPORTED),
        "right": Q(state=FindingState.RIGHT),
        "withdrawn": Q(state=FindingState.WITHDRAWN),
    }


def findings_in(rows: QuerySet[Finding], state: str, today: date) -> QuerySet[Finding]:
    found = _conditions(today)
    return rows.filter(found[state]) if state in found else rows


def finding_counts(rows: QuerySet[Finding], today: date) -> dict[str, int]:
    """How many stand how, in one statement; `all` among them."""
    asked = {state: Count("pk", filter=condition) for state, condition in _conditions(today).items()}
    return dict(rows.order_by().aggregate(all=Count("pk"), **asked))


def in_order_of_term(rows: QuerySet[Finding]) -> QuerySet[Finding]:
    """Unfinished ones first, by their day."""
    over = Q(state__in=(FindingState.RIGHT, FindingState.WITHDRAWN))
    closed = ExpressionWrapper(over, output_field=BooleanField())
    return rows.order_by(closed, "due_on", "pk")


def with_finding_lines(rows: QuerySet[Finding]) -> QuerySet[Finding]:
    """Everything that a line of the list shows."""
    return rows.select_related("supervision__area", "place", "task").prefetch_related(
        Prefetch("links__measure", Measure.objects.order_by("on", "pk"))
    )


def units_in(rows: QuerySet[Finding]) -> list[tuple[str, str]]:
    """Units that have a finding, for the filter."""
    found = rows.order_by().values_list("place__code", "name").distinct()
    named = {(f"place:{code}" if code else f"name:{name}", name, code or "~") for code, name in found}
    return [(value, name) for value, name, _ in sorted(named, key=lambda each: (each[2], each[1]))]


def notes_of_finding(finding: Finding) -> list[FindingNote]:
    """Newest first."""
    return list(finding.notes.select_related("by", "agency", "measure", "file").order_by("-pk"))


def measures_of(findings: Iterable[Finding]) -> list[Measure]:
    """Steps that rest on any of these, in their order."""
    rows = Measure.objects.filter(links__finding__in=[finding.pk for finding in findings]).distinct()
    return list(rows.select_related("place").order_by("on", "pk"))


def findings_of(measure: Measure) -> QuerySet[Finding]:
    return Finding.objects.filter(links__measure=measure)


def listings_on(areas: Q, day: date) -> int:
    """Units under 挂牌督办 on the day; the day of 摘牌 no longer counts. `areas`: which measures are asked for."""
    rows = Measure.objects.filter(areas, rung=Rung.LISTING, on__lte=day)
    return rows.filter(Q(ended_on=None) | Q(ended_on__gt=day)).values("place", "kind", "name").distinct().count()


def open_listings(rows: QuerySet[Measure]) -> QuerySet[Measure]:
    return rows.filter(rung=Rung.LISTING, state=MeasureState.LISTED)


def days_of(area: Division, today: date) -> dict[str, int]:
    """The county's terms in days; above a county the defaults."""
    held = policies(area.pk, today) if area.level == DivisionLevel.COUNTY else POLICY_DEFAULTS
    return {
        key: int(str(held[key])) for key in ("finding_days", "circular_days", "listing_days", "finding_remind_days")
    }
