"""表1-12 患者信息交换表, filled from a package: numbers, nobody's name. An own layout, the national one was not seen.

Source: 管理治疗工作规范 2018 附件1 (title by memory).
"""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.doors import requires
from accounts.terms import Permission
from exchange.doors import access_package
from exchange.models import Package
from exchange.queries.package_receipts import balance_of
from exchange.rules.packages import fills_form
from exchange.rules.periods import period
from exchange.terms import ListKind
from exchange.views.who import me

LISTS = (
    ("新增患者数", ListKind.NEW),
    ("危险性 3 级及以上患者数", ListKind.HIGH_RISK),
    ("肇事肇祸起数", ListKind.INCIDENTS),
)


def has_form(package: Package) -> bool:
    return package.prepared_at is not None and fills_form(section.kind for section in package.template.parts)


@requires(Permission.VIEW_EXCHANGE)
@never_cache
@require_safe
def package_form(request: HttpRequest, uuid: UUID) -> HttpResponse:
    row = access_package(request.user, uuid, Permission.VIEW_EXCHANGE)
    if not has_form(row):
        raise Http404
    one, back = period(row.period), balance_of(row) if row.released_at else None
    lines = [
        ("地区", row.county.name),
        ("接收单位", row.agency.name),
        ("起止日期", f"{one.first:%Y-%m-%d} 至 {one.last:%Y-%m-%d}"),
        *((label, row.counts.get(kind.value, {}).get("rows", 0)) for label, kind in LISTS),
        ("失访患者数", row.counts.get("lost", "")),
        ("死亡患者数", row.counts.get("dead", "")),
        ("接收单位反馈数", "" if back is None else back.sent - back.pending),
        ("尚未找到的患者数", "" if back is None else back.unmatched),
        ("填表人", me(request).display_name),
        ("填表日期", timezone.localdate().isoformat()),
        ("接收人", ""),
        ("接收日期", ""),
    ]
    return render(request, "exchange/package_form.html", {"row": row, "lines": lines})
