"""Notices without content: what they say, how they are signed, when they are tried again, where they may go. Pure."""

import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit
from uuid import UUID

from exchange.terms import EntryKind, NoticeWord

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
LONGEST_ADDRESS = 300
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 30, 3600
MOST_ATTEMPTS = 12  # with the waits above: about seven hours


@dataclass(frozen=True)
class Said:
    """Everything that a notice carries. There is no field for a person, a level or an office's kind (threat T40)."""

    key: UUID
    number: str
    word: NoticeWord
    link: str


def word_for(kind: str) -> NoticeWord:
    """The neutral word for an entry. Source: threat T40."""
    if kind in (EntryKind.CLOSED, EntryKind.WITHDRAWN):
        return NoticeWord.ENDED
    if kind == EntryKind.ESCALATED:
        return NoticeWord.OVERDUE
    return NoticeWord.NEW if kind == EntryKind.RAISED else NoticeWord.CHANGED


def body(said: Said) -> bytes:
    """The body of a webhook call: the same bytes at every repetition."""
    fields = {"id": str(said.key), "number": said.number, "kind": said.word.value, "text": said.word.label}
    return json.dumps({**fields, "link": said.link}, ensure_ascii=False, sort_keys=True).encode()


def signature(secret: str, timestamp: int, payload: bytes) -> str:
    """`v1=` and HMAC-SHA256 over timestamp, dot and body. Units: seconds since 1970."""
    return "v1=" + hmac.new(secret.encode(), f"{timestamp}.".encode() + payload, sha256).hexdigest()


def subject(said: Said) -> str:
    return f"{said.word.label} {said.number}".strip()


def text(said: Said) -> str:
    """The mail's text."""
    lines = [f"{said.word.label}。", f"编号：{said.number}" if said.number else "", f"请登录查看：{said.link}"]
    return "\n".join(line for line in lines if line) + "\n"


def wait_seconds(attempt: int) -> int:
    """Twice as long each time, an hour at most. `attempt` counts from 1."""
    return min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS << min(attempt - 1, 20))


def webhook_problem(address: str) -> str:
    """Why this cannot be an address for webhooks, as a sentence; empty when it can."""
    try:
        parts = urlsplit(address)
        port_known = parts.port is None or parts.port > 0
    except ValueError:
        return "地址没有看懂。请填 https://主机名/路径。"
    if not address.isascii() or any(ord(letter) <= 32 for letter in address) or len(address) > LONGEST_ADDRESS:
        return f"地址只能用英文字符，不含空格，最多 {LONGEST_ADDRESS} 个字符。"
    if parts.scheme not in ("https", "http") or not parts.hostname or not port_known:
        return "地址没有看懂。请填 https://主机名/路径。"
    if parts.username or parts.password or parts.fragment:
        return "地址里不能带用户名、密码或 # 后面的部分。"
    return ""


def _plain(text: str) -> Address:
    """Without a zone; an IPv4 address dressed as IPv6 counts as what it is."""
    found = ip_address(text.partition("%")[0])
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


def may_go_to(addresses: Iterable[str], allowed: Iterable[Network], *, is_encrypted: bool) -> bool:
    """Whether a call may go to a host with these IP addresses: every one is on the open internet and the call
    encrypted, or every one lies in a network that the deployment names. An inner address nobody named is refused.
    """
    found, networks = [_plain(address) for address in addresses], list(allowed)
    if not found:
        return False
    if all(any(one in network for network in networks if network.version == one.version) for one in found):
        return True
    return is_encrypted and all(one.is_global and not one.is_multicast for one in found)
