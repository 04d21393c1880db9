"""alerts/ and exchanges/ of the HTTP API, for the receiving office: what was disclosed to it, by the same services as the pages."""

from typing import Any
from uuid import UUID, uuid4

from django.urls import path
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api_doors import DoorView, ShortPages, StrictSerializer
from accounts.doors import where
from accounts.refusals import NotHere
from accounts.rules.text import TextRefused, clean_text
from accounts.terms import Permission
from exchange.api.files import FileFactsSerializer, file_facts
from exchange.doors import own_package
from exchange.models import InboxCase, MyPackage
from exchange.queries.inbox import Card, cards_of, own_case, own_cases
from exchange.queries.package_receipts import my_packages
from exchange.rules.feedback import LONGEST_NOTE, Answer
from exchange.rules.receipts import FAST_CLOCK
from exchange.rules.receipts import LONGEST_NOTE as LONGEST_RECEIPT_NOTE
from exchange.services.inbox import AnswerRefused, acknowledge, answer, open_cases, see
from exchange.services.receiving import ReceiptRefused, Taken, accept_all, read_rows, send_receipt
from exchange.terms import Action, CaseStatus, ContentField, Met, ReceiptWay, RefusedBecause, Result, RowVerdict

MOST_RECEIPT_ROWS = 20_000
MOST_TOLD = 50


class ContentSerializer(serializers.Serializer[Any]):
    """What the office's template lists; a field that the office may not have is absent."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {
            field.value: serializers.CharField(required=False, allow_blank=True, label=field.label)
            for field in ContentField
        }


class AlertSerializer(serializers.Serializer[Any]):
    """A case as its office may see it now: no content before 签收, number and dates only once it is closed."""

    uuid = serializers.UUIDField()
    number = serializers.CharField()
    status = serializers.ChoiceField(choices=CaseStatus)
    level = serializers.IntegerField(allow_null=True)
    area = serializers.CharField(allow_null=True)
    opened_at = serializers.DateTimeField()
    delivered_at = serializers.DateTimeField()
    seen_at = serializers.DateTimeField(allow_null=True)
    acknowledged_at = serializers.DateTimeField(allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    waiting = serializers.IntegerField(help_text="还没有签收的通知数")
    content = ContentSerializer(allow_null=True)
    disputed = serializers.BooleanField(help_text="本人或监护人对提供这些信息有异议")


class FeedbackSerializer(StrictSerializer):
    form_id = serializers.UUIDField(required=False)
    met = serializers.ChoiceField(choices=Met)
    met_at = serializers.DateTimeField()
    actions = serializers.MultipleChoiceField(choices=Action)
    result = serializers.ChoiceField(choices=Result)
    note = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_NOTE, default="")

    def validate_note(self, text: str) -> str:
        try:
            return clean_text(text, max_length=LONGEST_NOTE, lines=True)
        except TextRefused as refusal:
            raise serializers.ValidationError(str(refusal)) from None


def _offices(request: Request) -> frozenset[int]:
    return where(request.user, Permission.RECEIVE_ALERT).offices


def _own(request: Request, uuid: UUID) -> InboxCase:
    found = own_case(_offices(request), uuid)
    if found is None:
        raise NotHere
    return found


def _as_json(request: Request, cases: list[InboxCase]) -> list[dict[str, Any]]:
    """Opens what has been signed for: each such case is a line of the ledger, as on the page."""
    contents = open_cases(cases=[case for case in cases if not case.is_closed], by=request.user)
    cards = cards_of(cases, now=timezone.localtime(), you=request.user.pk)
    return [AlertSerializer(_facts(card, contents.get(card.case.uuid, []))).data for card in cards]


def _facts(card: Card, opened: list[Any]) -> dict[str, Any]:
    case, newest = card.case, card.newest
    return {
        "uuid": case.uuid,
        "number": case.number,
        "status": case.status,
        "level": case.level,
        "area": case.area,
        "opened_at": case.opened_at,
        "closed_at": case.closed_at,
        "delivered_at": newest.delivered_at,
        "seen_at": newest.seen_at,
        "acknowledged_at": newest.acknowledged_at,
        "answered_at": card.feedback[-1].given_at if card.feedback else None,
        "waiting": len(card.waiting),
        "content": opened[-1].content if opened else None,
        "disputed": bool(opened) and any(entry.disputed for entry in card.entries),
    }


class AlertList(DoorView):
    requires = Permission.RECEIVE_ALERT
    serializer_class = AlertSerializer

    def get(self, request: Request) -> Response:
        see(by=request.user)
        pages = ShortPages()
        cases = pages.paginate_queryset(own_cases(_offices(request)), request, view=self) or []
        return pages.get_paginated_response(_as_json(request, list(cases)))


class AlertAcknowledge(DoorView):
    requires = Permission.RECEIVE_ALERT
    serializer_class = AlertSerializer

    def post(self, request: Request, uuid: UUID) -> Response:
        """签收; a second time changes nothing. Answers the case with its content."""
        case = _own(request, uuid)
        acknowledge(case=case, by=request.user)
        return Response(_as_json(request, [case])[0])


class AlertFeedback(DoorView):
    requires = Permission.RECEIVE_ALERT
    serializer_class = FeedbackSerializer

    def post(self, request: Request, uuid: UUID) -> Response:
        """反馈; with the same form_id again nothing is repeated. 201 when saved, 200 when it had been saved before."""
        case = _own(request, uuid)
        form = FeedbackSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        said = form.validated_data
        given = Answer(
            said["met"],
            timezone.localtime(said["met_at"]),
            tuple(sorted(said["actions"])),
            said["result"],
            said["note"],
        )
        try:
            created = answer(case=case, given=given, form_id=said.get("form_id") or uuid4(), by=request.user)
        except AnswerRefused as refusal:
            raise serializers.ValidationError({name: [text] for name, text in refusal.fields.items()}) from None
        return Response(_as_json(request, [case])[0], status=201 if created else 200)


class ExchangeSerializer(serializers.Serializer[Any]):
    """A package released to the office: numbers. Its people stand in the file."""

    uuid = serializers.UUIDField()
    situation = serializers.CharField()
    period = serializers.CharField()
    version = serializers.IntegerField()
    state = serializers.CharField()
    released_at = serializers.DateTimeField()
    sent = serializers.IntegerField()
    matched = serializers.IntegerField()
    unmatched = serializers.IntegerField()
    refused = serializers.IntegerField()
    pending = serializers.IntegerField(help_text="sent = matched + unmatched + refused + pending")
    receipts = serializers.IntegerField()
    closed_at = serializers.DateTimeField(allow_null=True)


class ReceiptRowSerializer(StrictSerializer):
    serial = serializers.CharField(max_length=20, help_text="文件第一列的行号")
    verdict = serializers.ChoiceField(choices=RowVerdict)
    because = serializers.ChoiceField(choices=RefusedBecause, required=False, allow_blank=True, default="")
    note = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_RECEIPT_NOTE, default="")


class ReceiptSerializer(StrictSerializer):
    form_id = serializers.UUIDField(required=False)
    issued_at = serializers.DateTimeField(required=False, help_text="填写的时间；晚到的旧回执不盖掉更晚填写的")
    all_matched = serializers.BooleanField(required=False, default=False, help_text="其余没有回执的行都一致")
    rows = ReceiptRowSerializer(many=True, required=False, max_length=MOST_RECEIPT_ROWS)  # type: ignore[call-arg]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if bool(attrs.get("rows")) == bool(attrs.get("all_matched")):
            raise serializers.ValidationError({"rows": ["请在 rows 和 all_matched 中给一个。"]})
        if attrs.get("issued_at") and (attrs["all_matched"] or attrs["issued_at"] > timezone.now() + FAST_CLOCK):
            raise serializers.ValidationError({"issued_at": ["填写的时间只和 rows 一起给，不能晚于现在。"]})
        return attrs


class ExchangeListSerializer(ExchangeSerializer, FileFactsSerializer):
    """A package with its receipts' balance, and its file."""


class ExchangeList(DoorView):
    requires = Permission.COLLECT_PACKAGE
    serializer_class = ExchangeListSerializer

    def get(self, request: Request) -> Response:
        pages = ShortPages()
        mine = my_packages(where(request.user, Permission.COLLECT_PACKAGE).offices)
        rows = pages.paginate_queryset(mine, request, view=self) or []
        return pages.get_paginated_response([{**ExchangeSerializer(row).data, **file_facts(row)} for row in rows])


class ExchangeReceipt(DoorView):
    requires = Permission.COLLECT_PACKAGE
    serializer_class = ReceiptSerializer

    def post(self, request: Request, uuid: UUID) -> Response:
        """回执. All of it is taken, or nothing; the same again changes nothing: 201 when taken, 200 when known."""
        package = own_package(request.user, uuid)
        form = ReceiptSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        form_id = form.validated_data.get("form_id") or uuid4()
        if form.validated_data["all_matched"]:
            new = accept_all(package=package, form_id=form_id, by=request.user)
        else:
            new = self._rows(request, package, form.validated_data, form_id)
        now = own_package(request.user, uuid)
        return Response(ExchangeSerializer(now).data, status=201 if new else 200)

    def _rows(self, request: Request, package: MyPackage, given: dict[str, Any], form_id: UUID) -> Taken:
        rows = enumerate(given["rows"], 1)
        lines = [(number, {key: str(value) for key, value in row.items()}) for number, row in rows]
        try:
            said = read_rows(package=package, lines=lines)
        except ReceiptRefused as refusal:
            told = [f"第 {one.line} 条：{one.sentence}" for one in refusal.wrong[:MOST_TOLD]]
            raise serializers.ValidationError({"rows": told}) from None
        return send_receipt(
            package=package, said=said, way=ReceiptWay.API, form_id=form_id, by=request.user,
            issued=given.get("issued_at"),
        )  # fmt: skip


api_urlpatterns = [
    path("alerts/", AlertList.as_view(), name="alerts"),
    path("alerts/<uuid:uuid>/acknowledge/", AlertAcknowledge.as_view(), name="alert_acknowledge"),
    path("alerts/<uuid:uuid>/feedback/", AlertFeedback.as_view(), name="alert_feedback"),
    path("exchanges/", ExchangeList.as_view(), name="exchanges"),
    path("exchanges/<uuid:uuid>/receipt/", ExchangeReceipt.as_view(), name="exchange_receipt"),
]
