"""A real deployment: https only, behind a proxy that sets X-Forwarded-Proto. Starts with nothing left to chance."""

from urllib.parse import urlsplit

from config import env
from config.settings.base import *

if not PUBLIC_URL.startswith("https://"):
    raise env.BadSetting("PUBLIC_URL", "must begin with https://")

ALLOWED_HOSTS = [urlsplit(PUBLIC_URL).hostname or ""]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
