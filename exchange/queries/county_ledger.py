"""披露台账 of a county for its privacy officer and its auditor: lines in words, counts by office that add up to them.

Source: issue 4, Build 3; security 3.3 (F14: the privacy officer reads all under masked names, the auditor under pseudonyms).
"""

from base64 import b32encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from accounts.crypto import blind_index
from accounts.models import Agency
from exchange.models import CountyDisclosure
from exchange.queries.told import in_words
from exchange.rules.periods import period
from exchange.rules.taking_back import Told, taken_back
from exchange.terms import LedgerAct, LedgerWay

A = LedgerAct
DISPUTED = "disputed"
PSEUDONYM_LETTERS = 12  # 60 bits: two people of a county do not meet


@dataclass(frozen=True)
class Wanted:
    """What the page was asked for. Days are local, both included."""

    since: date | None = None
    until: date | None = None
    office: UUID | None = None
    act: str = ""
    number: str = ""

    def but_for_office(self) -> Q:
        return self._of_days() & (Q(act=self.act) if self.act else Q()) & self._of_number()

    def whole(self) -> Q:
        return self.but_for_office() & (Q(recipient=self.office) if self.office else Q())

    def _of_days(self) -> Q:
        found = Q()
        if self.since:
            found &= Q(at__gte=_begin(self.since))
        if self.until:
            found &= Q(at__lt=_begin(self.until + timedelta(days=1)))
        return found

    def _of_number(self) -> Q:
        """A number stands in capitals, a package's in small letters; a file is found by its whole hash too."""
        if not self.number:
            return Q()
        small = self.number.lower()
        return Q(number__in=[self.number.upper(), small]) | Q(archive_sha256=small)


def _begin(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


@dataclass(frozen=True)
class Sum:
    """One office (or all): how many lines of each act."""

    office: UUID | None
    name: str
    by_act: dict[str, int] = field(default_factory=dict)

    @property
    def numbers(self) -> list[tuple[str, int]]:
        return [(str(act.label), self.by_act.get(act, 0)) for act in A]

    @property
    def total(self) -> int:
        return sum(self.by_act.values())


def sums(rows: QuerySet[CountyDisclosure], wanted: Wanted) -> list[Sum]:
    """By office, of every office: what the filter offers comes from here too. One query."""
    found: dict[UUID, Sum] = {}
    counted = rows.filter(wanted.but_for_office()).order_by()
    for row in counted.values("recipient", "act").annotate(n=Count("*"), name=Max("recipient_name")).order_by("-name"):
        office = found.setdefault(row["recipient"], Sum(row["recipient"], row["name"]))
        office.by_act[row["act"]] = row["n"]
    return sorted(found.values(), key=lambda one: (one.name, str(one.office)))


def added(offices: Sequence[Sum]) -> Sum:
    return Sum(None, "合计", {act: sum(one.by_act.get(act, 0) for one in offices) for act in A})


def office_name(office: UUID) -> str:
    """Of an office that was asked for and has no line in the days asked for; "": there is none."""
    return Agency.objects.filter(uuid=office).values_list("name", flat=True).first() or ""


@dataclass(frozen=True)
class CountyLine:
    """One line in words. `who`: masked name with case number, or the pseudonym."""

    person: UUID
    at: datetime
    act: str
    is_recall: bool
    office: str
    actor: str
    who: str
    by_name: bool
    fields: str
    basis: str
    way: str
    number: str
    sha256: str
    taken_back: datetime | None
    disputed: bool


class Lines:
    """What a Paginator needs: the count is that of the sums above the lines, a page is read with its recalls."""

    def __init__(self, rows: QuerySet[CountyDisclosure], wanted: Wanted, total: int) -> None:
        self.all, self.total = rows, total
        self.rows = rows.filter(wanted.whole()).order_by("-at", "-uuid")

    def __len__(self) -> int:
        return self.total

    def __iter__(self) -> Iterator[CountyLine]:
        return iter(self[: self.total])

    def __getitem__(self, piece: slice) -> list[CountyLine]:
        """Two queries, however many lines."""
        page = list(self.rows[piece])
        recalls = _recalls(self.all, page)
        return [_line(row, taken_back(_told(row), recalls)) for row in page]


def _recalls(rows: QuerySet[CountyDisclosure], page: Sequence[CountyDisclosure]) -> list[Told]:
    """What was taken back of these people through packages; an alert and a notice say it of themselves."""
    people = {row.person for row in page if row.way == LedgerWay.PACKAGE and row.act != A.RECALLED}
    if not people:
        return []
    return [_told(row) for row in rows.filter(person__in=people, act=A.RECALLED, way=LedgerWay.PACKAGE)]


def _told(row: CountyDisclosure) -> Told:
    return Told(row.at, row.person, row.recipient, row.act == A.RECALLED, row.situation, row.ended_at)


def _line(row: CountyDisclosure, gone: datetime | None) -> CountyLine:
    by_name = row.masked_name is not None
    return CountyLine(
        person=row.person, at=row.at, act=row.get_act_display(), is_recall=row.act == A.RECALLED,
        office=row.recipient_name, actor=row.actor_name, by_name=by_name,
        who=f"{row.masked_name} {row.case_number:05d}" if by_name else pseudonym(row.person),
        fields=in_words(row.fields),
        basis=f"{row.get_basis_display()}：{row.citation}" if row.citation else row.get_basis_display(),
        way=_way(row), number=row.number, sha256=row.archive_sha256, taken_back=gone, disputed=DISPUTED in row.fields,
    )  # fmt: skip


def _way(row: CountyDisclosure) -> str:
    if row.way != LedgerWay.PACKAGE:
        return row.get_way_display()
    return f"{period(row.period).label} {row.get_situation_display()}，第 {row.version} 版"


def pseudonym(person: UUID) -> str:
    """The same for the same person everywhere, and nothing comes back from it: keyed, so no list of files can be tried.

    Source: security 3.3 (auditor: F1 as a pseudonym); GB/T 35273-2020 3.15 去标识化.
    """
    text = b32encode(blind_index("ledger.pseudonym", str(person))).decode()[:PSEUDONYM_LETTERS]
    return "-".join(text[at : at + 4] for at in range(0, PSEUDONYM_LETTERS, 4))
