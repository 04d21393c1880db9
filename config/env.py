"""Settings from the environment, each also as NAME_FILE. A wrong value stops the start and is named, never shown."""

import os
import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}
KEY_BYTES = 32


class BadSetting(ImproperlyConfigured):
    """A variable that is missing or cannot be read; the value itself is never shown, it may be a secret."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name}: {why}")


def text(name: str, default: str | None = None) -> str:
    """The value of NAME or the content of the file that NAME_FILE names. Raises: BadSetting."""
    value, path = os.environ.get(name), os.environ.get(f"{name}_FILE")
    if value and path:
        raise BadSetting(name, f"set either {name} or {name}_FILE, not both")
    if path:
        try:
            value = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise BadSetting(f"{name}_FILE", f"cannot be read ({type(error).__name__})") from error
    if value:
        return value
    if default is None:
        raise BadSetting(name, f"is missing (set {name} or {name}_FILE)")
    return default


def flag(name: str, default: bool) -> bool:
    value = text(name, "1" if default else "0").lower()
    if value not in TRUE | FALSE:
        raise BadSetting(name, "must be 1 or 0")
    return value in TRUE


def number(name: str, default: float, *, least: float = 0) -> float:
    raw = text(name, str(default))
    try:
        value = float(raw)
    except ValueError as error:
        raise BadSetting(name, "must be a number") from error
    if value < least:
        raise BadSetting(name, f"must be at least {least:g}")
    return int(value) if value.is_integer() else value


def words(name: str, default: str = "") -> list[str]:
    return [word for part in text(name, default).split(",") if (word := part.strip())]


def networks(name: str) -> list[IPv4Network | IPv6Network]:
    """Networks as 10.1.0.0/16, separated by commas. Raises: BadSetting."""
    try:
        return [ip_network(word) for word in words(name)]
    except ValueError as error:
        raise BadSetting(name, "must be networks like 10.1.0.0/16, separated by commas") from error


def database(name: str) -> dict[str, object]:
    """Django's DATABASES entry from postgresql://user:password@host:port/name?host=/socket/folder&sslmode=verify-full."""
    parts = urlsplit(text(name))
    if parts.scheme not in {"postgres", "postgresql"}:
        raise BadSetting(name, "must begin with postgresql://")
    try:
        port = parts.port
    except ValueError as error:
        raise BadSetting(name, "the port is not a number") from error
    options: dict[str, object] = dict(parse_qsl(parts.query))
    host = str(options.pop("host", "") or unquote(parts.hostname or ""))
    dbname = unquote(parts.path.lstrip("/"))
    if not dbname:
        raise BadSetting(name, "names no database")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": dbname,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(port or options.pop("port", "")),
        "OPTIONS": options,
    }


def web_address(name: str, default: str | None = None) -> str:
    """An address people type: scheme and host, no path. Raises: BadSetting."""
    value = text(name, default).rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        raise BadSetting(name, "must look like https://name.example")
    return value


def keys(name: str) -> dict[str, str]:
    """A ring of 256-bit keys, `id:hex,id:hex`, newest first. Raises: BadSetting."""
    ring: dict[str, str] = {}
    for word in text(name).split(","):
        key_id, _, value = word.strip().partition(":")
        if not key_id.isascii() or not key_id.isalnum() or not is_key(value):
            raise BadSetting(name, "must be id:key pairs, newest first, each key 64 hexadecimal digits")
        if key_id in ring:
            raise BadSetting(name, f"has the key id {key_id} twice")
        ring[key_id] = value
    return ring


def key(name: str) -> str:
    value = text(name)
    if not is_key(value):
        raise BadSetting(name, "must be 64 hexadecimal digits")
    return value


def identity(name: str) -> str:
    """The age identity that files of other agencies are encrypted to; "" where a county takes none. Raises: BadSetting."""
    value = text(name, "")
    if value and not re.fullmatch(r"AGE-SECRET-KEY-1[0-9A-Z]{58}", value):
        raise BadSetting(name, "must be one age identity, AGE-SECRET-KEY-1...")
    return value


def is_key(value: str) -> bool:
    try:
        return len(bytes.fromhex(value)) == KEY_BYTES and len(value) == 2 * KEY_BYTES
    except ValueError:
        return False
