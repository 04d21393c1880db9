"""The text of 表1-5 and its versions, for the county office."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.doors import requires, where
from accounts.models import Division
from accounts.refusals import Refused
from accounts.terms import Permission
from registry.forms.papers import ConsentTextForm
from registry.queries.consents import texts_of
from registry.queries.teams import counties_in
from registry.services.consents import publish_consent_text
from registry.views.who import me


def _county(request: HttpRequest) -> Division | None:
    return next(iter(counties_in(where(me(request), Permission.EDIT_POLICY))), None)


@requires(Permission.EDIT_POLICY)
@require_http_methods(["GET", "HEAD", "POST"])
def consent_texts(request: HttpRequest) -> HttpResponse:
    county = _county(request)
    texts = texts_of(county.pk if county else 0)
    begin = {"starts_on": timezone.localdate().isoformat(), "body": texts[0].body}
    form = ConsentTextForm(request.POST or None, initial=begin)
    if request.method == "POST" and form.is_valid() and county is not None:
        try:
            publish_consent_text(county=county, by=me(request), **form.cleaned_data)
        except Refused as refusal:
            refusal.stand_beside(form)
        else:
            messages.success(request, "新版本已发布，从启用日期起签字用它。已经签过的不变。")
            return redirect("registry:consent_texts")
    facts = {"form": form, "texts": texts}
    return render(request, "registry/consent_texts.html", facts, status=400 if form.errors else 200)
