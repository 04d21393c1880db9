"""交换函: the letter that goes with a package, on paper's terms. Numbers and grounds; nobody is named."""

from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from accounts.models import Agency
from accounts.services.pdf import make_pdf
from accounts.terms import AgencyKind
from exchange.models import Package
from exchange.rules.periods import period


def moment_of(package: Package) -> datetime:
    """The moment that stands in the files: of the release; before it, of the preparation. Source: decisions A17."""
    return timezone.localtime(package.released_at or package.prepared_at).replace(microsecond=0)


def letter_facts(package: Package) -> dict[str, Any]:
    """To whom, what, how many, on what ground. Source: practice notes B4; decisions A17 (its day is the release's)."""
    template, at = package.template, moment_of(package)
    return {
        "sender": _sender(package),
        "agency": package.agency.name,
        "opening": f"现送上{period(package.period).label}“{package.get_situation_display()}”资料，请查收。",
        "lists": [(part.kind.label, package.counts[part.kind.value]["rows"]) for part in template.parts],
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


def _sender(package: Package) -> str:
    """The county's health commission as it is registered; without one, the county."""
    rows = Agency.objects.filter(division=package.county, kind=AgencyKind.HEALTH_COMMISSION, is_active=True)
    found = rows.order_by("pk").first()
    return found.name if found else package.county.name


def make_letter(package: Package) -> bytes:
    """The PDF; the same facts give the same bytes. Raises: NotRendered."""
    facts = letter_facts(package)
    html = render_to_string("exchange/print/letter.html", facts)
    return make_pdf(html, render_to_string("exchange/print/letter.css", facts)).content
