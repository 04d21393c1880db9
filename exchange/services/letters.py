"""交换函: the letter that goes with a package, on paper's terms. Numbers and grounds; nobody is named."""

from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from accounts.models import Agency, Division
from accounts.services.pdf import make_pdf
from accounts.terms import AgencyKind
from exchange.models import Package
from exchange.rules.deltas import STANDING
from exchange.rules.periods import period


def moment_of(package: Package) -> datetime:
    """The moment that stands in the files: of the release; before it, of the preparation. Source: decisions A17."""
    return timezone.localtime(package.released_at or package.prepared_at).replace(microsecond=0)


def letter_facts(package: Package) -> dict[str, Any]:
    """To whom, what, how many, on what ground. Source: practice notes B4; decisions A17 (its day is the release's)."""
    template, at = package.template, moment_of(package)
    return {
        "sender": sender_of(package.county),
        "agency": package.agency.name,
        "opening": _opening(package),
        "lists": _lists(package),
        "agreed": consent_words(package),
        "grounds": [
            f"依据：{template.citation}。",
            f"协议编号：{template.agreement}。",
            f"个人信息保护影响评估：{template.assessment}，{template.assessed_on:%Y年%-m月%-d日}完成。",
        ],
        "day": f"{at:%Y年%-m月%-d日}",
        "stamp": at.isoformat(),
        "code": (package.content_sha256[:32], package.content_sha256[32:]),
        "number": package.uuid,
    }


def consent_words(package: Package) -> str:
    """Where consent is the ground: how many stand in the lists and how many are left out of them."""
    if not package.template.asks:
        return ""
    yes, no = package.counts.get("agreed", 0), package.counts.get("not_agreed", 0)
    return f"以本人同意为依据：符合条件的人中 {yes} 人同意，其余 {no} 人没有同意，不在名单里。"


def _opening(package: Package) -> str:
    what = f"{period(package.period).label}“{package.get_situation_display()}”资料"
    if package.corrects is None:
        return f"现送上{what}，请查收。"
    return f"现送上{what}的更正（第 {package.version} 版），请按每行写明的变动更新，并删去移除的行。"


def _lists(package: Package) -> list[tuple[str, int]]:
    """Every list with its rows; where somebody has left a standing list, how many rows say so."""
    found = []
    for part in package.template.parts:
        said = package.counts[part.kind.value]
        found.append((str(part.kind.label), said["rows"]))
        if package.corrects is None and part.kind in STANDING and said.get("gone"):
            found.append((f"{part.kind.label}（移除）", said["gone"]))
    return found


def sender_of(county: Division) -> str:
    """The county's health commission as it is registered; without one, the county."""
    rows = Agency.objects.filter(division=county, kind=AgencyKind.HEALTH_COMMISSION, is_active=True)
    found = rows.order_by("pk").first()
    return found.name if found else county.name


def make_letter(package: Package) -> bytes:
    """The PDF; the same facts give the same bytes. Raises: NotRendered."""
    facts = letter_facts(package)
    html = render_to_string("exchange/print/letter.html", facts)
    return make_pdf(html, render_to_string("exchange/print/letter.css", facts)).content
