"""Receipts as the county follows them, and as the receiving office reads its own: numbers and row marks, no names."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from accounts.doors import where
from accounts.models import Division, User
from accounts.reach import reach_filter
from accounts.rules.work import Topic, Urgency, WorkItem
from accounts.terms import Permission
from exchange.models import MyPackage, MyPackageRow, Package, PackageClosing, PackageReceipt, PackageRefusal
from exchange.queries.packages import rows_of
from exchange.queries.templates import counties_of
from exchange.rules.periods import period
from exchange.rules.receipts import TO_DO, WITHOUT_SERIAL, Balance, list_of, prefix_of, sent_rows, serial_of
from exchange.terms import ListKind, RefusalState, RefusedBecause

# the county's side


def lists_of(package: Package) -> list[tuple[str, int]]:
    """Kind and number of rows of each list, in the package's order."""
    return [
        (part.kind.value, int(package.counts.get(part.kind.value, {}).get("rows", 0)))
        for part in package.template.parts
    ]


def receipts_of(package: Package) -> list[PackageReceipt]:
    """Every one that was sent in, the newest first."""
    return list(PackageReceipt.objects.filter(package=package).select_related("given_by").order_by("-number"))


def balance_of(package: Package) -> Balance:
    return balances_of([package])[package.pk]


def balances_of(packages: Sequence[Package]) -> dict[int, Balance]:
    """By key of the package: how its newest receipt leaves it, or all of its rows still waiting."""
    rows = PackageReceipt.objects.filter(package__in=packages).order_by("package", "-number").distinct("package")
    newest = {row.package_id: Balance(row.sent, row.matched, row.unmatched, row.refused) for row in rows}
    return {row.pk: newest.get(row.pk) or Balance(sent_rows(lists_of(row))) for row in packages}


def closing_of(package: Package) -> PackageClosing | None:
    return PackageClosing.objects.filter(package=package).select_related("closed_by").first()


def numbered_rows(package: Package) -> Iterator[tuple[int, str, str]]:
    """行号, list and key of every row that has a 行号, in the package's order; within the county's reach."""
    number = 0
    for section in package.template.parts:
        if section.kind in WITHOUT_SERIAL:
            continue
        for key, _cells in rows_of(package, section.kind.value, package.corrects_id is not None):
            number += 1
            yield number, section.kind.value, key


def refusals_within(user: User) -> QuerySet[PackageRefusal]:
    """Rows sent back: the township's own people, or the packages of the county that one prepares."""
    rows = PackageRefusal.objects.select_related("package__agency", "package__county", "package__template")
    return rows.order_by("-opened_at", "-pk").filter(reach_filter(where(user, Permission.ANSWER_REFUSAL)))


def refusals_of(counties: Iterable[Division]) -> QuerySet[PackageRefusal]:
    """For whoever prepares packages: read within the county's reach, without names."""
    rows = PackageRefusal.objects.select_related("package__agency", "package__county", "package__template")
    return rows.filter(package__county__in=list(counties)).order_by("-opened_at", "-pk")


@dataclass(frozen=True)
class RefusalLine:
    """A row that was sent back, in words; no name."""

    uuid: UUID
    serial: str
    agency: str
    period: str
    list: str
    because: str
    todo: str
    state: str
    state_label: str

    @classmethod
    def of(cls, row: PackageRefusal) -> "RefusalLine":
        kind, _place = list_of(lists_of(row.package), row.serial)
        return cls(
            uuid=row.uuid, serial=serial_of(row.package.uuid, row.serial), agency=row.package.agency.name,
            period=period(row.package.period).label, list=ListKind(kind).label, because=row.get_because_display(),
            todo=TO_DO[RefusedBecause(row.because)], state=row.state, state_label=row.get_state_display(),
        )  # fmt: skip


def refusal_lines(user: User, today: date) -> list[WorkItem]:
    """今日工作 of a township: rows about its people that an office has sent back for a matter of facts."""
    rows = refusals_within(user).filter(state=RefusalState.CHECKING).select_related("patient__village")[:MOST_LINES]
    return [
        WorkItem(
            topic=Topic.FILES, verb="核实", href=reverse("exchange:refusal", args=[row.uuid]), name=row.patient.name,
            place=row.patient.village.usual_name if row.patient.village else "",
            why=f"{row.package.agency.name}退回：{row.get_because_display()}", due_on=None, urgency=Urgency.SOON,
            person=row.patient.uuid,
        )
        for row in rows
    ]  # fmt: skip


def clerk_lines(user: User, today: date) -> list[WorkItem]:
    """今日工作 of whoever prepares packages: rows that wait for a decision, packages whose receipts are complete."""
    return [line for county in counties_of(user, Permission.PREPARE_PACKAGE, today) for line in _of_county(county)]


MOST_LINES = 50


def _of_county(county: Division) -> list[WorkItem]:
    rows = Package.objects.filter(county=county, state__in=("released", "collected"), closing=None)
    found = []
    for package in rows.select_related("agency", "template", "county")[:MOST_LINES]:
        newest = PackageReceipt.objects.filter(package=package).order_by("-number").first()
        if newest is None:
            continue
        words = "回执已齐，可以办结" if newest.pending == 0 else f"还有 {newest.pending} 行没有回执"
        if newest.refused:
            words += f"，退回 {newest.refused} 行"
        found.append(
            WorkItem(
                topic=Topic.RECEIVED, verb="看回执", href=reverse("exchange:package", args=[package.uuid]),
                name=f"{package.agency.name}{period(package.period).label}", place="", why=words, due_on=None,
                urgency=Urgency.SOON if newest.pending else Urgency.TODAY,
            )
        )  # fmt: skip
    return found


# the office's own side: views of the owner that end at its own agency


def my_packages(offices: Iterable[int]) -> QuerySet[MyPackage]:
    return MyPackage.objects.filter(agency_id__in=list(offices)).order_by("-released_at", "-id")


def my_package(offices: Iterable[int], uuid: UUID) -> MyPackage | None:
    return my_packages(offices).filter(uuid=uuid).first()


def others_of(package: MyPackage) -> dict[str, str]:
    """Marks and names of the office's other packages, so that a row of another one is told so."""
    rows = MyPackage.objects.filter(agency_id=package.agency_id).exclude(id=package.pk)
    return {prefix_of(row.uuid): f"{period(row.period).label}{row.get_situation_display()}" for row in rows}


def said_of(package: MyPackage, first: int = 0, last: int | None = None) -> dict[int, MyPackageRow]:
    """The newest word about each row that has one."""
    rows = MyPackageRow.objects.filter(package_id=package.pk, serial__gt=first)
    rows = rows if last is None else rows.filter(serial__lte=last)
    return {row.serial: row for row in rows}
