"""The demo: plain http on this machine, so cookies are not Secure. bin/demo makes the keys and names the database."""

from config.settings.base import *

DEMO = True
PASSWORD_MAX_AGE_DAYS = 0  # the printed accounts work as long as the demo is kept
# not compressed: that takes ten seconds of the first start
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
SECURE_CROSS_ORIGIN_OPENER_POLICY = None  # browsers ignore it over plain http and say so on every page
