"""A consent to be told of is withdrawn: what rests on it is read and fetched no longer, with the withdrawal itself."""

from django.utils import timezone

from accounts import audit
from accounts.models import User
from accounts.scope import scope
from exchange.models import Disclosure, Package, PackageOffer
from exchange.queries.packages import GONE_OUT
from exchange.queries.person_notices import live_copies
from exchange.services.person_notice_ends import end_copies
from exchange.terms import Basis, CopyEnded
from registry.models import Patient
from registry.queries.sharing import agrees


def hear_sharing(patient: Patient, kind: str, *, by: User) -> None:
    """Nothing where the newest record still says yes. What the law itself demands goes on.

    Source: 个人信息保护法 §15, §16; security 1.3 (withdrawal stops consent-based sharing at once).
    """
    if agrees(patient, kind, timezone.localdate()):
        return
    rows = live_copies(patient.pk).filter(template__basis=Basis.CONSENT, agency__kind=kind)
    end_copies(rows, CopyEnded.WITHDRAWN, by=by)  # the office learns no more than that
    _close_downloads(patient, kind, by)


def _close_downloads(patient: Patient, kind: str, by: User) -> None:
    """Packages that name the person, as the ledger has it: whoever has not fetched one fetches it no more."""
    released = Disclosure.objects.filter(person=patient.uuid, release__isnull=False, basis=Basis.CONSENT)
    with scope(counties=[patient.duty_county]):
        packages = Package.objects.filter(
            uuid__in=list(released.values_list("release", flat=True)), state__in=GONE_OUT, agency__kind=kind
        )
        for package in packages.order_by("pk"):
            open_ones = PackageOffer.objects.filter(package=package, ended_at=None)
            if open_ones.update(ended_at=timezone.now()):
                audit.record("exchange.package.closed_unagreed", package, by=by, person=patient.uuid)
