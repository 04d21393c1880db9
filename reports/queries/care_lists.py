"""Lists behind the live numbers: people whose follow-up is overdue, people lost. Read with the reach that is open."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from accounts.models import Division
from accounts.reach import Reach
from registry.models import Patient, PatientStatus
from registry.terms import CareStatus
from reports.queries.live import DANGEROUS, FAIR, NEVER, STABLE, UNSTABLE
from reports.queries.people import Person, who
from reports.queries.periods import Place

OVERDUE, LOST = "overdue", "lost"
KINDS = {OVERDUE: "逾期随访", LOST: "失访"}
_GROUP = Case(
    When(last_level__gte=3, then=Value(DANGEROUS)),
    When(last_class=1, then=Value(UNSTABLE)),
    When(last_class=2, then=Value(FAIR)),
    When(last_class=3, then=Value(STABLE)),
    default=Value(NEVER),
    output_field=IntegerField(),
)


@dataclass(frozen=True, slots=True)
class CareList:
    """`group` narrows the overdue to one row of the dashboard's panel."""

    kind: str
    place: Place
    today: date
    group: int | None = None

    def rows(self) -> QuerySet[Patient]:
        where: dict[str, Any] = {f"duty_{self.place.column}__in": self.place.ids}
        if self.place.village:
            where["village"] = self.place.village
        late = Q(next_due_on__lt=self.today) if self.kind == OVERDUE else Q(status=CareStatus.LOST)
        found = Patient.objects.open().filter(late, **where).annotate(group=_GROUP)
        if self.group is not None:
            found = found.filter(group=self.group)
        return found.select_related("village").order_by("group", "next_due_on", "pk")

    def count(self) -> int:
        return self.rows().count()

    def people(self, *, named: Reach, start: int, size: int) -> list[Person]:
        rows = list(self.rows()[start : start + size])
        towns = dict(Division.objects.filter(pk__in={row.duty_township for row in rows}).values_list("pk", "name"))
        since = _lost_since(rows) if self.kind == LOST else {}
        return [
            Person(
                **who(row, named),
                township=towns.get(row.duty_township, ""),
                why=self._why(row, since.get(row.pk)),
                mend=None,
            )
            for row in rows
        ]

    def _why(self, row: Patient, since: date | None) -> str:
        last = f"最近一次随访 {row.last_visit_on:%Y-%m-%d}" if row.last_visit_on else "建档后还没有随访过"
        if self.kind == LOST:
            return f"{since:%Y-%m-%d} 起失访；{last}" if since else f"失访；{last}"
        due = row.next_due_on or self.today
        return f"应访日期 {due:%Y-%m-%d}，已过 {(self.today - due).days} 天；{last}"


def _lost_since(rows: list[Patient]) -> dict[int, date]:
    found = PatientStatus.objects.filter(patient__in=rows, value=CareStatus.LOST).order_by("starts_on")
    return dict(found.values_list("patient_id", "starts_on"))
