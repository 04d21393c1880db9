"""Asking for an address as a role, and reading everything the answer carries."""

import html
import io
import json
import zipfile
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import unquote

from django.http import HttpResponse
from django.urls import get_resolver, resolve, reverse
from pypdf import PdfReader

from tests.access.matrix import Address
from tests.access.world import NOBODY, TOWN_A, AccessWorld


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    body: bytes

    @classmethod
    def of(cls, response: HttpResponse) -> "Answer":
        body = b"".join(response) if response.streaming else response.content
        return cls(response.status_code, f"{_headers(response)}\n{read(body, response.get('Content-Type', ''))}", body)


def _headers(response: HttpResponse) -> str:
    return unquote("\n".join(f"{name}: {value}" for name, value in response.items()))


def read(body: bytes, kind: str) -> str:
    """The words of a page, of JSON, of a workbook's parts, of a PDF with its metadata and attachments."""
    if body.startswith(b"%PDF"):
        pdf = PdfReader(io.BytesIO(body))
        pages = "".join(page.extract_text() for page in pdf.pages)
        return "\n".join([pages, str(pdf.metadata), str(pdf.xmp_metadata), str(list(pdf.attachments))])
    if body.startswith(b"PK\x03\x04"):
        archive = zipfile.ZipFile(io.BytesIO(body))
        return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    text = body.decode("utf-8", "replace")
    if "json" in kind and body:
        return text + json.dumps(json.loads(text), ensure_ascii=False)
    return html.unescape(text)


def path_of(address: Address, world: AccessWorld, role: str = "", relation: str = "") -> str:
    """The path with its id filled in: the person's own, or one that never existed."""
    ids: dict[str, Any] = {
        "patient": world.uuids.get(relation, NOBODY),
        "scan": world.scans.get(relation, NOBODY),
        "visit": world.visits.get(relation, NOBODY),
        "freeze": world.freeze,
        "account": world.users["township_worker"].uuid,
        "alert": world.case_for(role, relation),
    }
    wanted = ids.get(address.of, NOBODY)
    return reverse(address.name, kwargs={name: _value(name, wanted) for name in arguments_of(address.name)})


def _value(name: str, wanted: Any) -> Any:
    texts = {
        "code": "managed", "kind": "overdue", "pack_id": "youyang-2023", "key": "sgdy", "paper": "1-1", "work": "1-13", "checkup": "yearly",
        "sheet": "basics", "act": "guardian", "town": TOWN_A, "deed": "member",
        "preset": "police.quarterly",
    }  # fmt: skip
    return texts.get(name, wanted)


@cache
def arguments_of(name: str) -> list[str]:
    resolver: Any = get_resolver()
    *spaces, last = name.split(":")
    for space in spaces:
        resolver = resolver.namespace_dict[space][1]
    patterns = resolver.reverse_dict.getlist(last)[0][0]
    return list(patterns[0][1])


@cache
def _exists(path: str) -> bool:
    return bool(resolve(path))


def ask(client: Any, method: str, path: str, data: dict[str, Any] | None = None) -> Answer:
    """A form is sent with one word that no form knows, so that it counts as filled in and every field as missing."""
    if path.startswith("/api/") and method != "GET":
        facts: dict[str, Any] = {"data": json.dumps(data or {}), "content_type": "application/json"}
    elif method in ("GET", "POST"):
        facts = {"data": data or ({} if method == "GET" else {"nothing": "1"})}
    else:
        facts = {"data": "", "content_type": "application/x-www-form-urlencoded"}
    assert _exists(path.partition("?")[0])
    return Answer.of(getattr(client, method.lower())(path, **facts))
