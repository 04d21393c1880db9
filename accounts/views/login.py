"""Login in two steps, and logout."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.doors import public
from accounts.forms.login import BackupCodeForm, CodeForm, PasswordStepForm
from accounts.middleware_sessions import ENDED
from accounts.models import User
from accounts.services.devices import device_to_enrol, has_device
from accounts.services.login import (
    SAME_ANSWER,
    WRONG_BACKUP_CODE,
    WRONG_CODE,
    check_backup_code,
    check_code,
    check_password,
)
from accounts.services.sessions import Pending, address_of, begin_pending, begin_session, end_session, pending
from accounts.views.onward import onward_of

WHY_ENDED = {
    "idle": "有一阵没有操作，系统已自动退出。请重新登录，刚才的页面会再打开。",
    "absolute": "登录已满 8 小时，系统已自动退出。请重新登录。",
}


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(onward_of(request) or "home")
    form = PasswordStepForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = check_password(
            username=form.cleaned_data["username"], password=form.secret("password"), address=address_of(request)
        )
        if user is not None:
            return second_step(request, user, onward=onward_of(request))
        form.add_error(None, SAME_ANSWER)
    why = WHY_ENDED.get(request.session.pop(ENDED, "") if ENDED in request.session else "")
    return render(request, "accounts/login.html", {"form": form, "next": onward_of(request), "why": why})


def second_step(request: HttpRequest, user: User, *, onward: str) -> HttpResponse:
    """On to the code; who has no authenticator yet sets one up first."""
    begin_pending(request, user, onward=onward)
    if has_device(user):
        return redirect("accounts:login_code")
    device_to_enrol(user)
    return redirect("accounts:enrol")


def let_in(request: HttpRequest, held: Pending) -> HttpResponse:
    begin_session(request, held.user)
    return redirect(held.onward or "home")


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def login_code(request: HttpRequest) -> HttpResponse:
    held = pending(request)
    if held is None:
        return redirect("accounts:login")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if check_code(user=held.user, code=form.cleaned_data["code"], address=address_of(request)):
            return let_in(request, held)
        form.add_error("code", WRONG_CODE)
    return render(request, "accounts/login_code.html", {"form": form})


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def login_backup(request: HttpRequest) -> HttpResponse:
    held = pending(request)
    if held is None:
        return redirect("accounts:login")
    form = BackupCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if check_backup_code(user=held.user, code=form.cleaned_data["code"], address=address_of(request)):
            return let_in(request, held)
        form.add_error("code", WRONG_BACKUP_CODE)
    return render(request, "accounts/login_backup.html", {"form": form})


@public
@never_cache
@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    end_session(request)
    answer = redirect("accounts:login")
    answer["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return answer
