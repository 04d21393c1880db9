"""The days in which a released package can be fetched, and its fetches, as the county sees them."""

from django.db.models import QuerySet

from exchange.models import Package, PackageDownload, PackageOffer


def offer_of(package: Package) -> PackageOffer | None:
    """The days in which it can be fetched now, or last could."""
    return PackageOffer.objects.filter(package=package, ended_at=None).first()


def downloads_of(package: Package) -> QuerySet[PackageDownload]:
    rows = PackageDownload.objects.filter(package=package).select_related("by", "key", "offer")
    return rows.order_by("-began_at")
