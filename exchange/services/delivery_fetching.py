"""A recipient fetches its package: judged at that moment, counted, in the ledger, encrypted on the way out.

These run as app_partner: the rows are reached through the functions of the migration only, which check the office,
the agency, the template, the key and the days, and note the fetch in the same call.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import IO, Any, cast
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.crypto import unseal
from accounts.doors import authorise
from accounts.models import User
from accounts.refusals import NotHere, Refused
from accounts.scope import scope, take_on
from accounts.terms import FieldGroup, Permission, Purpose
from exchange.models import MyPackage, PackageLetter, PackagePart
from exchange.queries.packages import person_of
from exchange.rules.delivery import file_name, stem_of
from exchange.rules.items import GROUP_OF
from exchange.rules.presets import Section
from exchange.services.archives import Contents, write_contents
from exchange.services.delivery_sealing import encrypted
from exchange.services.failpoints import reached
from exchange.services.owners_functions import call
from exchange.terms import FetchWay, Verdict

CONTENT = PackagePart._meta.get_field("content")
LETTER = PackageLetter._meta.get_field("content")
BLOCK = 1 << 16


class CannotFetch(Refused):
    status = 409

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(str(verdict.label))
        self.code = f"file_{verdict.value}"


class NotTheSame(RuntimeError):
    """The rows no longer give the archive that two people signed: nothing leaves."""


@dataclass
class Fetched:
    """An encrypted file that is ready to go out, and what is to be noted when its last byte has gone."""

    download: UUID
    name: str
    size: int
    digest: str
    file: IO[bytes]
    by: User

    def blocks(self) -> Iterator[bytes]:
        """The file; after its last block the fetch is complete. Opens its own scope: the request's is over by then."""
        with self.file:
            while block := self.file.read(BLOCK):
                yield block
        reached("file_sent")
        with scope(self.by):
            take_on(self.by)
            finish(self)


@dataclass
class _Rows:
    """The rows of one fetch, unsealed a part at a time; who is in them."""

    download: UUID
    people: set[UUID] = field(default_factory=set)

    def __call__(self, kind: str, is_change: bool = False) -> Iterator[tuple[str, list[str]]]:
        beyond = 0
        while parts := call("exchange_download_parts", self.download, kind, is_change, beyond, timezone.now()):
            for number, uuid, sealed in parts:
                beyond = number
                for key, cells in CONTENT.load(unseal(bytes(sealed), label=CONTENT.label, uuid=uuid)):
                    person = person_of(key)
                    if person is not None:
                        self.people.add(person)
                    yield key, cells


def verdict_on(package: UUID, today: date) -> Verdict | None:
    """Whether it can be fetched now; None: not this office's. Nothing is counted."""
    ((found,),) = call("exchange_verdict", package, timezone.now(), today)
    return Verdict(found) if found else None


@transaction.atomic
def fetch(*, package: MyPackage, way: FetchWay, by: User) -> Fetched:
    """Begin a fetch and make its file. Raises: Denied, NotHere, CannotFetch.

    Source: issue 4, Build 4; security T10 (the right is checked anew at the download), T16.
    """
    authorise(by, Permission.COLLECT_PACKAGE)
    download, now, today = uuid4(), timezone.now(), timezone.localdate()
    verdict, key, letter_uuid, letter = call("exchange_collect", package.uuid, download, now, today, way.value)[0]
    if verdict is None:
        raise NotHere
    if verdict != Verdict.OPEN:
        raise CannotFetch(Verdict(verdict))
    reached("fetch_begun")
    rows = _Rows(download)
    said = _contents(package, unseal(bytes(letter), label=LETTER.label, uuid=letter_uuid), rows)
    plain: list[str] = []
    file = encrypted(key, lambda sink: plain.append(write_contents(said, sink)))
    if plain != [package.archive_sha256]:
        file.close()
        raise NotTheSame(str(package.uuid))
    reached("fetch_encrypted")
    groups = {GROUP_OF[item] for section in said.sections for item in section.items} - {FieldGroup.TECHNICAL}
    audit.saw(rows.people, groups, Purpose.EXCHANGE)
    facts = {"download": str(download), "way": way.value, "people": len(rows.people)}
    audit.record("exchange.package.fetched", package, by=by, facts=facts)
    size, digest = _measured(file)
    name = file_name(said.stem, said.number)
    return Fetched(download, name, size, digest, file, by)


def _contents(package: MyPackage, letter: bytes, rows: _Rows) -> Contents:
    return Contents(
        number=package.uuid.hex[:12], stem=stem_of(package.period, package.situation, package.version), agency=package.agency_name,
        at=timezone.localtime(package.released_at).replace(microsecond=0),
        sections=tuple(Section.of(one) for one in cast("list[dict[str, Any]]", package.sections)), letter=letter,
        rows=rows, is_correction=package.is_correction,
    )  # fmt: skip


def _measured(file: IO[bytes]) -> tuple[int, str]:
    found, size = sha256(), 0
    while block := file.read(BLOCK):
        found.update(block)
        size += len(block)
    file.seek(0)
    return size, found.hexdigest()


def finish(done: Fetched) -> bool:
    """The whole file has gone out; True the first time the package is thereby collected."""
    package, first = call("exchange_downloaded", done.download, timezone.now(), done.size, done.digest)[0]
    if package is not None:
        row = MyPackage.objects.get(uuid=package)
        facts = {"download": str(done.download), "sha256": done.digest, "bytes": done.size}
        audit.record(
            "exchange.package.collected" if first else "exchange.package.downloaded", row, by=done.by, facts=facts
        )
    return bool(first)
