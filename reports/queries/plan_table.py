"""The plan's rows on a day: computed ones from the figures, reported ones from what was entered and confirmed."""

from collections.abc import Iterable, Mapping

from accounts.models import Division
from registry.rules.staffing import staffing
from reports.queries.figures import Figures
from reports.queries.first_known import first_known
from reports.queries.population import Population
from reports.queries.reported import values_on
from reports.rules.care_indicators import BESIDE
from reports.rules.exchanges import EXCHANGES
from reports.rules.indicators import PREVALENCE, STAFF_RATIO
from reports.rules.pack import Pack, Row
from reports.rules.plan_row import First, Places, PlanRow, Value, plan_row
from reports.rules.rates import printed, thousands
from reports.terms import Kind

LISTED_TOWNSHIPS = 3
Townships = dict[str, Figures]
_NOTHING: Mapping[str, First] = {}


def plan_rows(pack: Pack, figures: Figures, townships: Townships) -> tuple[PlanRow, ...]:
    """Rows of the plan's printed table. `figures` are those of the plan's own area, asked for with the plan's codes."""
    return tuple(row for row in all_rows(pack, figures, townships) if row.row.number is not None)


def all_rows(pack: Pack, figures: Figures, townships: Townships) -> tuple[PlanRow, ...]:
    """The table's rows and the targets stated in the text, in the order of the pack."""
    day = figures.cut.as_of
    said = values_on(pack, figures.area, day)
    first = first_known(pack, figures.cut, [inside.area.pk for inside in townships.values()])
    return tuple(
        plan_row(row, pack.base_year, day, computed_value(row, figures, townships, first))
        if row.kind is Kind.COMPUTED
        else plan_row(row, pack.base_year, day, said.get(row.key, Value()))
        for row in pack.rows
    )


def row_of(packs: Iterable[Pack], figures: Figures, townships: Townships, code: str) -> tuple[Pack, PlanRow] | None:
    """The row of a plan that the indicator stands for, with its plan."""
    for pack in packs:
        for row in plan_rows(pack, figures, townships):
            if row.row.code == code:
                return pack, row
    return None


def computed_value(row: Row, figures: Figures, townships: Townships, first: Mapping[str, First] = _NOTHING) -> Value:
    figure = figures[row.code]
    if row.code == PREVALENCE.code:
        return Value(figure.numerator, figure.denominator, remark=population_remark(figures.population))
    if row.code == STAFF_RATIO.code:
        return _staffed(row, figures, townships)
    if row.code == EXCHANGES.code:
        return _exchanged(row, figures)
    remark = row.caveat or beside(figures, row.code)
    return Value(figure.numerator, figure.denominator, remark=remark, first=first.get(row.code))


NO_EXCHANGES = "信息交换由县（市、区）办理：乡镇（街道）没有，地市请看各县（市、区）"


def _exchanged(row: Row, figures: Figures) -> Value:
    """The least count among the partners that the row is about. Source: 指标口径 exchanges; 邹城 表第4、5项."""
    found = figures.exchanges
    if found is None:
        return Value(remark=NO_EXCHANGES)
    return Value(found.least(row.partners), remark=found.words(row.partners))


def _staffed(row: Row, figures: Figures, townships: Townships) -> Value:
    """1/N as the plan prints it: posts over patients. Met where each township has a post for N patients, and one at least.

    Source: 指标口径 staff_ratio; 酉阳 表第8项.
    """
    if not figures.posts_held.percent:
        return Value(remark="还没有登记精防人员")
    per_post = int(row.target_on(figures.cut.as_of).value)
    each = {
        inside.area.name: staffing(inside.posts_held.percent.values(), inside.count("registered"), per_post=per_post)
        for inside in (townships or {figures.area.code: figures}).values()
    }
    behind = tuple(name for name, found in each.items() if not found.is_enough)
    missing = sum(found.missing_posts for found in each.values())
    places = Places(len(each), behind, missing) if row.every_township else None
    return Value(figures.posts_held.total, figures.count("registered"), places=places)


def beside(figures: Figures, code: str) -> str:
    """The second reading of a figure, where its definition prints one: 按全部在册算 41.20%（170 / 412）."""
    if code not in BESIDE:
        return ""
    other = figures.beside(BESIDE[code])
    share = printed(other.rate, other.unit)
    return f"按全部在册算 {share}（{thousands(other.numerator)} / {thousands(other.denominator)}）"


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
