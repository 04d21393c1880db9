"""A package signed by two people, prepared anew, dropped or called back. The ledger is written with the second signature."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.crypto import blind_index
from accounts.models import Division, User
from accounts.reach import standing
from accounts.refusals import Denied, NotHere, Refused
from accounts.scope import scope
from accounts.terms import Permission, Role
from exchange.models import Disclosure, Package, PackageLetter, PackagePart
from exchange.queries.packages import items_by_person, items_removed
from exchange.queries.templates import counties_of
from exchange.rules.packages import PACKAGES, SIGN_HOURS
from exchange.rules.recipient_templates import is_stale
from exchange.services.archives import write_archive
from exchange.services.delivery import offer_if_keyed
from exchange.services.failpoints import reached
from exchange.services.letters import make_letter
from exchange.terms import LedgerAct, PackageState
from registry.models import Patient
from registry.queries.objections import disputed_people

S, P = PackageState, Permission
SIDES = frozenset({Role.COMMISSION, Role.PRIVACY_OFFICER})
BATCH = 1000
MOVED = "有人已经转到别的县。请重新准备这个包。"


def _authorise(county: Division, by: User, permission: Permission) -> None:
    today = timezone.localdate()
    if county not in counties_of(by, Permission.VIEW_EXCHANGE, today):
        raise NotHere
    if county not in counties_of(by, permission, today):
        raise Denied


def _locked(package: Package, by: User, permission: Permission) -> Package:
    _authorise(package.county, by, permission)
    rows = Package.objects.select_for_update(of=("self",)).select_related(
        "county", "agency", "template", "first_by", "corrects"
    )
    row = rows.filter(pk=package.pk).first()
    if row is None:
        raise NotHere
    return row


@transaction.atomic
def sign_package(*, package: Package, seen: str, by: User, how: str = "page") -> Package:
    """The first or the second signature under exactly the content that was seen (`seen`: its hash).

    One from the commission, one from the privacy officer; the first lapses after 72 hours. Source: issue 4, Build 4;
    security 3.3 and 3.7. Raises: Denied, NotHere, Refused.
    """
    row = _locked(package, by, P.RELEASE_PACKAGE)
    PACKAGES.step(row.state, S.RELEASED)
    if seen != row.content_sha256:
        raise Refused("打开以后，内容重新准备过。请重新查看再签发。")
    if is_stale(row.template.assessed_on, timezone.localdate()):
        raise Refused("影响评估已满 3 年。请先启用新的接收模板，再重新准备。")
    if row.first_by is None or row.first_at is None or row.first_at < timezone.now() - timedelta(hours=SIGN_HOURS):
        row.first_by, row.first_at = by, timezone.now()
        row.save(update_fields=["first_by", "first_at"])
        audit.record("exchange.package.signed", row, by=by, facts={"sha256": seen, "how": how})
        return row
    if row.first_by_id == by.pk:
        raise Refused("您已经签过。请另一个人签发。")
    if not standing(row.first_by).roles | standing(by).roles >= SIDES:
        raise Refused("要由县卫生健康委和个人信息保护负责人各签一次。")
    return _released(row, by, how)


def _released(row: Package, by: User, how: str) -> Package:
    step = PACKAGES.step(row.state, S.RELEASED)
    row.state, row.released_by, row.released_at = step.after, by, timezone.now()
    PackageLetter.objects.create(package=row, content=make_letter(row))
    reached("letter_kept")
    with scope(counties=[row.county_id]):
        row.archive_sha256 = write_archive(row)
        reached("archive_hashed")
        told = _into_ledger(row, LedgerAct.DISCLOSED, by)
        reached("package_in_ledger")
    row.save(update_fields=["state", "released_by", "released_at", "archive_sha256"])
    offer_if_keyed(row, by=None)
    reached("package_released")
    audit.record(
        step.action, row, by=by, because=row.template.citation,
        facts={"rows": row.rows, "people": told, "sha256": row.archive_sha256, "content": row.content_sha256, "how": how},
    )  # fmt: skip
    return row


def _into_ledger(row: Package, act: LedgerAct, by: User) -> int:
    """A line per person and recipient. Source: issue 4, Build 3; 个人信息保护法 §23, §55."""
    people = items_by_person(row)
    here = set(Patient.objects.filter(uuid__in=list(people)).values_list("uuid", flat=True))
    if act is LedgerAct.DISCLOSED:
        _demand_marks(people)
    if act is LedgerAct.DISCLOSED and len(here) != len(people):
        raise Refused(MOVED)
    people = {person: items for person, items in people.items() if person in here}  # a recall does not wait for movers
    now = timezone.now()
    at = row.released_at or now if act == LedgerAct.DISCLOSED else now  # a release is found again by its moment
    lines = [_line(row, act, person, items, by, at) for person, items in people.items()]
    if act is LedgerAct.DISCLOSED:
        lines += _removals(row, by, at)
    Disclosure.objects.bulk_create(lines, batch_size=BATCH)
    return len(lines)


def _demand_marks(people: dict[UUID, set[str]]) -> None:
    """Who has objected since the rows were made must be marked before they leave. Source: issue 4, Build 9."""
    late = disputed_people(people) - {person for person, items in people.items() if "disputed" in items}
    if late:
        raise Refused(f"准备以后有 {len(late)} 人提出了异议。请重新准备，让这些行带上标记。")


def _removals(row: Package, by: User, at: datetime) -> list[Disclosure]:
    """Whose rows the recipient is told to take out; of whoever has moved away the new county keeps the ledger."""
    gone = items_removed(row)
    here = set(Patient.objects.filter(uuid__in=list(gone)).values_list("uuid", flat=True))
    return [_line(row, LedgerAct.RECALLED, person, items, by, at) for person, items in gone.items() if person in here]


def _line(row: Package, act: LedgerAct, person: UUID, items: set[str], by: User, at: datetime) -> Disclosure:
    return Disclosure(
        at=at, act=act, person=person, recipient=row.agency.uuid, recipient_name=row.agency.name, release=row.uuid,
        fields=sorted(items), basis=row.template.basis, citation=row.template.citation, actor=by.uuid,
        actor_name=by.display_name, digest=blind_index("package.archive", row.archive_sha256),
    )  # fmt: skip


@transaction.atomic
def reopen_package(*, package: Package, because: str, by: User) -> Package:
    """Throw the prepared rows away; the worker prepares them anew. Raises: Denied, NotHere, Refused."""
    row = _locked(package, by, P.PREPARE_PACKAGE)
    step = PACKAGES.step(row.state, S.OPENED)
    step.demand(because, field="because", sentence="请写明重新准备的原因。")
    _empty(row)
    row.state, row.because, row.content_sha256, row.rows, row.counts = step.after, because, "", 0, {}
    row.prepared_at = row.first_by = row.first_at = None
    row.save()
    audit.record(step.action, row, by=by, because=because)
    return row


def _empty(row: Package) -> None:
    with scope(counties=[row.county_id]):
        PackagePart.objects.filter(package=row).delete()


@transaction.atomic
def drop_package(*, package: Package, because: str, by: User) -> Package:
    """A package that never went out. Raises: Denied, NotHere, Refused."""
    row = _locked(package, by, P.PREPARE_PACKAGE)
    step = PACKAGES.step(row.state, S.DROPPED)
    step.demand(because, field="because", sentence="请写明作废的原因。")
    _empty(row)
    row.state, row.because, row.ended_at, row.ended_by = step.after, because, timezone.now(), by
    row.save(update_fields=["state", "because", "ended_at", "ended_by"])
    audit.record(step.action, row, by=by, because=because)
    return row


@transaction.atomic
def recall_package(*, package: Package, because: str, by: User) -> Package:
    """Call a released package back: the ledger says so for every person in it. Raises: Denied, NotHere, Refused."""
    row = _locked(package, by, P.RELEASE_PACKAGE)
    step = PACKAGES.step(row.state, S.RECALLED)
    step.demand(because, field="because", sentence="请写明收回的原因。")
    row.state, row.because, row.ended_at, row.ended_by = step.after, because, timezone.now(), by
    row.save(update_fields=["state", "because", "ended_at", "ended_by"])
    with scope(counties=[row.county_id]):
        told = _into_ledger(row, LedgerAct.RECALLED, by)
    audit.record(step.action, row, by=by, because=because, facts={"people": told})
    return row
