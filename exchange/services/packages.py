"""A package signed by two people, prepared anew, dropped or called back. The ledger is written with the second signature."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import Division, User
from accounts.reach import standing
from accounts.refusals import Denied, NotHere, Refused
from accounts.scope import scope
from accounts.terms import Permission, Role
from exchange.models import Package, PackageLetter, PackagePart
from exchange.queries.templates import counties_of
from exchange.rules.packages import PACKAGES, SIGN_HOURS
from exchange.rules.recipient_templates import is_stale
from exchange.services.archives import write_archive
from exchange.services.delivery import offer_if_keyed
from exchange.services.failpoints import reached
from exchange.services.letters import make_letter
from exchange.services.noticing import queue_word
from exchange.services.package_ledger import check_marks, write_recalled, write_released
from exchange.terms import NoticeWord, PackageState

S, P = PackageState, Permission
SIDES = frozenset({Role.COMMISSION, Role.PRIVACY_OFFICER})


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
        with scope(counties=[row.county_id]):
            check_marks(row)
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
        told = write_released(row, by)
        reached("package_in_ledger")
    row.save(update_fields=["state", "released_by", "released_at", "archive_sha256"])
    offer_if_keyed(row, by=None)
    reached("package_released")
    audit.record(
        step.action, row, by=by, because=row.template.citation,
        facts={"rows": row.rows, "people": told, "sha256": row.archive_sha256, "content": row.content_sha256, "how": how},
    )  # fmt: skip
    return row


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
    """Call a released package back: the ledger says so for every person in it, and the office is told outside too.

    Source: issue 4, Build 3 (a withdrawal reaches its recipient). Raises: Denied, NotHere, Refused.
    """
    row = _locked(package, by, P.RELEASE_PACKAGE)
    step = PACKAGES.step(row.state, S.RECALLED)
    step.demand(because, field="because", sentence="请写明收回的原因。")
    row.state, row.because, row.ended_at, row.ended_by = step.after, because, timezone.now(), by
    row.save(update_fields=["state", "because", "ended_at", "ended_by"])
    with scope(counties=[row.county_id]):
        told = write_recalled(row, by)
    queue_word(row.agency_id, row.uuid, NoticeWord.CHANGED)
    audit.record(step.action, row, by=by, because=because, facts={"people": told})
    return row
