"""The tests. ops.pytest_db names the database and the broker of this run before this module is read."""

import os

os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 50)
os.environ.setdefault("FIELD_KEYS", f"t2:{'22' * 32},t1:{'11' * 32}")
os.environ.setdefault("INDEX_KEY", "33" * 32)
os.environ.setdefault("PUBLIC_URL", "http://testserver")
os.environ.setdefault("SWEEP_SECONDS", "0.5")
os.environ.setdefault("LEASE_SECONDS", "1")
os.environ.setdefault("LOG_LEVEL", "WARNING")

from config.settings.base import *

DEMO = True
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
SECURE_CROSS_ORIGIN_OPENER_POLICY = None
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # argon2 is slow on purpose; its own test asks for it
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True
DATABASES["default"]["CONN_MAX_AGE"] = 0
