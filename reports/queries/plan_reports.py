from collections.abc import Iterable

from django.db.models import Q, QuerySet

from accounts.models import Division
from reports.models import PlanReport
from reports.queries.packs import pack
from reports.rules.spans import span_named
from reports.terms import ReportKind


def reports_in(areas: Iterable[Division]) -> QuerySet[PlanReport]:
    """Reports on these areas and on what lies inside them, newest first, without their files."""
    wanted = Q(pk__in=())
    for area in areas:
        wanted |= Q(area__code__startswith=area.code)
    rows = PlanReport.objects.filter(wanted).defer("content", "facts").select_related("area", "requested_by")
    return rows.order_by("-requested_at", "-pk")


def report_by_code(code: str, areas: Iterable[Division]) -> PlanReport | None:
    """The report a printed check code belongs to. Spaces, hyphens and lower case are forgiven."""
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return reports_in(areas).filter(check_code=f"{plain[:4]}-{plain[4:]}").first()


def title_of(report: PlanReport) -> str:
    """The plan's own name, or which document of which period."""
    kind = ReportKind(report.kind)
    return pack(report.pack).title if kind is ReportKind.PLAN else f"{kind.label} {span_named(report.span).label}"


def content_of(report: PlanReport) -> bytes | None:
    found = PlanReport.objects.filter(pk=report.pk).values_list("content", flat=True).first()
    return bytes(found) if found is not None else None
