"""Accounts and their assignments, for the administrators of a county."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.doors import can, requires
from accounts.forms.accounts import AccountForm, AssignmentForm, EndForm, ReasonForm, ResetForm, place_options
from accounts.models import Division
from accounts.queries.administered import (
    account_in,
    account_lines,
    accounts_in,
    agencies_in,
    areas_administered,
    assignment_of,
    assignments_of,
    divisions_in,
    place_finder,
)
from accounts.refusals import Refused
from accounts.rules.text import TextRefused, clean_text
from accounts.services import accounts as service
from accounts.terms import DivisionLevel, Permission

PER_PAGE = 50
SUGGESTED = frozenset({DivisionLevel.COUNTY.value, DivisionLevel.TOWNSHIP.value})


def areas_of(request: HttpRequest, permission: Permission = Permission.MANAGE_ACCOUNTS) -> list[Division]:
    return areas_administered(request.user, permission, timezone.localdate())


def _assignment_inputs(areas: list[Division]) -> dict[str, Any]:
    return {"agencies": agencies_in(areas), "find": place_finder(areas), "today": timezone.localdate()}


def _searched(request: HttpRequest) -> str | None:
    """The beginning of a name; None when the text cannot be one."""
    try:
        return clean_text(request.GET.get("q", ""), max_length=40)
    except TextRefused:
        return None


@requires(Permission.MANAGE_ACCOUNTS)
@never_cache
@require_safe
def users(request: HttpRequest) -> HttpResponse:
    areas = areas_of(request)
    wanted = _searched(request)
    found = accounts_in(areas).order_by("agency__division__code", "username")
    if wanted is None:
        found = found.none()
    elif wanted:
        found = found.filter(username__startswith=wanted.lower()) | found.filter(display_name__startswith=wanted)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    facts = {
        "page": page,
        "lines": account_lines(page.object_list, timezone.localdate()),
        "areas": areas,
        "q": wanted or "",
    }
    return render(request, "accounts/user_list.html", facts)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_ACCOUNTS, step_up=True)
@never_cache
def user_new(request: HttpRequest) -> HttpResponse:
    areas = areas_of(request)
    form = AccountForm(request.POST or None, **_assignment_inputs(areas))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            user, code = service.create_account(
                username=said["username"],
                display_name=said["display_name"],
                agency=said["agency"],
                first=form.assignment(),
                by=request.user,
            )
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            return render(request, "accounts/one_time_code.html", {"account": user, "code": code, "is_new": True})
    facts = {"form": form, "places": place_options(divisions_in(areas, SUGGESTED))}
    return render(request, "accounts/user_new.html", facts)


@requires(Permission.MANAGE_ACCOUNTS)
@never_cache
@require_safe
def user(request: HttpRequest, account: UUID) -> HttpResponse:
    found = account_in(areas_of(request), account)
    today = timezone.localdate()
    facts = {
        "account": found,
        "line": account_lines([found], today)[0],
        "assignments": assignments_of(found),
        "today": today,
        "can_grant": can(request.user, Permission.GRANT_ROLE),
        "is_self": found == request.user,
    }
    return render(request, "accounts/user.html", facts)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.GRANT_ROLE, step_up=True)
@never_cache
def assignment_new(request: HttpRequest, account: UUID) -> HttpResponse:
    areas = areas_of(request, Permission.GRANT_ROLE)
    found = account_in(areas, account)
    form = AssignmentForm(request.POST or None, initial={"agency": found.agency_id}, **_assignment_inputs(areas))
    if request.method == "POST" and form.is_valid():
        try:
            service.add_assignment(user=found, facts=form.assignment(), by=request.user)
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            messages.success(request, "任职已登记，本人下一次操作时生效。")
            return redirect("accounts:user", found.uuid)
    facts = {"form": form, "account": found, "places": place_options(divisions_in(areas, SUGGESTED))}
    return render(request, "accounts/assignment_new.html", facts)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.GRANT_ROLE, step_up=True)
@never_cache
def assignment_end(request: HttpRequest, account: UUID, assignment: UUID) -> HttpResponse:
    found = account_in(areas_of(request, Permission.GRANT_ROLE), account)
    row = assignment_of(found, assignment)
    today = timezone.localdate()
    form = EndForm(request.POST or None, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            service.end_assignment(assignment=row, on=form.cleaned_data["ends_on"], by=request.user, today=today)
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            messages.success(request, "任职的最后一天已登记。")
            return redirect("accounts:user", found.uuid)
    return render(request, "accounts/assignment_end.html", {"form": form, "account": found, "assignment": row})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_ACCOUNTS, step_up=True)
@never_cache
def user_reset(request: HttpRequest, account: UUID) -> HttpResponse:
    found = account_in(areas_of(request), account)
    form = ResetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            code = service.reset_login(user=found, forget_phone=form.cleaned_data["forget_phone"], by=request.user)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return render(request, "accounts/one_time_code.html", {"account": found, "code": code, "is_new": False})
    return render(request, "accounts/user_reset.html", {"form": form, "account": found})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_ACCOUNTS, step_up=True)
@never_cache
def user_switch(request: HttpRequest, account: UUID) -> HttpResponse:
    """Disable an account, or enable it again."""
    found = account_in(areas_of(request), account)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        switch = service.disable_account if found.is_active else service.enable_account
        try:
            switch(user=found, because=form.cleaned_data["because"], by=request.user)
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            messages.success(request, "账号已启用。" if found.is_active else "账号已停用，本人已退出登录。")
            return redirect("accounts:user", found.uuid)
    return render(request, "accounts/user_switch.html", {"form": form, "account": found})
