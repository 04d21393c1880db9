"""Telling another office of the health side, and its reading."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.doors import authorise
from accounts.models import Agency, Division, User
from accounts.refusals import NotHere
from accounts.terms import Permission
from registry.models import Notice, Patient
from registry.queries.notices import notices_for
from registry.terms import NoticeKind


@transaction.atomic
def tell(
    *, kind: NoticeKind | str, words: str, by: User | None, patient: Patient | None = None,
    to_township: Division | int | None = None, to_county: Division | int | None = None, to_agency: Agency | None = None,
    person: UUID | None = None, due_on: date | None = None, href: str = "", verb: str = "",
) -> Notice:  # fmt: skip
    """Tell a township, an agency, or (with `to_county` alone) the county office. Part of the caller's act.

    Source: 邹城 三 (通报), security 3.3. The caller has authorised its own act; `patient` must be in the present reach;
    of one who is not (any more) `person` says whom the words name, so that the reading is noted.
    `words` is all that the receiver learns: the fewest fields that its duty needs. Without a person (`by` None) the
    present reach must hold the receiver's county, as system_scope() does.
    """
    township = _division(to_township)
    county = _division(to_county) or _county_of(township, to_agency)
    row = Notice.objects.create(
        kind=str(kind), words=words, patient=patient, person=patient.uuid if patient else person,
        to_township=township, to_county=county, to_agency=to_agency,
        due_on=due_on, href=href, verb=verb, told_by=by,
    )  # fmt: skip
    audit.record(
        "registry.notice.told", row, by=by, person=row.person,
        facts={"kind": row.kind, "to": township.pk if township else 0, "county": county.pk},
    )  # fmt: skip
    return row


def _division(place: Division | int | None) -> Division | None:
    return Division.objects.get(pk=place) if isinstance(place, int) else place


def _county_of(township: Division | None, agency: Agency | None) -> Division:
    """The county in which the receiver sits. Raises: ValueError when nobody is named."""
    place = township or (agency.division if agency else None)
    if place is None:
        raise ValueError("a notice names a township, an agency or a county")
    while place.level in ("village", "township") and place.parent is not None:
        place = place.parent
    return place


@transaction.atomic
def read_notice(*, notice: UUID, by: User) -> Notice:
    """Note who read it first and when; a second reading changes nothing. Raises: Denied, NotHere."""
    authorise(by, Permission.READ_NOTICE)
    row = notices_for(by).select_for_update(of=("self",)).filter(uuid=notice).first()
    if row is None:
        raise NotHere
    if row.read_at is None:
        row.read_at, row.read_by = timezone.now(), by
        row.save(update_fields=["read_at", "read_by"])
        audit.record("registry.notice.read", row, by=by, person=row.person, facts={"kind": row.kind})
    return row
