"""A finding and a measure in words, as the lists and pages show them."""

from datetime import date
from typing import Any

from django.urls import reverse

from reports.models import Finding, Measure
from reports.queries.supervision import ladder_of
from reports.rules.findings import pressing_of
from reports.rules.ladder import Ladder, is_listing_late, open_steps, state_on
from reports.rules.tasks import nearness
from reports.terms import FindingState, MeasureState, Rung


class Lines:
    """Lines of one page: the ladder of each area is read once. `keeps`: the reader may take the next step."""

    def __init__(self, today: date, *, keeps: bool) -> None:
        self.today, self.keeps = today, keeps
        self._ladders: dict[int, Ladder] = {}

    def steps(self, finding: Finding) -> tuple[Rung, ...]:
        """What may be decided about it today."""
        area = finding.supervision.area
        if area.pk not in self._ladders:
            self._ladders[area.pk] = ladder_of(area)
        standing = {"rung": finding.rung, "state": finding.state, "due_on": finding.due_on}
        return open_steps(self._ladders[area.pk], **standing, on=self.today)  # type: ignore[arg-type]

    def of(self, finding: Finding) -> dict[str, Any]:
        steps = self.steps(finding) if self.keeps and finding.state == FindingState.OPEN else ()
        return {
            "finding": finding,
            "href": reverse("reports:finding", args=[finding.uuid]),
            "state": FindingState(finding.state),
            "near": pressing_of(finding.state, finding.due_on, self.today),
            "rung": Rung(finding.rung).label if finding.rung else "",
            "prompt": f"到期未整改，可以提请{'或'.join(step.label for step in steps)}" if steps else "",
        }


def measure_line(measure: Measure, today: date) -> dict[str, Any]:
    state = state_on(measure.state, measure.year, today)
    is_late = is_listing_late(state, measure.due_on, today)
    near = nearness(measure.due_on, today) if state == MeasureState.LISTED and measure.due_on else None
    return {
        "measure": measure,
        "href": reverse("reports:measure", args=[measure.uuid]),
        "label": Rung(measure.rung).label,
        "state": state,
        "is_late": is_late,
        "near": near.words if near else "",
        "term": _term(measure),
    }


def _term(measure: Measure) -> str:
    """挂牌督办 90 天; a veto has its year instead."""
    if measure.due_on is None:
        return f"{measure.year} 年度考核"
    return f"{measure.due_on:%Y-%m-%d}（{(measure.due_on - measure.on).days} 天）"
