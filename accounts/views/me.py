"""The account's own page: who am I here, where am I logged in, which programs act for me."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.doors import requires
from accounts.forms.login import ChangePasswordForm, StepUpForm
from accounts.queries.own import own_page
from accounts.services.devices import renew_backup_codes
from accounts.services.login import WRONG_CODE, check_code, check_password
from accounts.services.passwords import PasswordRefused, change_password, password_has_expired, password_policy
from accounts.services.sessions import address_of, end_own_session, prove_again
from accounts.services.tokens import revoke_token
from accounts.terms import Permission
from accounts.views.onward import onward_of


@requires(Permission.SEE_OWN_PAGE)
@never_cache
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    facts = own_page(
        request.user, this_session=request.session.session_key, today=timezone.localdate(), now=timezone.now()
    )
    return render(request, "accounts/me.html", {"own": facts})


@requires(Permission.SEE_OWN_PAGE)
@never_cache
@sensitive_post_parameters("old_password", "new_password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    user = request.user
    form = ChangePasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        old = form.secret("old_password")
        if check_password(username=user.username, password=old, address=address_of(request)) is None:
            form.add_error("old_password", "现在的密码不对，或者连续输错了几次。请核对后再试。")
        else:
            try:
                change_password(user=user, new=form.secret("new_password"), keep_session=request.session.session_key)
            except PasswordRefused as refusal:
                for reason in refusal.reasons:
                    form.add_error(refusal.field, reason)
            else:
                update_session_auth_hash(request, user)  # this browser stays; its session id is new
                messages.success(request, "密码已修改。其他地方的登录都已退出。")
                return redirect("accounts:me")
    facts = {"form": form, "policy": password_policy(), "expired": password_has_expired(user)}
    return render(request, "accounts/password.html", facts)


@requires(Permission.SEE_OWN_PAGE)
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def step_up(request: HttpRequest) -> HttpResponse:
    """Password and code once more, for what must not be done at a forgotten screen."""
    user, address = request.user, address_of(request)
    form = StepUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        known = check_password(username=user.username, password=form.secret("password"), address=address)
        if known is None:
            form.add_error("password", "密码不对，或者连续输错了几次。请核对后再试。")
        elif not check_code(user=user, code=form.cleaned_data["code"], address=address, ends_login=False):
            form.add_error("code", WRONG_CODE)
        else:
            prove_again(request)
            return redirect(onward_of(request) or "accounts:me")
    return render(request, "accounts/step_up.html", {"form": form, "next": onward_of(request)})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.SEE_OWN_PAGE, step_up=True)
@never_cache
def backup_codes(request: HttpRequest) -> HttpResponse:
    codes = renew_backup_codes(user=request.user) if request.method == "POST" else None
    return render(request, "accounts/backup_codes.html", {"codes": codes})


@requires(Permission.SEE_OWN_PAGE)
@require_POST
def session_end(request: HttpRequest, session: UUID) -> HttpResponse:
    end_own_session(uuid=session, by=request.user)
    messages.success(request, "那一处登录已退出。")
    return redirect("accounts:me")


@requires(Permission.SEE_OWN_PAGE)
@require_POST
def token_revoke(request: HttpRequest, token: UUID) -> HttpResponse:
    revoke_token(uuid=token, by=request.user)
    messages.success(request, "接口令牌已撤销，从现在起不能再用。")
    return redirect("accounts:me")
