"""The two ways out of the building: a mail server, and a call to an office's own system. Nothing here knows a person."""

import http.client
import socket
import ssl
import threading
import time
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage

from exchange.rules.notices import Said, body, may_go_to, signature, subject, text
from exchange.terms import ChannelKind

CONNECT_SECONDS, WHOLE_SECONDS = 5, 15
OK = range(200, 300)


class NotSent(Exception):
    """A short reason for the list; it never quotes what the other side answered."""


def send(kind: str, address: str, secret: str, said: Said) -> None:
    """Raises: NotSent, or whatever the network raises."""
    if kind == ChannelKind.MAIL:
        _mail(address, said)
    else:
        _call(address, secret, said)


def why_not(error: Exception) -> str:
    """The reason in a few words; of an error from outside only its kind, never its text."""
    if isinstance(error, NotSent):
        return str(error)
    if isinstance(error, ssl.SSLError):
        return "对方的证书核对不通过"
    if isinstance(error, TimeoutError):
        return "对方没有及时回答"
    if isinstance(error, socket.gaierror):
        return "找不到这个主机名"
    return "连不上" if isinstance(error, OSError) else f"发送出错（{type(error).__name__}）"


def _mail(address: str, said: Said) -> None:
    if not settings.NOTICE_MAIL_FROM:
        raise NotSent("还没有设置发信服务器")
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    message = EmailMessage(
        subject(said), text(said), settings.NOTICE_MAIL_FROM, [address], headers={"Message-ID": f"<{said.key}@{host}>"}
    )
    if message.send() != 1:
        raise NotSent("发信服务器没有接收")


def _call(address: str, secret: str, said: Said) -> None:
    """One POST; redirects are not followed, the answer's body is not read, and it all ends after WHOLE_SECONDS."""
    parts = urlsplit(address)
    is_encrypted, host = parts.scheme == "https", parts.hostname or ""
    sock = _connected(host, parts.port or (443 if is_encrypted else 80), is_encrypted=is_encrypted)
    held = [sock]
    stop = threading.Timer(WHOLE_SECONDS, _cut, [held])
    stop.daemon = True
    stop.start()
    try:
        if is_encrypted:
            context = ssl.create_default_context()
            sock = context.wrap_socket(sock, server_hostname=host, do_handshake_on_connect=False)
            held.append(sock)
            sock.do_handshake()
        connection = http.client.HTTPConnection(host, parts.port, timeout=CONNECT_SECONDS)
        connection.sock = sock
        payload, now = body(said), int(time.time())
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, payload, {
            "Content-Type": "application/json; charset=utf-8", "User-Agent": "notices/1", "Connection": "close",
            "Idempotency-Key": str(said.key), "X-Notice-Timestamp": str(now),
            "X-Notice-Signature": signature(secret, now, payload),
        })  # fmt: skip
        status = connection.getresponse().status
    finally:
        stop.cancel()
        sock.close()
    if status not in OK:
        raise NotSent(f"对方回答 {status}")


def _connected(host: str, port: int, *, is_encrypted: bool) -> socket.socket:
    """Connects to the very address that was judged: a name that changes meanwhile leads nowhere else."""
    found = [entry[4][0] for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    addresses = [str(one) for one in found]
    if not may_go_to(addresses, settings.NOTICE_NETWORKS, is_encrypted=is_encrypted):
        raise NotSent("这个地址不在允许的范围内")
    return socket.create_connection((addresses[0], port), timeout=CONNECT_SECONDS)


def _cut(held: list[socket.socket]) -> None:
    try:
        held[-1].shutdown(socket.SHUT_RDWR)
    except OSError:
        return
