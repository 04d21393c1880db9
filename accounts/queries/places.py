from django.db.models import QuerySet

from accounts.models import Division
from accounts.terms import DivisionLevel


def division(code: str) -> Division:
    """The live division with this code. Raises: Division.DoesNotExist."""
    return Division.objects.select_related("parent__parent").get(code=code, valid_to=None)


def townships_under(area: Division) -> QuerySet[Division]:
    """Every live township of an area of any level, in order of code (the area itself when it is one)."""
    return Division.objects.filter(level=DivisionLevel.TOWNSHIP, code__startswith=area.code, valid_to=None).order_by(
        "code"
    )


def counties_under(area: Division) -> QuerySet[Division]:
    return Division.objects.filter(level=DivisionLevel.COUNTY, code__startswith=area.code, valid_to=None).order_by(
        "code"
    )


def villages_under(area: Division) -> QuerySet[Division]:
    return Division.objects.filter(level=DivisionLevel.VILLAGE, code__startswith=area.code, valid_to=None).order_by(
        "code"
    )
