"""A file as it was handed in: one that was encrypted to this county is opened, any other is left as it is."""

from hashlib import sha256
from uuid import UUID

import pyrage
from django.conf import settings

from accounts.refusals import Refused

MOST_BYTES = 10 * 1024 * 1024
SEALED = ".age"
TOO_BIG = "文件超过 10 MB。请分成几份报送。"
NO_IDENTITY = "本县还没有设置接收加密文件的密钥。请改传未加密的 .xlsx 或 .csv，或请系统管理员设置。"
WRONG_KEY = "文件解不开：不是按本县的公钥加密的，或者已经损坏。请用本县公布的公钥重新加密。"


def is_sealed(name: str) -> bool:
    return name.lower().endswith(SEALED)


def opened(content: bytes, name: str) -> tuple[bytes, str]:
    """Content and name of what lies inside. Raises: Refused.

    Source: issue 4, Build 6; bad input: wrong key, flipped byte. age authenticates what it holds: of a file that came to
    harm on the way, or of which the end is missing, nothing is taken.
    """
    if len(content) > MOST_BYTES:
        raise Refused(TOO_BIG, field="file")
    if not is_sealed(name):
        return content, name
    if not settings.EXCHANGE_IDENTITY:
        raise Refused(NO_IDENTITY, field="file")
    identity = pyrage.x25519.Identity.from_str(settings.EXCHANGE_IDENTITY)
    try:
        return pyrage.decrypt(content, [identity]), name[: -len(SEALED)]
    except pyrage.DecryptError:
        raise Refused(WRONG_KEY, field="file") from None


def seal_mark(content: bytes) -> UUID:
    """Names one sealed file: sealing twice never gives the same bytes, so the same bytes are the same file again."""
    return UUID(bytes=sha256(content).digest()[:16])
