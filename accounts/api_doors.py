"""What every API page of the product shares: the right it needs, strict fields, one shape of error, short pages."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from cryptography.exceptions import InvalidTag
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.core.exceptions import ValidationError as NotAValue
from django.http import Http404
from rest_framework import exceptions, serializers
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from accounts.crypto import seal, unseal
from accounts.doors import can
from accounts.refusals import Denied, NotHere, Refused
from accounts.terms import Permission

PAGE_SIZE = 50
SENTENCES = {
    400: "请求的内容有误，请按各字段的说明改正。",
    401: "请先登录，或带上有效的令牌。",
    405: "这个地址不支持这种操作。",
    406: "只提供 JSON 格式。",
    415: "请用 JSON 格式提交。",
    429: "请求太频繁，请稍后再试。",
}


class Needs(BasePermission):
    """The view names its right: `requires = Permission.X`, or one per method: `requires = {"GET": ..., "POST": ...}`."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if request.method and not hasattr(view, request.method.lower()):
            raise exceptions.MethodNotAllowed(request.method)
        named = getattr(view, "requires", None)
        permission = named.get(request.method) if isinstance(named, dict) else named
        if request.auth is not None and not can(request.user, Permission.USE_API):
            return False
        return isinstance(permission, Permission) and can(request.user, permission)


class DoorView(APIView):
    """Base of every API view."""

    requires: Permission | dict[str, Permission]
    permission_classes = (Needs,)


class StrictSerializer(serializers.Serializer[Any]):
    """Unknown fields are refused by name: nothing the caller sends is silently dropped or assigned."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and (unknown := sorted(set(data) - set(self.fields))):
            raise serializers.ValidationError({name: ["没有这个字段。"] for name in unknown})
        return super().to_internal_value(data)


MARK: dict[str, Any] = {"label": "api.cursor", "uuid": UUID(int=0)}


class ShortPages(CursorPagination):
    """Pages by a sealed mark: where a page begins is a key of ours, and how many keys there are is nobody's affair."""

    page_size = PAGE_SIZE
    max_page_size = PAGE_SIZE
    page_size_query_param = "page_size"
    ordering: str | tuple[str, ...] = "-id"

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> Any:
        """A mark that was tampered with holds what is no key and no day: refused, not an error of ours."""
        try:
            return super().paginate_queryset(queryset, request, view=view)
        except (ValueError, NotAValue):
            raise exceptions.ValidationError({"cursor": ["这个翻页标记无效，请从第一页重新开始。"]}) from None

    def encode_cursor(self, cursor: Any) -> str:
        url: str = super().encode_cursor(cursor)
        (plain,) = parse_qs(urlsplit(url).query)[self.cursor_query_param]
        mark = urlsafe_b64encode(seal(plain.encode(), **MARK)).decode()
        return replace_query_param(url, self.cursor_query_param, mark)

    def decode_cursor(self, request: Any) -> Any:
        mark = request.query_params.get(self.cursor_query_param)
        if mark is None:
            return None
        try:
            plain = unseal(urlsafe_b64decode(mark.encode()), **MARK).decode()
        except (ValueError, InvalidTag, ImproperlyConfigured):
            raise NotAValue("not a mark of ours") from None
        asked = cast(Request, SimpleNamespace(query_params={self.cursor_query_param: plain}))
        return super().decode_cursor(asked)


def error(code: str, message: str, fields: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {"code": code, "message": message, "fields": fields or {}, **more}


def _fields(detail: Any) -> dict[str, Any]:
    return detail if isinstance(detail, dict) else {"": detail}


def handle(exception: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: {"code", "message", "fields"} in Chinese, whatever was raised."""
    if isinstance(exception, Http404):
        exception = NotHere()
    if isinstance(exception, (PermissionDenied, exceptions.PermissionDenied)):
        exception = Denied()
    if isinstance(exception, Refused):
        fields = {exception.field: [exception.message]} if exception.field else {}
        more = {name: getattr(exception, name) for name in ("theirs", "mine") if getattr(exception, name, None)}
        return Response(error(exception.code, exception.message, fields, **more), status=exception.status)
    if isinstance(exception, exceptions.ValidationError):
        return Response(error("invalid", SENTENCES[400], _fields(exception.detail)), status=400)
    if isinstance(exception, exceptions.APIException):
        status = exception.status_code
        headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
        code = str(getattr(exception, "default_code", "error"))
        return Response(error(code, SENTENCES.get(status, "没有办成，请稍后再试。")), status=status, headers=headers)
    return None
