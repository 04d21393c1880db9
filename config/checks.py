"""What a real deployment must not start with."""

from collections.abc import Iterable

from django.conf import settings
from django.core import checks

MIN_SECRET = 50


def register() -> None:
    checks.register(production_is_closed, checks.Tags.security, deploy=True)


def production_is_closed(app_configs: object, **kwargs: object) -> Iterable[checks.CheckMessage]:
    """Demo keys, DEBUG and cookies that travel in the clear are errors outside the demo."""
    wrong = {
        "DEBUG": settings.DEBUG,
        "DEMO": settings.DEMO,
        "FAILPOINTS_ENABLED": getattr(settings, "FAILPOINTS_ENABLED", False),
        "SECRET_KEY": "demo" in settings.SECRET_KEY or len(settings.SECRET_KEY) < MIN_SECRET,
        "FIELD_KEYS": any(name.startswith("demo") or len(set(key)) < 8 for name, key in settings.FIELD_KEYS.items()),
        "INDEX_KEY": len(set(settings.INDEX_KEY)) < 8 or settings.INDEX_KEY in settings.FIELD_KEYS.values(),
        "SESSION_COOKIE_SECURE": not settings.SESSION_COOKIE_SECURE,
        "CSRF_COOKIE_SECURE": not settings.CSRF_COOKIE_SECURE,
        "SESSION_COOKIE_NAME": not settings.SESSION_COOKIE_NAME.startswith("__Host-"),
        "ALLOWED_HOSTS": not settings.ALLOWED_HOSTS or any("*" in host for host in settings.ALLOWED_HOSTS),
    }
    unfit = (name for name, is_wrong in wrong.items() if is_wrong)
    return [checks.Error(f"{name} is not fit for a real deployment.", id="config.E001") for name in unfit]
