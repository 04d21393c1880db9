"""复核: the psychiatrist confirms the level or the fall, for every office at once."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.doors import requires
from accounts.models import User
from accounts.queries.calendar import work_calendar
from accounts.queries.policy import policies
from accounts.refusals import Refused
from accounts.terms import FieldGroup, Permission, Purpose
from exchange.forms.review import ReviewForm
from exchange.queries.receipts import alerts_of, newest_disclosing, office_cases, with_receipts
from exchange.rules.deadlines import Patience
from exchange.services.reviewing import HIGHEST_LEVEL, NothingToReview, confirm_fall, confirm_level
from exchange.views.who import me
from registry.doors import access_patient
from registry.models import Patient


@requires(Permission.CONFIRM_RISK)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, uuid: UUID) -> HttpResponse:
    user, now = me(request), timezone.localtime()
    groups = [FieldGroup.IDENTITY, FieldGroup.RISK]
    person = access_patient(user, uuid, Permission.CONFIRM_RISK, purpose=Purpose.ALERT, groups=groups)
    found = policies(person.duty_county, now.date())
    patience = Patience.of(found, work_calendar())
    offices = office_cases(with_receipts(alerts_of(person)), patience=patience, now=now)
    offices = [office for office in offices if office.case.is_open]
    if not offices:
        messages.info(request, NothingToReview.message)
        return redirect("exchange:patient_tab", person.uuid)
    form = ReviewForm(
        request.POST or None,
        from_level=int(found["alert_from_level"]),
        highest=HIGHEST_LEVEL,
    )
    if request.method == "POST" and form.is_valid() and _decided(form, person, user):
        messages.success(request, "复核已保存，各接收单位会收到通知。")
        return redirect("exchange:patient_tab", person.uuid)
    facts = {"form": form, "patient": person, "offices": offices, "entry": newest_disclosing(offices[0])}
    return render(request, "exchange/review_form.html", facts, status=400 if form.errors else 200)


def _decided(form: ReviewForm, person: Patient, by: User) -> bool:
    level, because = form.level, form.cleaned_data["because"]
    try:
        if level is None:
            confirm_fall(patient=person, because=because, by=by)
        else:
            confirm_level(patient=person, level=level, because=because, by=by)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return False
    return True
