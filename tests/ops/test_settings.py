"""A real deployment starts only with settings fit for one; the checks of the demo would be refused there."""

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def surroundings():
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LD_LIBRARY_PATH") if name in os.environ}
    return kept | {
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "FIELD_KEYS": f"k1:{secrets.token_hex(32)}",
        "INDEX_KEY": secrets.token_hex(32),
        "PUBLIC_URL": "https://county.example",
        "DATABASE_URL": "postgresql://app@127.0.0.1:1/none",
        "REDIS_URL": "redis://127.0.0.1:1/0",
    }


def check(surroundings):
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(command, cwd=PROJECT, env=surroundings, capture_output=True, text=True, check=False)


def test_production_settings_pass_every_deployment_check(surroundings):
    done = check(surroundings)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("FIELD_KEYS", f"demo1:{'0123456789abcdef' * 4}", "FIELD_KEYS is not fit for a real deployment."),
        ("INDEX_KEY", "ab" * 32, "INDEX_KEY is not fit for a real deployment."),
        ("SECRET_KEY", "demo-" + "x1Y2z3" * 12, "SECRET_KEY is not fit for a real deployment."),
        ("PUBLIC_URL", "http://county.example", "PUBLIC_URL: must begin with https://"),
        ("FIELD_KEYS", "", "FIELD_KEYS: is missing (set FIELD_KEYS or FIELD_KEYS_FILE)"),
        ("DATABASE_URL", "sqlite:///a", "DATABASE_URL: must begin with postgresql://"),
        ("NOTICE_NETWORKS", "10.0.0.1/8", "NOTICE_NETWORKS: must be networks like 10.1.0.0/16, separated by commas"),
        ("EXCHANGE_IDENTITY", "age1public", "EXCHANGE_IDENTITY: must be one age identity, AGE-SECRET-KEY-1..."),
        ("SWEEP_SECONDS", "often", "SWEEP_SECONDS: must be a number"),
    ],
)
def test_production_refuses_to_pass_with_a_wrong_value_and_names_it(surroundings, name, value, said):
    done = check(surroundings | {name: value})
    assert done.returncode != 0
    assert said in done.stderr


def test_demo_settings_are_not_fit_for_a_real_deployment(surroundings):
    done = check(surroundings | {"DJANGO_SETTINGS_MODULE": "config.settings.demo"})
    assert done.returncode != 0
    assert "DEMO is not fit for a real deployment." in done.stderr
