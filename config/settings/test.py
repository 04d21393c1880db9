"""The tests. ops.pytest_db names the database and the broker of this run before this module is read."""

import os

os.environ.setdefault("DATABASE_URL", "postgresql://app@/none")  # type checks read settings without a server
os.environ.setdefault("REDIS_URL", "redis://127.0.0.1:1/0")
os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 50)
os.environ.setdefault("FIELD_KEYS", f"t2:{'22' * 32},t1:{'11' * 32}")
os.environ.setdefault("INDEX_KEY", "33" * 32)
os.environ.setdefault("PUBLIC_URL", "http://testserver")
os.environ.setdefault("SWEEP_SECONDS", "0.5")
os.environ.setdefault("LEASE_SECONDS", "1")
os.environ.setdefault("LOG_LEVEL", "WARNING")

from config.settings.base import *

DEMO = True
FAILPOINTS_ENABLED = True
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
SECURE_CROSS_ORIGIN_OPENER_POLICY = None
# argon2 is slow on purpose; its own test asks for it
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True
DATABASES["default"]["CONN_MAX_AGE"] = 0
