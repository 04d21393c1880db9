"""Every address of the product. Each app says its own; here they only get their place."""

from importlib import import_module
from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from config import views
from config.schema import schema

ROOMS = ["accounts", "registry", "followup", "subsidy", "exchange", "reports"]
WITH_API = ["registry", "followup", "exchange", "reports"]


def _rooms() -> list[URLResolver]:
    return [path("", include(f"{app}.urls")) for app in ROOMS if find_spec(f"{app}.urls")]


def _api() -> list[URLPattern | URLResolver]:
    with_api = [import_module(f"{app}.api") for app in WITH_API if find_spec(f"{app}.api")]
    return [pattern for module in with_api for pattern in module.api_urlpatterns]


urlpatterns = [
    path("", views.home, name="home"),
    *_rooms(),
    path("api/v1/schema/", schema, name="schema"),
    path("api/v1/", include((_api(), "api"))),
]

handler400 = "config.views.bad_request"
handler403 = "config.views.denied"
handler404 = "config.views.not_found"
handler500 = "config.views.failed"
