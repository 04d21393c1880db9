"""The first login and every login after a reset: one-time code, own password, authenticator."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from accounts.doors import public
from accounts.forms.login import CodeForm, NewPasswordForm, OneTimeCodeForm
from accounts.services.devices import (
    confirm_device,
    device_to_enrol,
    device_with_new_secret,
    enrolment_address,
    has_device,
    qr_picture,
    typed_secret,
)
from accounts.services.login import WRONG_CODE, WRONG_ONE_TIME_CODE, check_one_time_code
from accounts.services.passwords import PasswordRefused, password_policy, redeem_one_time_code
from accounts.services.sessions import address_of, begin_pending, begin_session, pending
from accounts.views.login import second_step


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def first_login(request: HttpRequest) -> HttpResponse:
    form = OneTimeCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        row = check_one_time_code(
            username=form.cleaned_data["username"], code=form.cleaned_data["code"], address=address_of(request)
        )
        if row is not None:
            begin_pending(request, row.user, code=str(row.uuid))
            return redirect("accounts:password_new")
        form.add_error(None, WRONG_ONE_TIME_CODE)
    return render(request, "accounts/first_login.html", {"form": form})


@public
@never_cache
@sensitive_post_parameters("new_password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def password_new(request: HttpRequest) -> HttpResponse:
    held = pending(request)
    if held is None or not held.code:
        return redirect("accounts:first_login")
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = redeem_one_time_code(code=held.code, new=form.secret("new_password"))
        except PasswordRefused as refusal:
            for reason in refusal.reasons:
                form.add_error(refusal.field, reason)
        else:
            return second_step(request, user, onward="")
    facts = {"form": form, "policy": password_policy(), "who": held.user.display_name}
    return render(request, "accounts/password_new.html", facts)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """Set up the authenticator; the first right code logs in and shows the backup codes, this once."""
    held = pending(request)
    if held is None or held.code or has_device(held.user):
        return redirect("accounts:login")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        codes = confirm_device(user=held.user, code=form.cleaned_data["code"], address=address_of(request))
        if codes is not None:
            begin_session(request, held.user)
            facts = {"codes": codes, "onward": held.onward or "/"}
            return render(request, "accounts/backup_codes_first.html", facts)
        form.add_error("code", WRONG_CODE)
    device = device_to_enrol(held.user) if request.method == "POST" else device_with_new_secret(held.user)
    return render(request, "accounts/enrol.html", {"form": form, "secret": typed_secret(device)})


@public
@never_cache
@require_GET
def enrol_picture(request: HttpRequest) -> HttpResponse:
    held = pending(request)
    if held is None or held.code or has_device(held.user):
        raise Http404
    picture = qr_picture(enrolment_address(device_to_enrol(held.user), held.user))
    return HttpResponse(picture, content_type="image/svg+xml")
