"""Packages opened once per period and prepared from one snapshot of the database. Every step may run twice."""

import logging
from collections import Counter
from collections.abc import Iterator, Mapping
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
from exchange.queries.deltas import held_before
from exchange.queries.packages import rows_of
from exchange.queries.snapshots import each_incident, how_many, people
from exchange.queries.templates import template_on
from exchange.rules.items import GROUP_OF
from exchange.rules.packages import PACKAGES, belongs, content_hash, counted, is_disputed_key, marked
from exchange.rules.periods import Period, ended_before, period
from exchange.rules.presets import Section
from exchange.rules.readers import row as cells_of
from exchange.rules.recipient_templates import is_stale
from exchange.rules.snapshot import PersonSnapshot, RowSource, TownSnapshot
from exchange.services.failpoints import reached
from exchange.services.package_rows import Writer
from exchange.services.progress import Progress
from exchange.terms import ListKind, PackageState

S, L = PackageState, ListKind
log = logging.getLogger(__name__)
BACK = 2  # periods that a clock which stood still catches up
STALE = "影响评估已满 3 年或模板已停用。请先启用新的接收模板。"
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
    """Whatever is opened; what another worker holds is skipped, what broke is tried at the next turn."""
    done = 0
    for uuid, county in list(Package.objects.filter(state=S.OPENED).order_by("pk").values_list("uuid", "county")):
        try:
            done += prepare_package(uuid, county)
        except Exception:  # one county's fault must not hold up the others
            log.exception("package %s was not prepared", uuid)
            Package.objects.filter(uuid=uuid, state=S.OPENED).update(fault=BROKE)
    return done


def prepare_package(uuid: UUID, county: int) -> bool:
    """Freeze the rows, sealed; all or nothing. True when this call did it."""
    with one_snapshot() as alone, scope(counties=[county], route="exchange.prepare"):
        rows = Package.objects.select_for_update(of=("self",), skip_locked=True).select_related("county", "template")
        package = rows.filter(uuid=uuid, state=S.OPENED).first()
        if package is None:
            return False
        reached("package_claimed")
        today = timezone.localdate()
        template = template_on(package.county, package.template.agency_kind, package.situation, today)
        if template is None or is_stale(template.assessed_on, today):
            package.fault = STALE
            package.save(update_fields=["fault"])
            return False
        if package.corrects_id is None:  # a correction keeps the columns that its recipient holds
            package.template = template
        fill(package, watched=alone)
        return True


def fill(package: Package, *, watched: bool = False) -> None:
    """Its rows, sealed, and what they are beside the rows that the recipient holds. Inside one snapshot.

    `watched`: others may watch how far it is.
    """
    sections, one = package.template.parts, period(package.period)
    writer = Writer(package, held_before(package))
    towns: dict[int, TownSnapshot] = {}
    statuses: dict[UUID, str] = {}
    seen: set[UUID] = set()
    ways: Counter[str] = Counter()  # of who is told as away or ended: how, for 表1-12
    kinds = {section.kind for section in sections} & {L.AWAY, L.ENDED}
    with closing(Progress(package.uuid, how_many(package.county, one.last), watched=watched)) as progress:
        for batch in people(package.county, one.last):
            for uuid, town, person in batch:
                statuses[uuid] = person.status_code
                towns[town] = counted(person, one, towns.get(town, TownSnapshot(person.township)))
                if _put(writer, sections, one, uuid, person):
                    seen.add(uuid)
                ways[person.status_code] += any(belongs(kind, person, one) for kind in kinds)
            progress.step(len(batch))
            reached("package_batch")
    for section in sections:
        if section.kind is L.TOTALS:
            for key in sorted(towns):
                source = RowSource(one.last, town=towns[key])
                writer.add(section, towns[key].township, cells_of(section.items, source))
    writer.close(sections, statuses)
    reached("package_rows_written")
    groups = {GROUP_OF[item] for section in sections for item in section.items} - {FieldGroup.TECHNICAL}
    audit.saw(seen, groups, Purpose.EXCHANGE)
    _finish(package, writer, ways)


def _put(writer: Writer, sections: tuple[Section, ...], one: Period, uuid: UUID, person: PersonSnapshot) -> bool:
    put = False
    for section in sections:
        shown = each_incident(person) if section.kind is L.INCIDENTS else (person,)
        for number, each in enumerate(shown):
            if belongs(section.kind, each, one):
                key = f"{uuid}|{number}" if each.incident else str(uuid)
                writer.add(section, key, cells_of(section.items, RowSource(one.last, each)), disputed=person.disputed)
                put = True
    return put


def _finish(package: Package, writer: Writer, ways: Mapping[str, int]) -> None:
    package.counts = {**writer.counts(package.template.parts), "lost": ways["lost"], "dead": ways["dead"]}
    if writer.people:
        package.counts["disputed"] = len(writer.people)
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
