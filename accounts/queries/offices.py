from collections.abc import Iterable

from accounts.models import Agency, Division


def offices_for(township: Division | int, kinds: Iterable[str]) -> list[Agency]:
    """The active offices of these kinds that serve a township: its own first, then the county's bodies."""
    place = township if isinstance(township, Division) else Division.objects.get(pk=township)
    places = [place.pk, place.parent_id]
    found = Agency.objects.filter(division__in=places, kind__in=list(kinds), is_active=True).select_related("division")
    return sorted(found, key=lambda agency: (places.index(agency.division_id), agency.kind, agency.pk))
