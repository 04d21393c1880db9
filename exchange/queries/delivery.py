"""Released packages as their own agency sees them, and their fetches as the county sees them."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from exchange.models import InboxPackage, Package, PackageDownload, PackageOffer


def own_packages(offices: Iterable[int]) -> QuerySet[InboxPackage]:
    """The view already ends at the offices of the transaction; the filter says it once more."""
    return InboxPackage.objects.filter(agency_id__in=list(offices))


def own_package(offices: Iterable[int], uuid: UUID) -> InboxPackage | None:
    return own_packages(offices).filter(uuid=uuid).first()


def offer_of(package: Package) -> PackageOffer | None:
    """The days in which it can be fetched now, or last could."""
    return PackageOffer.objects.filter(package=package, ended_at=None).first()


def downloads_of(package: Package) -> QuerySet[PackageDownload]:
    rows = PackageDownload.objects.filter(package=package).select_related("by", "key", "offer")
    return rows.order_by("-began_at")
