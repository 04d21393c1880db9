"""The plan's rows on a day: computed ones from the figures, reported ones from what was entered and confirmed."""

from accounts.models import Division
from reports.queries.figures import Figures
from reports.queries.population import Population
from reports.queries.reported import values_on
from reports.rules.pack import Pack, Row
from reports.rules.plan_row import PlanRow, Value, plan_row
from reports.terms import Kind

LISTED_TOWNSHIPS = 3


def plan_rows(pack: Pack, figures: Figures) -> tuple[PlanRow, ...]:
    """Rows of the plan's printed table. `figures` are those of the plan's own area."""
    return tuple(row for row in all_rows(pack, figures) if row.row.number is not None)


def all_rows(pack: Pack, figures: Figures) -> tuple[PlanRow, ...]:
    """The table's rows and the targets stated in the text, in the order of the pack."""
    day = figures.cut.as_of
    said = values_on(pack, figures.area, day)
    return tuple(
        plan_row(
            row,
            pack.base_year,
            day,
            _computed(row, figures) if row.kind is Kind.COMPUTED else said.get(row.key, Value()),
        )
        for row in pack.rows
    )


def _computed(row: Row, figures: Figures) -> Value:
    figure = figures[row.code]
    if row.code == "prevalence":
        return Value(figure.numerator, figure.denominator, remark=population_remark(figures.population))
    return Value(figure.numerator, figure.denominator)


def population_remark(population: Population) -> str:
    """Names what is missing for a prevalence, or the older year that stands in."""
    if population.missing:
        names = list(Division.objects.filter(pk__in=population.missing).order_by("code").values_list("name", flat=True))
        listed = "、".join(names[:LISTED_TOWNSHIPS])
        more = f"等 {len(names)} 个乡镇（街道）" if len(names) > LISTED_TOWNSHIPS else ""
        return f"{listed}{more}还没有登记常住人口"
    if population.older_years:
        return "常住人口用的是 " + "、".join(map(str, population.older_years)) + " 年的数"
    return ""
