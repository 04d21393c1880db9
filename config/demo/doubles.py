"""A proposal to merge and a few things a file said otherwise, so that these pages are not empty in the demo."""

from datetime import date

from accounts.models import Division, User
from accounts.scope import scope
from registry.models import Patient
from registry.services.merging import propose_merge
from registry.services.parking import park

PARKED = 3


def fill(county: Division, *, by: User, today: date) -> int:
    """One pair that somebody else must judge, and parked changes of three people of the first township."""
    with scope(by):
        people = list(Patient.objects.filter(duty_county=county.pk, closed_on=None).order_by("number")[: PARKED + 2])
        if len(people) < PARKED + 2:
            return 0
        kept, other, *others = people
        propose_merge(kept=kept, other=other, said={}, reason="电话核对，疑为同一人", by=by)
        park(
            [(one, {"phone": f"1990000{one.number:04d}", "marital": "30"}) for one in others], by=by, source="名册.xlsx"
        )
    return 1 + len(others)
