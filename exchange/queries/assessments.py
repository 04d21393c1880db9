"""The records that decide about a case: current versions with a level."""

from accounts.doors import can
from accounts.models import User
from accounts.terms import Permission
from exchange.rules.assessing import Assessment
from followup.models import Visit
from registry.models import Patient


def as_assessment(visit: Visit, by: User) -> Assessment | None:
    """None for a record without a level (目前正在住院, or an attempt)."""
    if visit.level is None:
        return None
    return Assessment(
        source=visit.root.uuid,
        version=visit.version,
        on=visit.visited_on,
        level=visit.level,
        by_psychiatrist=can(by, Permission.CONFIRM_RISK, visit),
    )


def newest_visit(patient: Patient) -> Visit | None:
    """The newest current record with a level, by date, then in the order of entry."""
    return (
        Visit.objects.filter(patient=patient, is_current=True, level__isnull=False)
        .newest_first()
        .select_related("root", "entered_by")
        .first()
    )


def newest_assessment(patient: Patient) -> Assessment | None:
    visit = newest_visit(patient)
    return as_assessment(visit, visit.entered_by) if visit else None


def level_before(patient: Patient, visit: Visit) -> int | None:
    """The level of the record before this one, for an older assessment that comes back to the front."""
    earlier = Visit.objects.filter(patient=patient, is_current=True, level__isnull=False).exclude(root=visit.root_id)
    found = earlier.filter(visited_on__lte=visit.visited_on).newest_first().values_list("level", flat=True).first()
    return int(found) if found is not None else None
