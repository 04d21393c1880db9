"""The county office's own settings: dated rules, and the working calendar."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.doors import requires, where
from accounts.forms.county_rules import CalendarDayForm, PolicyForm
from accounts.queries.county_rules import calendar_year, first_county, policy_lines
from accounts.refusals import Refused
from accounts.services.county_rules import MAX_YEAR, MIN_YEAR, forget_calendar_day, set_calendar_day, set_policy
from accounts.terms import Permission


@requires(Permission.EDIT_POLICY)
@require_http_methods(["GET", "HEAD", "POST"])
def policy(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    county = first_county(where(request.user, Permission.EDIT_POLICY).counties)
    form = PolicyForm(request.POST or None, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            set_policy(county=county, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            messages.success(request, "新的值已登记，从生效日期起按它办理。")
            return redirect("accounts:policy")
    facts = {"form": form, "county": county, "lines": policy_lines(county, today), "today": today}
    return render(request, "accounts/policy.html", facts)


@requires(Permission.EDIT_CALENDAR)
@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    year = _year(request.GET.get("year"), today.year)
    form = CalendarDayForm(request.POST or None, today=today)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            set_calendar_day(day=said["day"], is_working=said["is_working"] == "1", note=said["note"], by=request.user)
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            messages.success(
                request, f"{said['day']:%Y-%m-%d} 已登记为{'上班' if said['is_working'] == '1' else '休息'}。"
            )
            return redirect(f"{request.path}?year={said['day'].year}")
    return render(request, "accounts/calendar.html", {"form": form, "shown": calendar_year(year), "today": today})


@requires(Permission.EDIT_CALENDAR)
@require_POST
def calendar_forget(request: HttpRequest) -> HttpResponse:
    form = CalendarDayForm({**request.POST.dict(), "is_working": "0", "note": "-"}, today=timezone.localdate())
    if not form.is_valid():
        raise Http404
    day = form.cleaned_data["day"]
    forget_calendar_day(day=day, by=request.user)
    messages.success(request, f"{day:%Y-%m-%d} 改回按放假通知计算。")
    return redirect(f"{reverse('accounts:calendar')}?year={day.year}")


def _year(text: str | None, this_year: int) -> int:
    year = int(text) if text and text.isascii() and text.isdigit() and len(text) == 4 else this_year
    return year if MIN_YEAR <= year <= MAX_YEAR else this_year
