from typing import Any

from django.urls import path
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api_doors import DoorView
from accounts.refusals import Refused
from accounts.rules.text import TextRefused, parse_date
from accounts.terms import Permission
from reports.doors import is_veiled, open_area
from reports.queries.answer import answer, veil
from reports.queries.figures import figures_of
from reports.rules.cut import FIRST_DAY, LAST_DAY, Cut
from reports.rules.indicators import COMPUTED

KNOWN = {"area", "as_of", "by"}


class BadQuestion(Refused):
    code = "invalid"


class Indicators(DoorView):
    """GET indicators/?area=&as_of=&by=township: as the command `indicators` prints it."""

    requires = Permission.VIEW_INDICATORS

    @extend_schema(
        parameters=[
            OpenApiParameter("area", str, description="区划代码；不写为本人的地区"),
            OpenApiParameter("as_of", OpenApiTypes.DATE, description="截止日期，含当日；不写为今天"),
            OpenApiParameter("by", str, enum=["township"], description="同时按乡镇（街道）列出"),
        ],
        responses=OpenApiTypes.OBJECT,
    )
    def get(self, request: Request) -> Response:
        said = request.query_params
        if unknown := sorted(set(said) - KNOWN):
            raise BadQuestion(f"没有参数 {unknown[0]}。", field=unknown[0])
        if said.get("by", "township") != "township":
            raise BadQuestion("by 只能是 township。", field="by")
        today = timezone.localdate()
        cut = Cut(self._day(said.get("as_of", ""), today), today)
        area = open_area(request.user, Permission.VIEW_INDICATORS, said.get("area", ""))  # type: ignore[arg-type]
        figures, townships = figures_of(area, cut, COMPUTED)
        found = answer(figures, townships, by_township=bool(said.get("by")))
        return Response(veil(found) if is_veiled(request.user) else found)  # type: ignore[arg-type]

    @staticmethod
    def _day(text: str, today: Any) -> Any:
        if not text:
            return today
        try:
            day = parse_date(text, today)
        except TextRefused as refusal:
            raise BadQuestion(str(refusal), field="as_of") from refusal
        if not FIRST_DAY <= day <= LAST_DAY:
            raise BadQuestion("截止日期的年份太早或太晚。", field="as_of")
        return day


api_urlpatterns = [path("indicators/", Indicators.as_view(), name="indicators")]
