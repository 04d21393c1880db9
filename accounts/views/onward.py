"""Where to go after login or step-up: only an address of this very site."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def onward_of(request: HttpRequest) -> str:
    """The `next` of form or query when it stays on this host; "" otherwise."""
    wanted = str(request.POST.get("next") or request.GET.get("next") or "")[:500]
    stays = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if wanted.startswith("/") and stays else ""
