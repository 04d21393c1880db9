"""What the end of an incident means for an office's case."""

from exchange.rules.assessing import AlertPolicy, Assessment
from exchange.rules.cases import CaseEvent


def end_of_incident(
    newest: Assessment | None, *, still_open: bool, fell: bool, confirmed: bool, policy: AlertPolicy
) -> CaseEvent | None:
    """The event for the case when one incident ends; None: the case goes on as it is.

    `still_open`: another confirmed incident is open. `fell`: a psychiatrist has confirmed the fall while the incident held
    the case. `confirmed`: a psychiatrist had confirmed the level. Source: decisions B21. Units: level 0–5.
    """
    if still_open:
        return None
    if fell:
        return CaseEvent.FALL
    if newest is not None and newest.level >= policy.from_level:
        return None
    final = newest is not None and newest.by_psychiatrist
    if confirmed and policy.fall_needs_psychiatrist and not final:
        return CaseEvent.FALL_REPORTED
    return CaseEvent.FALL
