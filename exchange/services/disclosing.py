"""Telling an office something: entry, ledger and outbox, always together and only here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast
from uuid import UUID, uuid4

from django.utils import timezone

from accounts.crypto import blind_index
from accounts.models import User
from exchange.models import Alert, AlertEntry, Delivery, Disclosure
from exchange.rules.content import TEMPLATES, PersonFacts, RiskFacts, content_for
from exchange.services.failpoints import reached
from exchange.services.waking import wake_after_commit
from exchange.terms import DISCLOSING, EntryKind, LedgerAct, SourceKind
from registry.queries.objections import is_disputed

SYSTEM = "系统"
STATUS_ONLY = ["status"]
DISPUTED = "disputed"


@dataclass(frozen=True)
class Source:
    """What an entry comes from; a case hears of each source and version once."""

    kind: SourceKind
    uuid: UUID
    version: int = 1

    @classmethod
    def new(cls, kind: SourceKind) -> "Source":
        return cls(kind, uuid4())


@dataclass(frozen=True)
class Telling:
    """One thing for one case. `risk` None: nothing about the level, and no content."""

    alert: Alert
    kind: EntryKind
    source: Source
    on: date
    risk: RiskFacts | None = None


def disclose(tellings: Sequence[Telling], *, person: PersonFacts, who: UUID, by: User | None) -> list[AlertEntry]:
    """Write what the offices are told, in the transaction of the act: entries, ledger lines, outbox rows, one wake.

    Source: decisions B20, A15; 个人信息保护法 §23, §55. `who` is the person's uuid.
    Raises: KeyError when an office has no template: nothing may be told to it.
    """
    disputed = bool(tellings) and is_disputed(tellings[0].alert.patient_id)
    entries = [_entry(telling, person, by, disputed=disputed) for telling in tellings]
    AlertEntry.objects.bulk_create(entries)
    reached("entry_written")
    at = timezone.now()
    pairs = zip(tellings, entries, strict=True)
    Disclosure.objects.bulk_create([_line(telling, entry, at, who, by) for telling, entry in pairs])
    reached("ledger_written")
    Delivery.objects.bulk_create(
        [Delivery(entry=entry, patient_id=entry.patient_id, queued_at=at, due_at=at) for entry in entries]
    )
    reached("outbox_written")
    if entries:
        wake_after_commit()
    return entries


def _entry(telling: Telling, person: PersonFacts, by: User | None, *, disputed: bool) -> AlertEntry:
    alert, risk = telling.alert, telling.risk
    told = risk is not None and telling.kind in DISCLOSING
    return AlertEntry(
        alert=alert,
        patient_id=alert.patient_id,
        kind=telling.kind,
        source_kind=telling.source.kind,
        source=telling.source.uuid,
        source_version=telling.source.version,
        occurred_on=telling.on,
        level=risk.level if risk else None,
        previous_level=risk.previous_level if risk else None,
        disputed=told and disputed,
        content=content_for(alert.agency.kind, person, risk) if risk and told else None,
        created_by=by,
    )


def _line(telling: Telling, entry: AlertEntry, at: datetime, who: UUID, by: User | None) -> Disclosure:
    alert, template = telling.alert, TEMPLATES[telling.alert.agency.kind]
    recalled = telling.kind in (EntryKind.CLOSED, EntryKind.WITHDRAWN)
    content = cast("dict[str, str] | None", entry.content)
    return Disclosure(
        at=at,
        act=LedgerAct.RECALLED if recalled else LedgerAct.DISCLOSED,
        person=who,
        recipient=alert.agency.uuid,
        recipient_name=alert.agency.name,
        alert=alert.uuid,
        entry=entry.uuid,
        fields=_fields(content, disputed=entry.disputed),
        basis=template.basis,
        citation=template.citation,
        actor=by.uuid if by else None,
        actor_name=by.display_name if by else SYSTEM,
        digest=content_digest(content) if content else None,
    )


def _fields(content: dict[str, str] | None, *, disputed: bool) -> list[str]:
    """The mark of an objection is told too."""
    told = [key for key, value in content.items() if value] if content else list(STATUS_ONLY)
    return [*told, DISPUTED] if disputed else told


def content_digest(content: dict[str, str]) -> bytes:
    """Keyed, so that a guessed content cannot be tried against the ledger; the same whatever the fields' order."""
    return blind_index("alertentry.content", "\x1f".join(f"{key}={content[key]}" for key in sorted(content)))
