"""The receiving office's packages and its receipts for them: numbers and row marks; the names lie in the file."""

import csv
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.carrying import sent
from accounts.doors import requires
from accounts.refusals import Refused
from accounts.terms import Permission
from exchange.doors import own_package
from exchange.forms.receipts import ReceiptFileForm, RowsForm
from exchange.models import MyPackage
from exchange.queries.agency_keys import own_key
from exchange.queries.package_receipts import said_of
from exchange.rules.periods import period
from exchange.rules.receipts import COLUMNS, issue_mark, list_of, serial_of
from exchange.services.receiving import ReceiptRefused, Taken, accept_all, read_file, read_rows, send_receipt
from exchange.terms import ListKind, ReceiptWay, RowVerdict
from exchange.views.who import me

P = Permission
PAGE, MOST = 50, 100
SAVED, AGAIN = "回执已登记。", "这些内容已经登记过，没有变化。"


def _own(request: HttpRequest, uuid: UUID) -> MyPackage:
    return own_package(me(request), uuid)


@requires(P.COLLECT_PACKAGE)
@never_cache
@require_safe
def package(request: HttpRequest, uuid: UUID) -> HttpResponse:
    return _page(request, _own(request, uuid), ReceiptFileForm(initial={"form_id": uuid4()}))


def _page(request: HttpRequest, row: MyPackage, form: ReceiptFileForm, wrong: Any = ()) -> HttpResponse:
    context = {
        "row": row,
        "label": period(row.period).label,
        "lists": [(ListKind(kind).label, rows) for kind, rows in row.lists],
        "form": form,
        "form_id": uuid4(),
        "wrong": wrong[:MOST],
        "more": len(wrong[MOST:]),
        "county_key": own_key(),
    }
    return render(request, "exchange/my_package.html", context, status=400 if wrong or form.errors else 200)


def _thanked(request: HttpRequest, uuid: UUID, act: Callable[[], Taken]) -> HttpResponse:
    try:
        new = act()
    except Refused as refusal:
        if refusal.status != 409:
            raise
        messages.warning(request, refusal.message)
    else:
        messages.success(request, _said(new))
    return redirect("exchange:my_package", uuid)


def _said(new: Taken) -> str:
    if not new:
        return AGAIN
    return f"{SAVED}其中 {new.older} 行已有更晚填写的登记，以更晚的为准。" if new.older else SAVED


def _form_id(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("form_id", ""))
    except ValueError:
        return uuid4()


@requires(P.COLLECT_PACKAGE)
@never_cache
@require_POST
def receipt_all(request: HttpRequest, uuid: UUID) -> HttpResponse:
    row = _own(request, uuid)
    return _thanked(request, uuid, lambda: accept_all(package=row, form_id=_form_id(request), by=me(request)))


@requires(P.COLLECT_PACKAGE)
@never_cache
@require_POST
def receipt_file(request: HttpRequest, uuid: UUID) -> HttpResponse:
    row, form = _own(request, uuid), ReceiptFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, row, form)
    file = form.cleaned_data["file"]
    try:
        sheet = read_file(package=row, file=file, name=file.name)
    except ReceiptRefused as refusal:
        return _page(request, row, form, refusal.wrong)
    form_id = sheet.form_id or form.cleaned_data["form_id"] or uuid4()
    return _thanked(
        request, uuid,
        lambda: send_receipt(
            package=row, said=sheet.said, way=ReceiptWay.FILE, form_id=form_id, by=me(request), issued=sheet.issued
        ),
    )  # fmt: skip


@requires(P.COLLECT_PACKAGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def receipt_rows(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Fifty rows at a time; `show` leaves only those that still wait, or that were sent back or not found."""
    row = _own(request, uuid)
    show = request.GET.get("show", "")
    said = said_of(row)
    wanted = [number for number in range(1, row.sent + 1) if _shown(show, said.get(number))]
    page = Paginator(wanted, PAGE).get_page(request.GET.get("page"))
    serials = [(number, serial_of(row.uuid, number)) for number in page.object_list]
    form = RowsForm(sent(request), serials=serials, said=said, initial={"form_id": uuid4()})
    wrong: tuple[Any, ...] = ()
    if request.method == "POST" and form.is_valid() and (lines := form.lines()):
        try:
            found = read_rows(package=row, lines=lines)
        except ReceiptRefused as refusal:
            wrong = tuple(
                replace(one, sentence=f"{serial_of(row.uuid, one.line)}：{one.sentence}") for one in refusal.wrong
            )
        else:
            form_id = form.cleaned_data["form_id"] or uuid4()
            return _thanked(
                request, uuid,
                lambda: send_receipt(package=row, said=found, way=ReceiptWay.ROWS, form_id=form_id, by=me(request)),
            )  # fmt: skip
    context = {
        "row": row, "label": period(row.period).label, "page": page, "form": form, "wrong": wrong, "show": show,
        "rows": [(one, ListKind(list_of(row.lists, one["number"])[0]).label) for one in form.rows],
        "filters": [(code, words, code == show) for code, words in SHOWN.items()],
    }  # fmt: skip
    return render(request, "exchange/my_receipt_rows.html", context, status=400 if wrong or form.errors else 200)


SHOWN = {"": "全部", "pending": "待核对", "back": "对不上和退回"}


def _shown(show: str, said: Any) -> bool:
    if show == "pending":
        return said is None
    if show == "back":
        return said is not None and said.verdict != RowVerdict.MATCHED
    return True


@requires(P.COLLECT_PACKAGE)
@never_cache
@require_safe
def receipt_blank(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The sheet to fill: every 行号 of the package, what was said so far, and when it was made; nothing else."""
    row = _own(request, uuid)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="receipt-{row.period}-{row.uuid.hex[:8]}.csv"'
    answer.write("\ufeff")
    writer, said, issue = csv.writer(answer, lineterminator="\r\n"), said_of(row), issue_mark(timezone.now())
    writer.writerow(COLUMNS)
    for number in range(1, row.sent + 1):
        one = said.get(number)
        words = [one.get_verdict_display(), one.get_because_display() if one.because else ""] if one else ["", ""]
        writer.writerow([serial_of(row.uuid, number), *words, "", issue])
    return answer
