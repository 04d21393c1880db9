"""One place for keys and ciphers: AES-256-GCM for fields, HMAC-SHA-256 for blind indexes.

A sealed value is `key id` + ":" + nonce + ciphertext. The associated data is key id | label | uuid of the row,
so a ciphertext copied to another row or column does not open. Source: 个人信息保护法 §51; GB/T 22239 8.1.4.8.
"""

import hmac
import os
from functools import lru_cache
from hashlib import sha256
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

NONCE_BYTES = 12


@lru_cache(maxsize=16)
def _cipher(hex_key: str) -> AESGCM:
    return AESGCM(bytes.fromhex(hex_key))


def _keys() -> dict[str, str]:
    keys: dict[str, str] = settings.FIELD_KEYS
    if not keys:
        raise ImproperlyConfigured("FIELD_KEYS is empty: no field can be encrypted")
    return keys


def seal(plain: bytes, *, label: str, uuid: UUID) -> bytes:
    """Encrypt with the newest key (the first of FIELD_KEYS)."""
    key_id = next(iter(_keys()))
    nonce = os.urandom(NONCE_BYTES)
    bound = f"{key_id}|{label}|{uuid}".encode()
    return key_id.encode() + b":" + nonce + _cipher(_keys()[key_id]).encrypt(nonce, plain, bound)


def unseal(sealed: bytes, *, label: str, uuid: UUID) -> bytes:
    """Decrypt. Raises: InvalidTag when the value belongs to another row; ImproperlyConfigured for an unknown key."""
    key_id, _, rest = sealed.partition(b":")
    name = key_id.decode("ascii", "replace")
    if name not in _keys():
        raise ImproperlyConfigured(f"FIELD_KEYS lacks the key {name!r} that this row was sealed with")
    bound = f"{name}|{label}|{uuid}".encode()
    return _cipher(_keys()[name]).decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], bound)


def blind_index(kind: str, value: str) -> bytes:
    """Keyed digest for exact search (32 bytes). `kind` keeps an ID number and a phone apart."""
    key = bytes.fromhex(settings.INDEX_KEY)
    return hmac.new(key, f"{kind}|{value}".encode(), sha256).digest()
