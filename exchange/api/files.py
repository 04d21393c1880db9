"""exchanges/{uuid}/file/ of the HTTP API, for the receiving agency: its own files, by the same service as the page."""

from typing import Any
from uuid import UUID

from django.http import HttpResponseBase, StreamingHttpResponse
from django.urls import path, reverse
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request

from accounts.api_doors import DoorView
from accounts.terms import Permission
from exchange.doors import own_package
from exchange.models import MyPackage
from exchange.rules.delivery import fetches_left
from exchange.services.delivery_fetching import Fetched, fetch, verdict_on
from exchange.terms import FetchWay, Verdict


class FileFactsSerializer(serializers.Serializer[Any]):
    """The file of a released package; `available` false: `reason` says why."""

    rows = serializers.IntegerField()
    is_correction = serializers.BooleanField()
    archive_sha256 = serializers.CharField(help_text="解密后压缩包的 SHA-256")
    available = serializers.BooleanField()
    reason = serializers.CharField(allow_blank=True)
    expires_at = serializers.DateTimeField(allow_null=True)
    downloads_left = serializers.IntegerField()
    file = serializers.CharField(help_text="加密文件的地址")


def file_facts(row: MyPackage) -> dict[str, Any]:
    """What the list of packages says of each one's file."""
    verdict = verdict_on(row.uuid, timezone.localdate()) or Verdict.NOT_YET
    more = {
        "available": verdict is Verdict.OPEN,
        "reason": "" if verdict is Verdict.OPEN else str(verdict.label),
        "downloads_left": fetches_left(row.most, row.used),
        "file": reverse("api:exchange_file", args=[row.uuid]),
    }
    names = ("rows", "is_correction", "archive_sha256", "expires_at")
    found: dict[str, Any] = FileFactsSerializer({name: getattr(row, name) for name in names} | more).data
    return found


class ExchangeFile(DoorView):
    """The encrypted file (age). Every answer is one of three downloads; asking for the head alone is not allowed."""

    requires = Permission.COLLECT_PACKAGE
    http_method_names = ("get", "options")
    serializer_class = None

    def get(self, request: Request, uuid: UUID) -> HttpResponseBase:
        row = own_package(request.user, uuid)
        return as_response(fetch(package=row, way=FetchWay.API, by=request.user))


def as_response(made: Fetched) -> StreamingHttpResponse:
    """The file as it goes out, for the page and for a program alike."""
    answer = StreamingHttpResponse(made.blocks(), content_type="application/octet-stream")
    answer.headers["Content-Length"] = str(made.size)
    answer.headers["Content-Disposition"] = f'attachment; filename="{made.name}"'
    answer.headers["Cache-Control"] = "no-store"
    answer.opens_own_scope = True  # type: ignore[attr-defined]
    return answer


api_urlpatterns = [
    path("exchanges/<uuid:uuid>/file/", ExchangeFile.as_view(), name="exchange_file"),
]
