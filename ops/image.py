"""`python -m ops.image`: the image's last step, static files with their hashes. Its keys never leave this step."""

import os
import secrets

from ops import schema


def main() -> None:
    made = {
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "FIELD_KEYS": f"build:{secrets.token_hex(32)}",
        "INDEX_KEY": secrets.token_hex(32),
        "PUBLIC_URL": "https://build.invalid",
        "DATABASE_URL": "postgresql://app@/none",
        "REDIS_URL": "redis://127.0.0.1:1/0",
    }
    for name, value in made.items():
        os.environ[name] = value
        os.environ.pop(f"{name}_FILE", None)
    schema.manage("collectstatic", "--noinput", "-v0", "--skip-checks")


if __name__ == "__main__":
    main()
