"""Every address of the product. Each app says its own; here they only get their place."""

from importlib import import_module
from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from config import views
from config.schema import schema

ROOMS = {
    "accounts": "",
    "registry": "",
    "followup": "",
    "exchange": "",
    "reports": "",
}


def _api() -> list[URLPattern | URLResolver]:
    found: list[URLPattern | URLResolver] = []
    for app in ROOMS:
        if find_spec(f"{app}.api"):
            found += import_module(f"{app}.api").api_urlpatterns
    return found


urlpatterns = [
    path("", views.home, name="home"),
    *(path(prefix, include(f"{app}.urls")) for app, prefix in ROOMS.items() if find_spec(f"{app}.urls")),
    path("api/v1/schema/", schema, name="schema"),
    path("api/v1/", include((_api(), "api"))),
]

handler400 = "config.views.bad_request"
handler403 = "config.views.denied"
handler404 = "config.views.not_found"
handler500 = "config.views.failed"
