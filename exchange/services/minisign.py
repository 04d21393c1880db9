"""Detached signatures of files that somebody else than the agency carries in: minisign's format (Ed25519).

Source: issue 4, Build 6 (signed or uploaded by the agency's own account); security T17. The format, as its author writes
it: a public key is "Ed", a key number of 8 bytes and 32 bytes; a signature file has four lines, of which the second is
"ED" (over the BLAKE2b-512 of the file) or "Ed" (over the file), the key number and 64 bytes, and the fourth signs
those 64 bytes together with the trusted comment of the third.
"""

from base64 import b64decode
from binascii import Error as BadText
from dataclasses import dataclass
from hashlib import blake2b

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

KEY_BYTES, SIGNED_BYTES, LINES = 42, 74, 4
COMMENT = b"trusted comment: "
START = "RW"


class BadSignature(ValueError):
    """Carries the Chinese sentence."""


NO_KEY = "这不是签名公钥。请填 minisign 公钥文件的第二行，以 RW 开头。"
NO_SIGNATURE = "签名文件读不懂。请交 minisign 生成的 .minisig 文件，不要改动。"
OTHER_KEY = "签名用的不是这个单位登记的公钥。请对方用登记的密钥重新签名，或先在“公钥”页更换。"
WRONG = "签名与文件对不上：文件在签名以后改动过，或者签名是别的文件的。没有收下，请对方重新交来。"


@dataclass(frozen=True)
class SigningKey:
    number: bytes
    key: Ed25519PublicKey


def _plain(text: str | bytes) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (BadText, ValueError):
        return b""


def read_key(text: str) -> SigningKey:
    """Raises: BadSignature."""
    plain = _plain(text)
    if len(plain) != KEY_BYTES or plain[:2] != b"Ed":
        raise BadSignature(NO_KEY)
    return SigningKey(plain[2:10], Ed25519PublicKey.from_public_bytes(plain[10:]))


def check(content: bytes, signature: bytes, key: SigningKey) -> str:
    """The trusted comment, when the key has signed exactly this content with it. Raises: BadSignature."""
    lines = signature.replace(b"\r\n", b"\n").split(b"\n")
    if len(lines) < LINES or not lines[2].startswith(COMMENT):
        raise BadSignature(NO_SIGNATURE)
    signed, whole = _plain(lines[1]), _plain(lines[3])
    how, number, mark = signed[:2], signed[2:10], signed[10:]
    if len(signed) != SIGNED_BYTES or len(whole) != len(mark) or how not in (b"ED", b"Ed"):
        raise BadSignature(NO_SIGNATURE)
    if number != key.number:
        raise BadSignature(OTHER_KEY)
    try:
        key.key.verify(mark, blake2b(content).digest() if how == b"ED" else content)
        key.key.verify(whole, mark + lines[2][len(COMMENT) :])
    except InvalidSignature:
        raise BadSignature(WRONG) from None
    return lines[2][len(COMMENT) :].decode("utf-8", "replace")
