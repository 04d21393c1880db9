"""规则变更: the difference report first, then the switch with its date."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.audit import saw
from accounts.doors import requires, where
from accounts.queries.county_rules import first_county
from accounts.refusals import Refused
from accounts.rules.policy_keys import POLICY_KEYS
from accounts.terms import FieldGroup, Permission, Purpose
from followup.forms.rule_change import RuleForm
from followup.queries.rule_change import Difference, difference
from followup.services.rule_change import switch_rule

MOST_NAMES = 200


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.EDIT_POLICY, step_up=True)
@never_cache
def rule_change(request: HttpRequest) -> HttpResponse:
    """GET with the plan shows the report; POST of the same plan switches."""
    county = first_county(where(request.user, Permission.EDIT_POLICY).counties)
    given = request.POST if request.method == "POST" else (request.GET if "key" in request.GET else None)
    form = RuleForm(given, initial={"starts_on": f"{timezone.localdate():%Y-%m-%d}"})
    report: Difference | None = None
    if form.is_valid():
        plan = form.cleaned_data
        if request.method == "POST":
            try:
                switch_rule(county=county, seen=_seen(request), by=request.user, **plan)
            except Refused as refusal:
                refusal.stand_beside(form)
            else:
                messages.success(request, f"已登记，{plan['starts_on']:%Y-%m-%d} 起的随访按新的规则。")
                return redirect("accounts:policy")
        report = difference(county, plan["key"], plan["value"], plan["starts_on"])
    asked = request.GET.get("township", "")
    shown = [one for one in report.moved if str(one.township) == asked][:MOST_NAMES] if report else []
    saw((one.uuid for one in shown), (FieldGroup.IDENTITY, FieldGroup.MANAGEMENT), Purpose.QUALITY)
    context = {
        "form": form, "county": county, "report": report, "shown": shown, "label": _label(form),
        "query": _query(request),
    }  # fmt: skip
    return render(request, "followup/rule_change.html", context, status=400 if form.errors else 200)


def _seen(request: HttpRequest) -> int:
    text = request.POST.get("seen", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else -1


def _label(form: RuleForm) -> str:
    said = getattr(form, "cleaned_data", {})
    if "key" not in said or not isinstance(said.get("value"), int):
        return ""
    facts = POLICY_KEYS[said["key"]]
    return f"{facts.label}改为 {facts.say(said['value'])}"


def _query(request: HttpRequest) -> str:
    kept = request.GET.copy()
    kept.pop("township", None)
    return kept.urlencode()
