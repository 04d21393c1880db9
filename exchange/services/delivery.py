"""The county's side of delivery: for which days a released package can be fetched."""

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import Agency, User
from accounts.refusals import Denied, NotHere, Refused
from accounts.terms import Permission
from exchange.models import AgencyKey, Package, PackageOffer
from exchange.queries.agency_keys import key_in_force
from exchange.queries.packages import GONE_OUT
from exchange.queries.templates import counties_of
from exchange.rules.delivery import offer_ends
from exchange.services.noticing import queue_word
from exchange.services.package_ledger import without_consent
from exchange.terms import KeyPurpose, KeyState, NoticeWord

P = Permission
NO_KEY = "接收单位还没有核对过的公钥。公钥核对后，系统会自动开放下载。"


def offer_if_keyed(package: Package, *, by: User | None) -> PackageOffer | None:
    """With the release: seven days from now, where there is a key to encrypt to; otherwise once there is one."""
    return None if key_in_force(package.agency) is None else _open(package, by)


def offer_what_waited(agency: Agency, *, by: User) -> int:
    """A first key was confirmed: what had been released without one can now be fetched."""
    rows = Package.objects.filter(agency=agency, state__in=GONE_OUT, offers=None).select_related("agency", "template")
    return len([_open(row, by) for row in rows.order_by("pk") if not without_consent(row)])


def offer_waiting() -> int:
    """From the clock: where the agency itself confirmed its first key, nobody of the county was there to open."""
    keyed = AgencyKey.objects.filter(state=KeyState.ACTIVE, purpose=KeyPurpose.SEAL).values("agency")
    rows = Package.objects.filter(agency__in=keyed, state__in=GONE_OUT, offers=None).select_related(
        "agency", "template"
    )
    with transaction.atomic():
        found = list(rows.select_for_update(of=("self",), skip_locked=True).order_by("pk"))
        return len([_open(row, None) for row in found if not without_consent(row)])


def _open(package: Package, by: User | None) -> PackageOffer:
    now = timezone.now()
    PackageOffer.objects.filter(package=package, ended_at=None).update(ended_at=now)
    row = PackageOffer.objects.create(package=package, opened_at=now, opened_by=by, expires_at=offer_ends(now))
    facts = {"expires_at": row.expires_at.isoformat(), "most": row.most}
    audit.record("exchange.package.offered", package, by=by, facts=facts)
    queue_word(package.agency_id, package.uuid, NoticeWord.NEW)
    return row


@transaction.atomic
def renew_offer(*, package: Package, by: User) -> PackageOffer:
    """Another seven days and three downloads. Raises: Denied, NotHere, Refused."""
    today = timezone.localdate()
    if package.county not in counties_of(by, P.VIEW_EXCHANGE, today):
        raise NotHere
    if package.county not in counties_of(by, P.PREPARE_PACKAGE, today):
        raise Denied
    rows = Package.objects.select_for_update(of=("self",)).select_related("agency", "template")
    row = rows.get(pk=package.pk)
    if row.state not in GONE_OUT:
        raise Refused(f"这个包现在是“{row.get_state_display()}”，不能开放下载。")
    if key_in_force(row.agency) is None:
        raise Refused(NO_KEY)
    if without := without_consent(row):
        raise Refused(f"包里有 {without} 人不再同意提供，不能重新开放下载。对方没有领取的，请收回这个包。")
    return _open(row, by)
