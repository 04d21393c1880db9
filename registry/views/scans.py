"""A kept paper, handed out as a file."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.doors import requires
from accounts.terms import Permission, Purpose
from registry.doors import access_scan
from registry.rules.scans import CONTENT_TYPES
from registry.views.who import me


@requires(Permission.REVEAL_IDENTITY)
@never_cache
@require_safe
def scan(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Never shown inside a page of ours: it is saved and opened by the reader's own program; the look is logged."""
    row = access_scan(me(request), uuid, purpose=Purpose.REGISTER)
    name = f"{row.patient.number:05d}-{row.kind}-{row.kept_at:%Y%m%d}.{row.form}"
    return HttpResponse(
        row.content,
        content_type=CONTENT_TYPES[row.form],
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
        },
    )
