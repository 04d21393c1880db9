"""Packages opened once per period and prepared from one snapshot of the database. Every step may run twice."""

import logging
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import date
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from accounts import audit
from accounts.models import Agency, Division
from accounts.refusals import Refused
from accounts.scope import scope
from accounts.terms import DivisionLevel, FieldGroup, Purpose
from exchange.models import Package, RecipientTemplate
from exchange.queries.deltas import held_before, sections_to_correct
from exchange.queries.packages import rows_of
from exchange.queries.snapshots import drawn, each_incident, how_many, statuses_of
from exchange.queries.templates import template_on
from exchange.rules.items import GROUP_OF
from exchange.rules.packages import (
    PACKAGES,
    Rule,
    content_hash,
    counted,
    is_disputed_key,
    marked,
    rules_of,
    standing_in,
)
from exchange.rules.periods import Period, ended_before, period
from exchange.rules.presets import Section
from exchange.rules.readers import asked_by
from exchange.rules.readers import row as cells_of
from exchange.rules.recipient_templates import is_stale
from exchange.rules.snapshot import PersonSnapshot, RowSource, TownSnapshot
from exchange.services.failpoints import reached
from exchange.services.package_rows import Writer
from exchange.services.progress import Progress
from exchange.terms import ListKind, PackageState
from registry.queries.sharing import agreed_among

S, L = PackageState, ListKind
log = logging.getLogger(__name__)
BACK = 2  # periods that a clock which stood still catches up
STALE = "影响评估已满 3 年或模板已停用。请先启用新的接收模板。"
UNTOLD = {"rows": 0, "new": 0, "gone": 0, "changed": 0}
BROKE = "准备时出错，系统会再试。仍不成功请联系系统管理员。"


@contextmanager
def one_snapshot() -> Iterator[bool]:
    """Everything inside reads the database as of one moment, however long it takes. A test's outer transaction stays."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield outermost


def open_due(today: date) -> int:
    """From the clock: every ended period of every template in force, for each of the county's agencies; once each.

    Source: issue 4, Build 4 (opened once per period whatever happens, catch-up after downtime).
    """
    made = 0
    for county in Division.objects.filter(level=DivisionLevel.COUNTY, valid_to=None):
        for one in ended_before(today, back=BACK):
            made += len(open_period(county, one, today=today, catching_up=True))
    return made


def open_period(
    county: Division, one: Period, *, today: date, kind: str = "", catching_up: bool = False
) -> list[Package]:
    """The packages of a period that were not there yet. Raises: Refused for a period that still runs."""
    if one.last >= today:
        raise Refused(f"{one.label}还没有结束，{one.last} 之后才能准备。", field="period")
    rows = RecipientTemplate.objects.filter(county=county, rhythm=one.rhythm, state="active", starts_on__lte=today)
    rows = rows.filter(agency_kind=kind) if kind else rows
    newest = one in ended_before(today, back=1)
    found = []
    for template in rows.order_by("agency_kind", "situation"):
        if catching_up and not newest and template.starts_on > one.last:
            continue  # nothing was agreed for that period
        for agency in Agency.objects.filter(division=county, kind=template.agency_kind, is_active=True).order_by("pk"):
            row, made = Package.objects.get_or_create(
                county=county, agency=agency, situation=template.situation, period=one.name, version=1,
                defaults={"template": template},
            )  # fmt: skip
            if made:
                audit.record("exchange.package.opened", row, by=None, facts={"period": one.name})
                found.append(row)
    return found


def prepare_due() -> int:
    """Whatever is opened; what another worker holds is skipped, what broke is tried at the next turn.

    Packages of one county and one day are drawn together: everybody is read once for all of them.
    """
    waiting: dict[tuple[int, date], list[UUID]] = defaultdict(list)
    for row in Package.objects.filter(state=S.OPENED).order_by("pk"):
        waiting[row.county_id, period(row.period).last].append(row.uuid)
    done = 0
    for (county, _day), uuids in waiting.items():
        try:
            done += prepare_together(uuids, county)
        except Exception:  # one package's fault must not hold up the others
            log.exception("packages of county %s were not prepared together", county)
            done += sum(_prepare_alone(uuid, county) for uuid in uuids)
    return done


def _prepare_alone(uuid: UUID, county: int) -> int:
    try:
        return prepare_together([uuid], county)
    except Exception:
        log.exception("package %s was not prepared", uuid)
        Package.objects.filter(uuid=uuid, state=S.OPENED).update(fault=BROKE)
        return 0


def prepare_package(uuid: UUID, county: int) -> bool:
    """Freeze the rows, sealed; all or nothing. True when this call did it."""
    return bool(prepare_together([uuid], county))


def prepare_together(uuids: Sequence[UUID], county: int) -> int:
    """Packages of one county and one day, all or nothing. How many this call prepared."""
    with one_snapshot() as alone, scope(counties=[county], route="exchange.prepare"):
        rows = Package.objects.select_for_update(of=("self",), skip_locked=True).select_related("county", "template")
        packages = list(rows.filter(uuid__in=uuids, state=S.OPENED).order_by("pk"))
        if not packages:
            return 0
        reached("package_claimed")
        fit = [package for package in packages if _has_template(package)]
        if fit:
            fill(fit, watched=alone)
        return len(fit)


def _has_template(package: Package) -> bool:
    """A package is made by the template that holds today; without one it says why it waits."""
    today = timezone.localdate()
    template = template_on(package.county, package.template.agency_kind, package.situation, today)
    if template is None or is_stale(template.assessed_on, today):
        package.fault = STALE
        package.save(update_fields=["fault"])
        return False
    if package.corrects_id is None:  # a correction keeps the columns that its recipient holds
        package.template = template
    return True


class Filling:
    """One package while everybody is read: its rows, and what its letter and 表1-12 count."""

    def __init__(self, package: Package) -> None:
        self.package, self.period, self.sections = package, period(package.period), sections_to_correct(package)
        self.writer = Writer(package, held_before(package))
        self.ways: Counter[str] = Counter()  # of who is told as away or ended: how, for 表1-12
        kinds = {section.kind for section in self.sections}
        self.has_totals, self.kinds, self.people = L.TOTALS in kinds, kinds & {L.AWAY, L.ENDED}, kinds - {L.TOTALS}
        self.asks, self.agreed, self.said = package.template.asks, set[UUID](), Counter[bool]()

    def ask(self, people: Collection[UUID]) -> None:
        """Of the next batch. Who agrees is asked of today, not of the period's end: what is withdrawn stops at once."""
        if self.asks:
            self.agreed = agreed_among(people, self.asks, timezone.localdate())

    def take(self, who: UUID, person: PersonSnapshot, lists: Collection[ListKind]) -> bool:
        """`lists`: those of the period that the person stands in. True when a list of this package is one of them."""
        if self.asks and not self.people.isdisjoint(lists):
            self.said[who in self.agreed] += 1
            if who not in self.agreed:
                return False
        self.ways[person.status_code] += not self.kinds.isdisjoint(lists)
        put = False
        for section in self.sections:
            if section.kind in lists:
                _put(self.writer, section, self.period, str(who), person)
                put = True
        return put

    def total(self, towns: Mapping[int, TownSnapshot]) -> None:
        for section in self.sections:
            if section.kind is L.TOTALS:
                for key in sorted(towns):
                    source = RowSource(self.period.last, town=towns[key])
                    self.writer.add(section, towns[key].township, cells_of(section.items, source))

    @property
    def groups(self) -> set[FieldGroup]:
        return {GROUP_OF[item] for section in self.sections for item in section.items} - {FieldGroup.TECHNICAL}


class Asked:
    """What several packages together ask of everybody, so that each is judged once. Periods by name."""

    def __init__(self, fillings: Iterable[Filling]) -> None:
        self.periods: dict[str, Period] = {}
        kinds: dict[str, set[ListKind]] = defaultdict(set)
        self.needed: dict[tuple[str, ListKind], set[str]] = defaultdict(set)
        for one in fillings:
            self.periods[one.period.name] = one.period
            for section in one.sections:
                kinds[one.period.name].add(section.kind)
                self.needed[one.period.name, section.kind] |= asked_by(section.items)
        self.rules: dict[str, dict[ListKind, Rule]] = {name: rules_of(found) for name, found in kinds.items()}

    def lists(self, person: PersonSnapshot) -> dict[str, set[ListKind]]:
        """Of each period the lists that the person stands in; empty for whom nobody is told of."""
        found = {name: standing_in(rules, person, self.periods[name]) for name, rules in self.rules.items()}
        return found if any(found.values()) else {}

    def fields(self, lists: Mapping[str, set[ListKind]]) -> set[str]:
        """Which encrypted numbers and worked out codes these lists tell."""
        return set[str]().union(*(self.needed[name, kind] for name, kinds in lists.items() for kind in kinds))


def fill(packages: Sequence[Package], *, watched: bool = False) -> None:
    """Their rows, sealed, and what they are beside the rows that each recipient holds. Inside one snapshot.

    `packages`: of one county and one last day. `watched`: others may watch how far it is.
    """
    county, day = packages[0].county, period(packages[0].period).last
    fillings = [Filling(package) for package in packages]
    groups = set[FieldGroup]().union(*(one.groups for one in fillings))
    asked = Asked(fillings)
    towns: dict[str, dict[int, TownSnapshot]] = {one.period.name: {} for one in fillings if one.has_totals}
    uuids = [package.uuid for package in packages]
    with closing(Progress(uuids, how_many(county, day), watched=watched)) as progress:
        for batch in drawn(county, day, asked.lists, asked.fields):
            seen, listed = [], [uuid for uuid, _town, _person, lists in batch if lists]
            for one in fillings:
                one.ask(listed)
            for uuid, town, person, lists in batch:
                for name, said in towns.items():
                    said[town] = counted(person, asked.periods[name], said.get(town, TownSnapshot(person.township)))
                if lists and [one for one in fillings if one.take(uuid, person, lists[one.period.name])]:
                    seen.append(uuid)
            audit.saw(seen, groups, Purpose.EXCHANGE)
            progress.step(len(batch))
            reached("package_batch")
    for one in fillings:
        if one.has_totals:
            one.total(towns[one.period.name])
        one.writer.close(one.sections, lambda people: statuses_of(county, day, people))
        reached("package_rows_written")
        _finish(one)


def _put(writer: Writer, section: Section, one: Period, whose: str, person: PersonSnapshot) -> None:
    if section.kind is not L.INCIDENTS:
        writer.add(section, whose, cells_of(section.items, RowSource(one.last, person)), disputed=person.disputed)
        return
    here = (each for each in each_incident(person) if each.incident and one.holds(each.incident.on))
    for number, each in enumerate(here):  # of the period: what happened before it moves no row
        cells = cells_of(section.items, RowSource(one.last, each))
        writer.add(section, f"{whose}|{number}", cells, disputed=person.disputed)


def _finish(one: Filling) -> None:
    package, writer = one.package, one.writer
    package.counts = {
        **{section.kind.value: dict(UNTOLD) for section in package.template.parts},
        **writer.counts(one.sections), "lost": one.ways["lost"], "dead": one.ways["dead"],
    }  # fmt: skip
    if writer.people:
        package.counts["disputed"] = len(writer.people)
    if one.asks:
        package.counts |= {"agreed": one.said[True], "not_agreed": one.said[False]}
    if writer.held is not None:
        package.counts["before"] = str(writer.held.base.uuid)
    step = PACKAGES.step(package.state, S.PREPARED)
    package.state, package.prepared_at, package.rows, package.fault = step.after, timezone.now(), writer.rows, ""
    package.content_sha256 = content_hash(head_of(package), _rows_in_order(package))
    package.save()
    reached("package_prepared")
    audit.record(step.action, package, by=None, facts={"rows": writer.rows, "sha256": package.content_sha256})


def head_of(package: Package) -> str:
    parts = [str(section.as_content()) for section in package.template.parts]
    who = (str(package.agency_id), package.situation, package.period, str(package.version), str(package.template.uuid))
    return "\x1d".join([*who, *parts])


def _rows_in_order(package: Package) -> Iterator[tuple[str, list[str]]]:
    for section in package.template.parts:
        for is_change in (False, True):
            name = f"{section.kind.value}|change" if is_change else section.kind.value
            for key, cells in rows_of(package, section.kind.value, is_change):
                yield name, marked(cells, is_disputed_key(key))
